"""The end of a turn: the answer is written down, with what it changed and what made it."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from assistant.provenance.making import making
from assistant.provenance.turn import MadeFrom
from store.chats.conversations import ImageRow
from store.hashes import mark

if TYPE_CHECKING:
    from assistant.answers.answer import Answer
    from assistant.settings import Settings
    from assistant.turn.play import Play


@dataclass(frozen=True)
class Outcome:
    """What came of a question.

    Attributes:
        play: what it was answered from.
        rows: the chat's images as they were before it.
        answer: the answer.
        seconds: how long it took.
    """

    play: Play
    rows: Sequence[ImageRow]
    answer: Answer
    seconds: float

    def keep(self, settings: Settings, *, given: bool) -> None:
        """Write it down.

        Args:
            settings: of the installation.
            given: whether the chat model is of the program that uses Casebook.

        Raises:
            SetupError: the database did not take it.
        """
        history, changed = self.play.history, self._changed()
        made_with = making(settings, history.model, given=given, answer=self.answer)
        text = json.dumps(made_with, ensure_ascii=False, sort_keys=True)
        made_from = self._made_from(
            changed, history.conversations.provenances.keep_making(mark(text.encode()), text)
        )
        records = [record for one in self.answer.evidence for record in one.records]
        history.conversations.finish_turn(
            history.chat_id,
            history.turn,
            self.answer.state,
            self.answer.to_json(),
            images=[self._now(row) for row in changed],
            pictures=[record["key"] for record in records if record["kind"] == "picture"],
            provenance=made_from.to_json(),
        )

    def _changed(self) -> list[ImageRow]:
        """The images that are now taken for something else, or looked at elsewhere, as they were."""
        table = self.play.table
        return [
            row for row in self.rows if (now := table.get(row.id)).gate != row.gate or now.index != row.index
        ]

    def _now(self, row: ImageRow) -> ImageRow:
        now = self.play.table.get(row.id)
        return ImageRow(row.id, row.key, now.gate, row.facts, now.index)

    def _made_from(self, changed: Sequence[ImageRow], kept_as: str) -> MadeFrom:
        return MadeFrom(
            before={row.id: _before(row) for row in changed},
            reader=self.play.reader,
            told=len(self.play.told(self.answer.language)),
            upto=self.play.history.upto,
            messages=self.play.messages,
            seconds=self.seconds,
            making=kept_as,
        )


def _before(row: ImageRow) -> dict[str, Any]:
    return {"gate": row.gate.model_dump(mode="json"), "index": row.index}
