"""What answers a question step by step: the planner alone, or a language model above it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any, Protocol

from assistant.turn.most import CONTEXT
from tools.context import CaseTool

if TYPE_CHECKING:
    from langchain_core.language_models import BaseChatModel
    from langchain_core.messages import AnyMessage
    from langchain_core.tools import BaseTool

    from tools.context import CaseContext


class Loop(Protocol):
    """A model and its tools, one after the other until the model answers."""

    def steps(self, messages: Sequence[AnyMessage], context: CaseContext) -> Iterator[tuple[str, Any]]:
        """Answer the last message.

        Args:
            messages: earlier turns and the question.
            context: what the tools see.

        Yields:
            ``("values", {"messages": …})`` with all messages so far after each step, ``("custom", …)`` what a
            tool or the loop tells meanwhile, ``("messages", (chunk, …))`` what a model writes word by word.
        """
        ...


def build_loop(
    model: BaseChatModel | None,
    tools: Sequence[CaseTool | BaseTool],
    *,
    context: int = CONTEXT,
    may_call: bool = True,
) -> Loop:
    """The loop of a model.

    Args:
        model: any LangChain chat model that can bind tools; None for the built-in planner.
        tools: what it may call.
        context: tokens of the context of a model that does not say.
        may_call: whether a language model may call tools; the planner always may.
    """
    # LangChain's loop costs a process a second, and a turn of the planner the most of its time.
    ours = [tool for tool in tools if isinstance(tool, CaseTool)]
    if model is None and len(ours) == len(tools):
        from assistant.turn.planned import PlannerLoop

        return PlannerLoop(ours)
    from assistant.planning.planner import Planner
    from assistant.turn.agent import build_agent

    return build_agent(model or Planner(), tools, context=context, may_call=may_call)
