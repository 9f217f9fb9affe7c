"""The built-in planner takes a turn over and keeps it to its end.

Either a language model could not finish it, or it was not asked because rules decide (``rules``).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from langchain.agents.middleware import ModelRequest, ModelResponse
from langchain_core.messages import AnyMessage, HumanMessage, ToolMessage

from assistant.memory.messages import KEY, SUMMARY_ID
from assistant.middleware.repeats import ALREADY
from assistant.planning.planner import Planner
from tools.language.sayings import FIRST

BY_PLANNER = {KEY: {"by": "planner"}}
"""On the planner's messages in a failed model's place, in ``additional_kwargs``."""

BY_RULES = {KEY: {"by": "rules"}}
"""The same where no model was asked."""


def is_planners(messages: Sequence[AnyMessage]) -> bool:
    """Whether the planner has taken this turn over."""
    for message in reversed(messages):
        if isinstance(message, HumanMessage):
            return False
        if message.additional_kwargs.get(KEY) in (BY_PLANNER[KEY], BY_RULES[KEY]):
            return True
    return False


def language_of(request: ModelRequest[Any]) -> str:
    """The language of the answer that a request is for."""
    return str(getattr(request.runtime.context, "language", FIRST))


def by_planner(
    request: ModelRequest[Any],
    handler: Callable[[ModelRequest[Any]], ModelResponse[Any]],
    *,
    mark: dict[str, dict[str, str]] = BY_PLANNER,
) -> ModelResponse[Any]:
    """The planner's reply, marked; it goes by what the tools said, and not by what a summary says of it."""
    seen = [one for one in request.messages if not _is_for_models(one)]
    response = handler(request.override(model=Planner(), messages=seen))
    for message in response.result:
        message.additional_kwargs = {**message.additional_kwargs, **mark}
    return response


def _is_for_models(message: AnyMessage) -> bool:
    """Whether a message only tells a language model something that the planner knows from the records."""
    if isinstance(message, ToolMessage):
        return message.text == ALREADY
    return str(message.id).startswith(SUMMARY_ID)
