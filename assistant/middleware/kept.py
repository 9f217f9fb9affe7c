"""Do not compute again what an earlier turn of the chat has computed: the same tool on the same image.

A tool whose results never vary says so itself (``tools.context.gives_the_same``). Its result is then taken
from the evidence of the chat as long as the image, the slice, what the image is taken for, the arguments and
the tool's version are the same. Tools that sample, and those that look into the case library, run every time.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping
from typing import Any, cast

from langchain.agents.middleware import AgentMiddleware, ToolCallRequest
from langchain_core.messages import ToolMessage
from langgraph.types import Command

from tools.context import CaseContext, same_results

_NOT_ASKED = ("question", "runtime")
_KEPT = ("image_id", "model", "revision", "records")


class KeptMiddleware(AgentMiddleware[Any, CaseContext, Any]):
    """Answers a tool call from the chat's evidence where that says the same."""

    def wrap_tool_call(
        self, request: ToolCallRequest, handler: Callable[[ToolCallRequest], ToolMessage | Command[Any]]
    ) -> ToolMessage | Command[Any]:
        """Take the result of an earlier turn, or run the tool and mark what its result depends on."""
        key = _key(request)
        if key is None:
            return handler(request)
        kept = cast("CaseContext", request.runtime.context).kept(key)
        if kept is not None:
            return _again(request, key, *kept)
        result = handler(request)
        if isinstance(result, ToolMessage) and isinstance(result.artifact, dict):
            result.artifact["key"] = key
        return result


def _key(request: ToolCallRequest) -> str | None:
    """A digest of all that the result depends on; None where it may be another next time."""
    version = same_results(request.tool)
    call, context = request.tool_call, cast("CaseContext", request.runtime.context)
    image = next((one for one in context.images if one.id == call["args"].get("image_id")), None)
    if version is None or image is None:
        return None
    given = {name: value for name, value in call["args"].items() if name not in _NOT_ASKED}
    depends_on = [call["name"], version, image.key, image.index, image.gate.model_dump(mode="json"), given]
    if given.get("drawn"):
        depends_on.append(repr(image.seen))
    return hashlib.sha256(json.dumps(depends_on, sort_keys=True).encode()).hexdigest()


def _again(request: ToolCallRequest, key: str, turn: int, evidence: Mapping[str, Any]) -> ToolMessage:
    artifact = {"kind": "evidence", "key": key, "computed_in": turn}
    return ToolMessage(
        evidence["content"],
        artifact=artifact | {name: evidence[name] for name in _KEPT},
        tool_call_id=request.tool_call["id"],
        name=request.tool_call["name"],
    )
