"""The built-in planner takes a turn over and keeps it to its end.

Either a language model could not finish it, or it was not asked because the planner decides (``floor``).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from langchain.agents.middleware import ModelRequest, ModelResponse
from langchain_core.messages import AIMessage, AnyMessage, HumanMessage, ToolMessage

from assistant.memory.messages import KEY, PLANNERS_PAST, SUMMARY_ID
from assistant.middleware.marks import BY_PLANNER
from assistant.middleware.orders import NOT_ORDERED
from assistant.middleware.repeats import ALREADY
from assistant.planning.planner import Planner
from tools.language.sayings import FIRST


def is_planners(messages: Sequence[AnyMessage]) -> bool:
    """Whether the planner has taken this turn over."""
    for message in reversed(messages):
        if isinstance(message, HumanMessage):
            return False
        if message.additional_kwargs.get(KEY) == BY_PLANNER[KEY]:
            return True
    return False


def language_of(request: ModelRequest[Any]) -> str:
    """The language of the answer that a request is for."""
    return str(getattr(request.runtime.context, "language", FIRST))


def for_planner(messages: Sequence[AnyMessage]) -> list[AnyMessage]:
    """What the planner goes by: what the tools said, and not what a summary says of it.

    Earlier turns are those that it has without a language model, which may be given fewer.
    """
    last = max((i for i, one in enumerate(messages) if isinstance(one, HumanMessage)), default=None)
    if last is None:
        return list(messages)
    about = messages[last].additional_kwargs.get(KEY, {})
    past = about.get(PLANNERS_PAST, messages[:last])
    return [one for one in (*past, *messages[last:]) if not _is_for_models(one)]


def planners_own(messages: Sequence[AnyMessage]) -> list[AnyMessage]:
    """The same without what a language model called since the question: the planner tells nothing of it."""
    last = max((i for i, one in enumerate(messages) if isinstance(one, HumanMessage)), default=0)
    calls = [
        one for one in messages[last:] if isinstance(one, AIMessage) and KEY not in one.additional_kwargs
    ]
    ids = {call["id"] for one in calls for call in one.tool_calls}
    return [
        one
        for one in for_planner(messages)
        if one not in calls and not (isinstance(one, ToolMessage) and one.tool_call_id in ids)
    ]


def by_planner(
    request: ModelRequest[Any], handler: Callable[[ModelRequest[Any]], ModelResponse[Any]]
) -> ModelResponse[Any]:
    """The planner's reply, marked."""
    response = handler(request.override(model=Planner(), messages=planners_own(request.messages)))
    for message in response.result:
        message.additional_kwargs = {**message.additional_kwargs, **BY_PLANNER}
    return response


def _is_for_models(message: AnyMessage) -> bool:
    """Whether a message only tells a language model something that the planner knows from the records."""
    if isinstance(message, ToolMessage):
        return message.text in (ALREADY, NOT_ORDERED)
    return str(message.id).startswith(SUMMARY_ID)
