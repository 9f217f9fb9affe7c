"""Tell the turn when a tool starts and ends, how long it took, and what it said or why it refused.

This middleware has a tool's call told of (``called``) and puts that on the custom stream.
It does not decide whether a tool runs, and it stores nothing.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, cast

from langchain.agents.middleware import AgentMiddleware, ToolCallRequest
from langchain_core.messages import ToolMessage
from langgraph.types import Command

from assistant.middleware.called import told
from tools.context import CaseContext, ToolTurn

ToolResult = ToolMessage | Command[Any]


class EvidenceMiddleware(AgentMiddleware[Any, CaseContext, Any]):
    """Reports every tool call as events on the custom stream."""

    def wrap_tool_call(
        self, request: ToolCallRequest, handler: Callable[[ToolCallRequest], ToolResult]
    ) -> ToolResult:
        """Run the tool between a started and a finished (or refused) event."""
        turn = ToolTurn(cast("CaseContext", request.runtime.context), request.runtime.stream_writer)
        return told(request.tool_call, turn, lambda: handler(request))
