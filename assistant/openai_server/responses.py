"""A reply in the form of a response, whole or as it comes."""

from __future__ import annotations

import itertools
import time
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import aclosing
from typing import TYPE_CHECKING, Any

from assistant.openai_server.stream import event_line
from assistant.openai_server.threads import response_id

if TYPE_CHECKING:
    from assistant.answers.events import Event
    from assistant.openai_server.reply import Reply


async def whole(events: AsyncGenerator[Event, None], reply: Reply, model: str) -> dict[str, Any]:
    """The response, once it is complete."""
    text = "".join([reply.piece(event) async for event in events])
    return _response(reply, model, text) | {"casebook": reply.data()}


async def streamed(events: AsyncGenerator[Event, None], reply: Reply, model: str) -> AsyncIterator[str]:
    """The response as server-sent events; the last holds the answer as data."""
    count, text = itertools.count(), ""
    async with aclosing(events):
        async for event in events:
            if not (piece := reply.piece(event)):
                continue
            for name, told in () if text else _opening(reply, model):
                yield _line(name, told, next(count))
            text += piece
            delta = _at(reply) | {"delta": piece, "logprobs": []}
            yield _line("response.output_text.delta", delta, next(count))
    for name, told in _closing(reply, model, text):
        yield _line(name, told, next(count))


def _line(name: str, told: dict[str, Any], count: int) -> str:
    return event_line({"type": name, "sequence_number": count, **told}, name)


def _opening(reply: Reply, model: str) -> list[tuple[str, dict[str, Any]]]:
    item = _message(reply, "", "in_progress") | {"content": []}
    begun = {"response": _response(reply, model, None)}
    return [
        ("response.created", begun),
        ("response.in_progress", begun),
        ("response.output_item.added", {"output_index": 0, "item": item}),
        ("response.content_part.added", _at(reply) | {"part": _part("")}),
    ]


def _closing(reply: Reply, model: str, text: str) -> list[tuple[str, dict[str, Any]]]:
    item = _message(reply, text, "completed")
    done = _response(reply, model, text) | {"casebook": reply.data()}
    return [
        ("response.output_text.done", _at(reply) | {"text": text, "logprobs": []}),
        ("response.content_part.done", _at(reply) | {"part": _part(text)}),
        ("response.output_item.done", {"output_index": 0, "item": item}),
        ("response.completed", {"response": done}),
    ]


def _at(reply: Reply) -> dict[str, Any]:
    return {"item_id": f"msg_{reply.turn_id}", "output_index": 0, "content_index": 0}


def _part(text: str) -> dict[str, Any]:
    return {"type": "output_text", "text": text, "annotations": [], "logprobs": []}


def _message(reply: Reply, text: str, status: str) -> dict[str, Any]:
    named = {"id": f"msg_{reply.turn_id}", "type": "message", "role": "assistant", "status": status}
    return named | {"content": [_part(text)]}


def _response(reply: Reply, model: str, text: str | None) -> dict[str, Any]:
    """The response; None for the text of one that is in progress."""
    status = "in_progress" if text is None else "completed"
    return {
        "id": response_id(reply.turn_id),
        "object": "response",
        "created_at": int(time.time()),
        "status": status,
        "model": model,
        "output": [] if text is None else [_message(reply, text, "completed")],
        "error": None,
        "incomplete_details": None,
        "instructions": None,
        "metadata": {},
        "parallel_tool_calls": False,
        "tool_choice": "none",
        "tools": [],
        "temperature": None,
        "top_p": None,
    }
