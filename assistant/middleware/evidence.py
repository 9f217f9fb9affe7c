"""Tell the turn when a tool starts and ends, how long it took, and what it said or why it refused.

This middleware turns a tool's outcome into `Evidence` or `Refused` and puts it on the custom stream.
It does not decide whether a tool runs, and it stores nothing.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any, cast

from langchain.agents.middleware import AgentMiddleware, ToolCallRequest
from langchain_core.messages import ToolMessage
from langgraph.types import Command

from assistant.answers.answer import Evidence, Refused
from assistant.answers.events import ToolFinished, ToolRefused, ToolStarted
from assistant.middleware.stopping import Stopped
from tools.context import CaseContext

ToolResult = ToolMessage | Command[Any]


class EvidenceMiddleware(AgentMiddleware[Any, CaseContext, Any]):
    """Reports every tool call as events on the custom stream."""

    def wrap_tool_call(
        self, request: ToolCallRequest, handler: Callable[[ToolCallRequest], ToolResult]
    ) -> ToolResult:
        """Run the tool between a started and a finished (or refused) event."""
        context = cast("CaseContext", request.runtime.context)
        if context.cancelled.is_set():
            raise Stopped
        call = request.tool_call
        args = {name: value for name, value in call["args"].items() if name != "runtime"}
        image_id = str(args.get("image_id", ""))
        emit = request.runtime.stream_writer
        emit(ToolStarted(call["name"], image_id))
        start = time.perf_counter()
        result = handler(request)
        seconds = round(time.perf_counter() - start, 3)
        if isinstance(result, ToolMessage):
            emit(outcome(result, call["name"], args, seconds))
        return result


def outcome(
    message: ToolMessage, tool: str, args: dict[str, Any], seconds: float
) -> ToolFinished | ToolRefused:
    """What a tool's message says, as an event.

    Args:
        message: the tool's result or refusal.
        tool: its name.
        args: what it was called with.
        seconds: how long it took.
    """
    image_id = str(args.get("image_id", ""))
    content, call_id = str(message.content), message.tool_call_id
    if message.status == "error":
        return ToolRefused(Refused(tool, image_id, content, args, call_id))
    artifact = message.artifact if isinstance(message.artifact, dict) else {}
    return ToolFinished(
        Evidence(
            tool=tool,
            image_id=str(artifact.get("image_id", image_id)),
            model=str(artifact.get("model", tool)),
            revision=str(artifact.get("revision", "unknown")),
            seconds=seconds,
            content=content,
            records=tuple(artifact.get("records", ())),
            args=args,
            call_id=call_id,
            key=str(artifact.get("key", "")),
            computed_in=artifact.get("computed_in"),
        )
    )
