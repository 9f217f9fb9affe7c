"""The one `create_agent` loop, for any chat model. Which model and which tools is decided by the caller."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, cast

from langchain.agents import create_agent
from langchain.agents.middleware import AgentMiddleware, ToolCallRequest, ToolErrorMiddleware
from langchain_core.language_models import BaseChatModel
from langchain_core.messages import AnyMessage
from langchain_core.tools import BaseTool
from langgraph.graph.state import CompiledStateGraph

from assistant.middleware.budget import BudgetMiddleware
from assistant.middleware.evidence import EvidenceMiddleware
from assistant.middleware.floor import FloorMiddleware
from assistant.middleware.kept import KeptMiddleware
from assistant.middleware.limits import LimitMiddleware
from assistant.middleware.listening import Listener
from assistant.middleware.meant import keep_endings_quiet
from assistant.middleware.orders import OrderMiddleware
from assistant.middleware.repeats import RepeatMiddleware
from assistant.middleware.stopping import StopMiddleware
from assistant.planning.planner import Planner
from assistant.turn.most import CONTEXT, MAX_MODEL_CALLS, MAX_TOOL_CALLS
from prompts import render
from store.errors import ToolUseError
from tools.context import CaseContext, CaseTool
from tools.for_langchain import for_langchain


@dataclass(frozen=True)
class AgentLoop:
    """LangChain's loop; ``assistant.turn.loop`` says what it gives."""

    graph: CompiledStateGraph[Any, Any, Any, Any]

    def steps(self, messages: Sequence[AnyMessage], context: CaseContext) -> Iterator[tuple[str, Any]]:
        """Answer the last message."""
        stream = self.graph.stream(
            {"messages": list(messages)},
            {"callbacks": [Listener(context.cancelled)]},
            context=context,
            stream_mode=["messages", "custom", "values"],
        )
        return cast("Iterator[tuple[str, Any]]", stream)


def build_agent(
    model: BaseChatModel,
    tools: Sequence[CaseTool | BaseTool],
    *,
    context: int = CONTEXT,
    may_call: bool = True,
) -> AgentLoop:
    """Build the loop: model ⇄ tools until the model answers.

    Args:
        model: any LangChain chat model that can bind tools; the built-in planner by default.
        tools: what it may call.
        context: tokens of the context of a model that does not say.
        may_call: whether a language model may call tools; the planner always may.
    """
    keep_endings_quiet()
    # before_* run first to last; of wrap_* the first is outermost; after_* run last to first.
    # Kept is inside Evidence, which tells of its results too.
    # Evidence is outside ToolError so that it sees a refusal as the message the model gets.
    # Floor is outside Budget: what it decides, no language model is asked.
    composing: tuple[AgentMiddleware[Any, Any, Any], ...] = ()
    if not isinstance(model, Planner):
        floor = FloorMiddleware(may_call=may_call)
        composing = (RepeatMiddleware(), OrderMiddleware(), floor, BudgetMiddleware(context))
    middleware: list[AgentMiddleware[Any, Any, Any]] = [
        StopMiddleware(),
        LimitMiddleware(model_calls=MAX_MODEL_CALLS, tool_calls=MAX_TOOL_CALLS),
        *composing,
        EvidenceMiddleware(),
        KeptMiddleware(),
        ToolErrorMiddleware(_for_the_model),
    ]
    graph = create_agent(
        model,
        [for_langchain(tool) if isinstance(tool, CaseTool) else tool for tool in tools],
        system_prompt=render("system"),
        middleware=middleware,
        context_schema=CaseContext,
    )
    return AgentLoop(graph)


def _for_the_model(error: Exception, _request: ToolCallRequest) -> str | None:
    return str(error) if isinstance(error, ToolUseError) else None
