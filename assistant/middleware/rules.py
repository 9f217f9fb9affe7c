"""Let the built-in planner answer what rules alone may answer, before a language model is asked.

Danger, harm, somebody's health, care and identity: the phrases are the planner's (``assistant.planning``),
and so is the whole turn. The language model is not called. Every other turn passes unchanged.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from langchain.agents.middleware import AgentMiddleware, ModelRequest, ModelResponse
from langchain_core.messages import AnyMessage

from assistant.middleware.taking_over import BY_RULES, by_planner
from assistant.planning.conversation import read_conversation
from assistant.planning.danger import is_ruled


class RulesMiddleware(AgentMiddleware[Any, Any, Any]):
    """Puts the planner in a language model's place for a whole turn where rules decide."""

    def wrap_model_call(
        self, request: ModelRequest[Any], handler: Callable[[ModelRequest[Any]], ModelResponse[Any]]
    ) -> ModelResponse[Any]:
        """Call the planner or the model."""
        if is_for_rules(request.messages):
            return by_planner(request, handler, mark=BY_RULES)
        return handler(request)


def is_for_rules(messages: Sequence[AnyMessage]) -> bool:
    """Whether the last question is one that rules alone may answer.

    Args:
        messages: of the loop; the last question among them is enough.
    """
    return is_ruled(read_conversation(messages, {}))
