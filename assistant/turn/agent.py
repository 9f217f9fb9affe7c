"""The one `create_agent` loop. Which model and which tools is decided by the caller."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from langchain.agents import create_agent
from langchain.agents.middleware import AgentMiddleware, ToolCallRequest, ToolErrorMiddleware
from langchain_core.language_models import BaseChatModel
from langchain_core.tools import BaseTool
from langgraph.graph.state import CompiledStateGraph

from assistant.middleware.budget import BudgetMiddleware
from assistant.middleware.evidence import EvidenceMiddleware
from assistant.middleware.floor import FloorMiddleware
from assistant.middleware.kept import KeptMiddleware
from assistant.middleware.limits import LimitMiddleware
from assistant.middleware.meant import keep_endings_quiet
from assistant.middleware.orders import OrderMiddleware
from assistant.middleware.repeats import RepeatMiddleware
from assistant.middleware.stopping import StopMiddleware
from assistant.planning.planner import Planner
from prompts import render
from store.errors import ToolUseError
from tools.context import CaseContext

MAX_MODEL_CALLS = 8
MAX_TOOL_CALLS = 40
# Ours: what small models of today have at least.
CONTEXT = 8192


def build_agent(
    model: BaseChatModel, tools: Sequence[BaseTool], *, context: int = CONTEXT, may_call: bool = True
) -> CompiledStateGraph[Any, Any, Any, Any]:
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
    return create_agent(
        model,
        list(tools),
        system_prompt=render("system"),
        middleware=middleware,
        context_schema=CaseContext,
    )


def _for_the_model(error: Exception, _request: ToolCallRequest) -> str | None:
    return str(error) if isinstance(error, ToolUseError) else None
