"""Do not compute again what an earlier turn of the chat has computed (``called`` says when that is)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, cast

from langchain.agents.middleware import AgentMiddleware, ToolCallRequest
from langchain_core.messages import ToolMessage
from langgraph.types import Command

from assistant.middleware.called import once
from tools.context import CaseContext


class KeptMiddleware(AgentMiddleware[Any, CaseContext, Any]):
    """Answers a tool call from the chat's evidence where that says the same."""

    def wrap_tool_call(
        self, request: ToolCallRequest, handler: Callable[[ToolCallRequest], ToolMessage | Command[Any]]
    ) -> ToolMessage | Command[Any]:
        """Take the result of an earlier turn, or run the tool and mark what its result depends on."""
        context = cast("CaseContext", request.runtime.context)
        about = request.tool.metadata if request.tool else None
        return once(request.tool_call, about, context, lambda: handler(request))
