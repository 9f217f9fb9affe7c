"""Keep what a chat model is given within its context, and mark in it what is data.

The question, what the tools said to it, and the system text are always there. Where room is short, whole
earlier turns are left out, the oldest first; then the longest tool results are cut, with a remark. This
file decides for one call; what a chat remembers in the long run is ``assistant.turn.history``'s. The built-in
planner has no context to overflow and reads records: it passes unchanged.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, cast

from langchain.agents.middleware import AgentMiddleware, ModelRequest, ModelResponse
from langchain_core.language_models import BaseChatModel
from langchain_core.messages import AIMessage, AnyMessage, BaseMessage, HumanMessage, ToolMessage
from langchain_core.tools import BaseTool
from langchain_core.utils.function_calling import convert_to_openai_tool

from assistant.answers.marks import as_data, shortened
from assistant.llm.control import harmless
from assistant.llm.endings import LEAST_ROOM
from assistant.llm.loading import UnusableError
from assistant.memory.estimated import CHARS_PER_TOKEN, estimated
from assistant.planning.planner import Planner

# Ours: a sixth of the context is an answer of some length; more would crowd out what it rests on.
_ANSWER = 6
_LEAST_CHARS = 120

Tools = Sequence[BaseTool | dict[str, Any]]


@dataclass(frozen=True)
class Budget:
    """The room of one chat model.

    Attributes:
        model: the chat model; asked for its ``context_length`` and ``count_tokens`` if it has them.
        otherwise: tokens of its context if it does not say.
    """

    model: BaseChatModel
    otherwise: int

    @property
    def context(self) -> int:
        """Tokens of the context."""
        return int(getattr(self.model, "context_length", self.otherwise))

    @property
    def room(self) -> int:
        """Tokens of the context that a prompt may take."""
        return self.context - max(LEAST_ROOM, self.context // _ANSWER)

    @staticmethod
    def needed(prompt: int) -> int:
        """Tokens of the smallest context that has room for a prompt of so many."""
        return max(prompt + LEAST_ROOM, prompt + -(-prompt // (_ANSWER - 1)))

    def count(self, messages: Sequence[BaseMessage], tools: Tools = ()) -> int:
        """Tokens of a prompt: the model's own count, or a careful estimate by characters."""
        own = getattr(self.model, "count_tokens", None)
        if not messages:  # some templates cannot write an empty chat
            return 0
        if own is not None:
            return int(own(messages, tools))
        return estimated(messages) + sum(map(_estimate_tool, tools))


class BudgetMiddleware(AgentMiddleware[Any, Any, Any]):
    """Fits every prompt into the context of the model.

    Args:
        context: tokens of the context of a model that does not say.
    """

    def __init__(self, context: int) -> None:
        super().__init__()
        self._context = context

    def wrap_model_call(
        self, request: ModelRequest[Any], handler: Callable[[ModelRequest[Any]], ModelResponse[Any]]
    ) -> ModelResponse[Any]:
        """Call the model with what fits.

        Raises:
            UnusableError: not even the question fits.
        """
        if isinstance(request.model, Planner):
            return handler(request)
        marked = [_marked(message) for message in request.messages]
        budget = Budget(request.model, self._context)
        system = [request.system_message] if request.system_message else []

        def tokens(messages: Sequence[AnyMessage]) -> int:
            return budget.count([*system, *messages], cast("Tools", request.tools))

        return handler(request.override(messages=fitted(marked, tokens, budget)))


def fitted(
    messages: Sequence[AnyMessage], tokens: Callable[[Sequence[AnyMessage]], int], budget: Budget
) -> list[AnyMessage]:
    """The messages that fit: all, or those without the oldest turns and with shorter tool results.

    Args:
        messages: of the conversation.
        tokens: counts those of messages, with the instructions and the tools.
        budget: the room there is.

    Raises:
        UnusableError: not even the question fits.
    """
    kept = list(messages)
    while (count := tokens(kept)) > budget.room:
        begins = [i for i, message in enumerate(kept) if isinstance(message, HumanMessage)]
        if len(begins) > 1:
            kept = kept[begins[1] :]
        elif not _shorten_longest(kept):
            raise UnusableError(
                f"The chat model sees {budget.context} tokens at once. The question, the instructions and "
                f"the tools need {Budget.needed(count)}. Set CASEBOOK_LLM_CONTEXT to that many or more, if "
                "the model has them, or ask in fewer words."
            )
    return kept


def _shorten_longest(messages: list[AnyMessage]) -> bool:
    """Halve the longest tool result; False if none is left to shorten."""
    results = [i for i, message in enumerate(messages) if isinstance(message, ToolMessage)]
    longest = max(results, key=lambda i: len(messages[i].text), default=None)
    if longest is None or len(messages[longest].text) <= 2 * _LEAST_CHARS:
        return False
    message = messages[longest]
    cut = shortened(message.text, max(_LEAST_CHARS, len(message.text) // 2 - _LEAST_CHARS))
    messages[longest] = message.model_copy(update={"content": cut})
    return True


def _marked(message: AnyMessage) -> AnyMessage:
    """A tool's result as data between marks; no message with what a chat template writes between messages."""
    text = as_data(message.text) if isinstance(message, ToolMessage) else message.text
    update: dict[str, Any] = {"content": harmless(text)}
    if isinstance(message, AIMessage) and message.tool_calls:
        # The planner's calls hold the user's words.
        update["tool_calls"] = [call | {"args": _harmless(call["args"])} for call in message.tool_calls]
    same = all(getattr(message, name) == value for name, value in update.items())
    return message if same else message.model_copy(update=update)


def _harmless(value: Any) -> Any:
    """Arguments of a call, every text in them without what a template writes between messages."""
    if isinstance(value, dict):
        return {name: _harmless(one) for name, one in value.items()}
    if isinstance(value, list):
        return [_harmless(one) for one in value]
    return harmless(value) if isinstance(value, str) else value


def _estimate_tool(tool: BaseTool | dict[str, Any]) -> int:
    return len(str(convert_to_openai_tool(tool))) // CHARS_PER_TOKEN
