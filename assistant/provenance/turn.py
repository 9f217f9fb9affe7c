"""What one answer was made from: its inputs, and under which mark what it was made with is kept."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Self

from store.hashes import mark

if TYPE_CHECKING:
    from langchain_core.messages import AnyMessage


@dataclass(frozen=True)
class MadeFrom:
    """The inputs of one answer.

    Attributes:
        before: of the images that the turn changed, what they were taken for (`gate`) and which slice was
            looked at (`index`) before it, by id.
        reader: the reading model that was asked for by name, or None.
        told: how many of the answer's notices were said of the question and its files as they came.
        upto: the last turn in the summary that the model was shown; 0 without one.
        messages: the mark of all messages that the model was given of this chat.
        seconds: how long the answer took.
        making: the mark under which it is kept what it was made with.
    """

    before: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    reader: str | None = None
    told: int = 0
    upto: int = 0
    messages: str = ""
    seconds: float = 0.0
    making: str = ""

    def to_json(self) -> str:
        """The stored form."""
        return json.dumps(vars(self))

    @classmethod
    def from_json(cls, text: str) -> Self:
        """Rebuild the stored form."""
        return cls(**json.loads(text))


def messages_mark(messages: Sequence[AnyMessage]) -> str:
    """The mark of what a model is given: who says what, and which tools were called."""
    return mark(json.dumps([_said(one) for one in messages], sort_keys=True, default=_said).encode())


def _said(one: Any) -> Any:
    """A message as the mark has it, also one that another message carries for the planner."""
    from langchain_core.messages import BaseMessage

    if isinstance(one, BaseMessage):
        return [one.type, one.content, getattr(one, "tool_calls", []), one.additional_kwargs]
    return str(one)
