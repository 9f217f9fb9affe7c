"""Keep to the built-in planner what follows an order: another slice, another kind, a quiz, a saved case.

Such a call changes what later turns see, so a language model that makes it without an order could make every
later answer worse. The planner hears orders before a model is asked.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from langchain.agents.middleware import AgentMiddleware, ToolCallRequest
from langchain_core.messages import ToolMessage
from langgraph.types import Command

from assistant.memory.messages import KEY
from assistant.planning.calls import ON_ORDER

NOT_ORDERED = (
    "Not run: only the user's own order changes a slice, a kind, a quiz or the case library, and orders were "
    "followed before you were asked. Answer from what there is."
)


class OrderMiddleware(AgentMiddleware[Any, Any, Any]):
    """Tells the model that it cannot do what nobody ordered."""

    def wrap_tool_call(
        self, request: ToolCallRequest, handler: Callable[[ToolCallRequest], ToolMessage | Command[Any]]
    ) -> ToolMessage | Command[Any]:
        """Run the tool, unless it follows orders and a language model calls it."""
        call = request.tool_call
        by_planner = KEY in request.state["messages"][-1].additional_kwargs
        if by_planner or call["name"] not in ON_ORDER:
            return handler(request)
        return ToolMessage(NOT_ORDERED, tool_call_id=call["id"], name=call["name"])
