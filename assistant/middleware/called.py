"""A tool call as every loop runs it: told of when it starts and ends, and not run where it was before.

A tool whose results never vary says so itself (``tools.context.gives_the_same``). Its result is then taken
from the evidence of the chat as long as the image, the slice, what the image is taken for, the arguments and
the tool's version are the same. Tools that sample, and those that look into the case library, run every time.
"""

from __future__ import annotations

import hashlib
import json
import time
from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from langchain_core.messages import ToolCall, ToolMessage

from assistant.answers.answer import Evidence, Refused
from assistant.answers.events import ToolFinished, ToolRefused, ToolStarted
from assistant.middleware.marks import Stopped
from tools.context import HANDED, CaseContext, ToolTurn, same_results

_NOT_ASKED = ("question", HANDED)
_KEPT = ("image_id", "model", "revision", "records")
_Result = TypeVar("_Result")


def told(call: ToolCall, turn: ToolTurn, run: Callable[[], _Result]) -> _Result:
    """Run a tool between a started and a finished (or refused) event.

    Args:
        call: the call.
        turn: the turn that it is made in.
        run: runs it.

    Raises:
        Stopped: the turn was stopped before.
    """
    if turn.context.cancelled.is_set():
        raise Stopped
    args = {name: value for name, value in call["args"].items() if name != HANDED}
    turn.stream_writer(ToolStarted(call["name"], str(args.get("image_id", ""))))
    start = time.perf_counter()
    result = run()
    seconds = round(time.perf_counter() - start, 3)
    if isinstance(result, ToolMessage):
        turn.stream_writer(outcome(result, call["name"], args, seconds))
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


def once(
    call: ToolCall, about: Mapping[str, Any] | None, context: CaseContext, run: Callable[[], _Result]
) -> _Result | ToolMessage:
    """Take the result of an earlier turn, or run the tool and mark what its result depends on.

    Args:
        call: the call.
        about: the tool's metadata; None where there is no such tool.
        context: what the tool may see.
        run: runs it.
    """
    key = _key(call, about, context)
    if key is None:
        return run()
    if (kept := context.kept(key)) is not None:
        return _again(call, key, *kept)
    result = run()
    if isinstance(result, ToolMessage) and isinstance(result.artifact, dict):
        result.artifact["key"] = key
    return result


def _key(call: ToolCall, about: Mapping[str, Any] | None, context: CaseContext) -> str | None:
    """A digest of all that the result depends on; None where it may be another next time."""
    version = same_results(about)
    image = next((one for one in context.images if one.id == call["args"].get("image_id")), None)
    if version is None or image is None:
        return None
    given = {name: value for name, value in call["args"].items() if name not in _NOT_ASKED}
    depends_on = [call["name"], version, image.key, image.index, image.gate.model_dump(mode="json"), given]
    if given.get("drawn"):
        depends_on.append(repr(image.seen))
    return hashlib.sha256(json.dumps(depends_on, sort_keys=True).encode()).hexdigest()


def _again(call: ToolCall, key: str, turn: int, evidence: Mapping[str, Any]) -> ToolMessage:
    artifact = {"kind": "evidence", "key": key, "computed_in": turn}
    return ToolMessage(
        evidence["content"],
        artifact=artifact | {name: evidence[name] for name in _KEPT},
        tool_call_id=call["id"],
        name=call["name"],
    )
