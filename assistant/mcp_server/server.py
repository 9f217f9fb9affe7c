"""The server: every tool is a question to a chat, so that it is answered, kept and limited as on the page."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import aclosing
from importlib.metadata import version
from typing import TYPE_CHECKING, Any

from anyio.to_thread import run_sync
from mcp.server import Server, ServerRequestContext
from mcp_types import (
    CallToolRequestParams,
    CallToolResult,
    ListToolsResult,
    PaginatedRequestParams,
    Tool,
    ToolAnnotations,
)

from assistant.answers.events import Event, Finished, ToolStarted, Waiting
from assistant.doorway.answer_shape import AnswerShape
from assistant.doorway.asking import Asking
from assistant.doorway.pictures import as_png, pictures_of
from assistant.mcp_server.arguments import Asked, understood
from assistant.mcp_server.catalogue import INSTRUCTIONS, TOOLS
from assistant.mcp_server.meant import meant
from assistant.mcp_server.results import refused, told
from assistant.mcp_server.roots import Roots
from store.errors import CasebookError, CaseError
from tools.language.sayings import say

if TYPE_CHECKING:
    from assistant.answers.answer import Answer
    from assistant.chat import Assistant
    from assistant.turn.intake import Source

OWNER = "mcp"
"""Whose chats they are that programs hold over the protocol."""

Context = ServerRequestContext[Any, Any]


def build_server(assistant: Assistant, roots: Roots) -> Server[Any]:
    """The server of an installation.

    Args:
        assistant: the installation's.
        roots: which files may be named.
    """
    asking = Asking(assistant.for_owner(OWNER))

    async def call(ctx: Context, params: CallToolRequestParams) -> CallToolResult:
        try:
            return await _called(asking, roots, ctx, params)
        except CasebookError as error:
            return refused(error)

    return Server(
        "casebook",
        version=version("casebook"),
        instructions=INSTRUCTIONS,
        on_list_tools=_listed,
        on_call_tool=call,
    )


async def _listed(_ctx: Context, _params: PaginatedRequestParams | None) -> ListToolsResult:
    shape = AnswerShape.model_json_schema()
    return ListToolsResult(
        tools=[
            Tool(
                name=name,
                description=one.about,
                input_schema=one.takes.model_json_schema(),
                output_schema=shape,
                annotations=ToolAnnotations(destructive_hint=False, open_world_hint=False),
            )
            for name, one in TOOLS.items()
        ]
    )


async def _called(
    asking: Asking, roots: Roots, ctx: Context, params: CallToolRequestParams
) -> CallToolResult:
    name = params.name
    if name not in TOOLS:
        raise CaseError(f"There is no tool of this name. Tools: {', '.join(TOOLS)}.")
    asked = understood(name, TOOLS[name].takes, params.arguments or {}).asked()
    files = [roots.find(one) if isinstance(one, str) else one for one in asked.files]
    assistant = asking.assistant
    asked = await run_sync(meant, assistant, asked)
    answer = await _answer(asking, asked, files, ctx)
    return await run_sync(lambda: told(answer, _pictures(assistant, answer, asked)))


async def _answer(asking: Asking, asked: Asked, files: Sequence[Source], ctx: Context) -> Answer:
    """The answer; until there is one, the program is told what is being done."""
    steps = 0
    async with aclosing(asking.events(asked.chat, asked.question, files, asked.reader)) as events:
        async for event in events:
            if isinstance(event, Finished):
                return event.answer
            if words := _doing(event):
                steps += 1
                await ctx.session.report_progress(steps, None, words)
    raise AssertionError("a turn ends with its answer")


def _doing(event: Event) -> str:
    if isinstance(event, Waiting):
        return event.text
    if isinstance(event, ToolStarted):
        image = event.image_id or say("progress.the_picture")
        return say("progress.other", tool=event.tool, image=image)
    return ""


def _pictures(assistant: Assistant, answer: Answer, asked: Asked) -> Iterator[tuple[str, bytes]]:
    if asked.shows:
        attached = {image.id for image in answer.images}
        for image in assistant.chat(answer.chat_id).images():
            if image.id == asked.image or (not asked.image and image.id in attached):
                yield image.id, as_png(image.image.plain)
    yield from pictures_of(assistant, answer)
