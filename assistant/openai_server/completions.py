"""A reply in the form of a chat completion, whole or as it comes."""

from __future__ import annotations

import time
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import aclosing
from typing import TYPE_CHECKING, Any

from assistant.openai_server.stream import event_line

if TYPE_CHECKING:
    from assistant.answers.events import Event
    from assistant.openai_server.reply import Reply


async def whole(events: AsyncGenerator[Event, None], reply: Reply, model: str) -> dict[str, Any]:
    """The completion, once it is complete."""
    text = "".join([reply.piece(event) async for event in events])
    message = {"role": "assistant", "content": text, "refusal": None}
    choice = {"index": 0, "message": message, "finish_reason": "stop", "logprobs": None}
    return _head(reply, model, "chat.completion", [choice]) | {"casebook": reply.data()}


async def streamed(events: AsyncGenerator[Event, None], reply: Reply, model: str) -> AsyncIterator[str]:
    """The completion as server-sent events; the last chunk holds the answer as data."""
    role = {"role": "assistant"}
    async with aclosing(events):
        async for event in events:
            if piece := reply.piece(event):
                yield event_line(_chunk(reply, model, role | {"content": piece}))
                role = {}
    yield event_line(_chunk(reply, model, {}, end="stop") | {"casebook": reply.data()})
    yield "data: [DONE]\n\n"


def _chunk(reply: Reply, model: str, delta: dict[str, str], end: str | None = None) -> dict[str, Any]:
    choice = {"index": 0, "delta": delta, "finish_reason": end, "logprobs": None}
    return _head(reply, model, "chat.completion.chunk", [choice])


def _head(reply: Reply, model: str, kind: str, choices: list[dict[str, Any]]) -> dict[str, Any]:
    name = f"chatcmpl-{reply.turn_id}"
    return {"id": name, "object": kind, "created": int(time.time()), "model": model, "choices": choices}
