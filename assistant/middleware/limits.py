"""End a turn that goes round in circles: so many model calls and so many tool calls, then no more.

Where a language model used up its calls, the built-in planner answers from what the tools said.

LangChain ships middleware for this. It counts in graph nodes of its own, and those nodes took half of
the loop's time (``python -m tests.bench.turns``); this counts in the calls themselves. It does not
look at time or at Stop.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Sequence
from typing import Any

from langchain.agents.middleware import AgentMiddleware, ModelRequest, ModelResponse, ToolCallRequest
from langchain_core.messages import AIMessage, AnyMessage, BaseMessage, HumanMessage, ToolMessage
from langgraph.types import Command

from assistant.answers.events import Retracted
from assistant.middleware.marks import TOO_MANY_TOOL_CALLS
from assistant.middleware.taking_over import by_planner, is_planners, language_of
from assistant.planning.planner import Planner
from tools.language.sayings import say


class LimitMiddleware(AgentMiddleware[Any, Any, Any]):
    """Ends the loop after `model_calls`; refuses tools after `tool_calls`. Both count from the question."""

    def __init__(self, *, model_calls: int, tool_calls: int) -> None:
        super().__init__()
        self._model_calls = model_calls
        self._tool_calls = tool_calls

    def wrap_model_call(
        self, request: ModelRequest[Any], handler: Callable[[ModelRequest[Any]], ModelResponse[Any]]
    ) -> ModelResponse[Any] | AIMessage:
        """Call the model; or the planner in its place; or end the loop with a sentence."""
        count = _count_since_question(request.messages, AIMessage)
        if count < self._model_calls:
            return handler(request)
        if isinstance(request.model, Planner) or count >= 2 * self._model_calls:
            return AIMessage(say("turn.too_many_steps", language_of(request)))
        if not is_planners(request.messages):
            request.runtime.stream_writer(
                Retracted(say("turn.steps_taken_over", language_of(request), steps=count))
            )
        return by_planner(request, handler)

    def wrap_tool_call(
        self, request: ToolCallRequest, handler: Callable[[ToolCallRequest], ToolMessage | Command[Any]]
    ) -> ToolMessage | Command[Any]:
        """Run the tool, or tell the model that it has to do without."""
        messages = request.state["messages"]
        together = [call["id"] for call in messages[-1].tool_calls]
        before = _count_since_question(messages, ToolMessage) + together.index(request.tool_call["id"])
        if before < self._tool_calls:
            return handler(request)
        call = request.tool_call
        return ToolMessage(TOO_MANY_TOOL_CALLS, tool_call_id=call["id"], name=call["name"], status="error")


def _count_since_question(messages: Sequence[AnyMessage], kind: type[BaseMessage]) -> int:
    since = itertools.takewhile(lambda message: not isinstance(message, HumanMessage), reversed(messages))
    return sum(isinstance(message, kind) for message in since)
