"""How many tokens messages take of a model that is not asked: a careful estimate by characters."""

from __future__ import annotations

from collections.abc import Sequence

from langchain_core.messages import AIMessage, BaseMessage

# Ours: no tokenizer of a chat model makes more than one token of three characters of English on average.
CHARS_PER_TOKEN = 3
# Ours: the marks of roles and tools that chat templates put around a message.
_PER_MESSAGE = 8


def estimated(messages: Sequence[BaseMessage]) -> int:
    """Tokens of messages."""
    return sum(map(_estimate, messages))


def _estimate(message: BaseMessage) -> int:
    calls = str(message.tool_calls) if isinstance(message, AIMessage) and message.tool_calls else ""
    # Bytes, not characters: other scripts take more tokens.
    return _PER_MESSAGE + (len(message.text.encode()) + len(calls)) // CHARS_PER_TOKEN
