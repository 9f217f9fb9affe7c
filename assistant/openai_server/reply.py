"""An answer as a text that grows: the general disclaimer, words as they come, then all else and the mark."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from assistant.answers.events import Event, Finished, Retracted, Started, Text
from assistant.answers.outside import for_outside
from assistant.doorway.answer_shape import shaped
from assistant.openai_server.threads import mark_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from assistant.answers.answer import Answer
    from assistant.openai_server.requests import Said

_TAKEN_BACK = "\n\n[Taken back. The answer begins again:]\n\n"


@dataclass
class Reply:
    """The reply to the last message of a conversation.

    Attributes:
        said: the conversation.
        turn_id: known once the turn has begun.
        answer: known at the end.
    """

    said: Sequence[Said]
    turn_id: str = ""
    answer: Answer | None = None
    _words: str = ""
    _shown: str = ""

    def piece(self, event: Event) -> str:
        """The next piece of the text; "" for an event that adds none."""
        if isinstance(event, Started):
            self.turn_id = event.turn_id
            # Written once for good: of kinds of images, which the turn may come to see otherwise, at the end.
            self._shown = f"⚠ {event.disclaimers[0]}"
            return f"{self._shown}\n\n"
        if isinstance(event, Text):
            self._words += event.delta
            return event.delta
        if isinstance(event, Retracted):
            return self._taken_back()
        return self._end(event.answer) if isinstance(event, Finished) else ""

    def data(self) -> dict[str, Any]:
        """The finished answer as data."""
        if self.answer is None:
            raise AssertionError("a turn ends with its answer")
        return shaped(self.answer)

    def _taken_back(self) -> str:
        told, self._words = self._words, ""
        return _TAKEN_BACK if told else ""

    def _end(self, answer: Answer) -> str:
        self.answer, self.turn_id = answer, answer.turn_id
        told = ""
        if self._words.strip() != answer.text:
            told = self._taken_back() + answer.text
        more = str(for_outside(answer)).removeprefix(answer.text)
        rest = "\n".join(line for line in more.splitlines() if line != self._shown).rstrip()
        return f"{told}{rest}\n\n{mark_of(answer.turn_id, self.said)}"
