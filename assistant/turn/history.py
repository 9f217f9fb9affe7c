"""What a turn has to do with the turns before it: what the model sees of them, and what they had in evidence.

A chat model sees the latest turns as they were and a summary of the older ones. They are folded into the
summary many at a time, so that between two folds every prompt begins with the one before it; and the summary
is kept, so that a turn costs the same however long the chat is. The built-in planner sees the last few turns.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import reduce
from typing import TYPE_CHECKING, Any

from assistant.answers.answer import Answer
from assistant.memory.estimated import CHARS_PER_TOKEN, estimated
from assistant.memory.messages import (
    KEY,
    PLANNERS_PAST,
    kept_answer,
    past_messages,
    question_message,
    summary_messages,
)
from assistant.memory.summary import Summary
from assistant.planning.conversation import ONCE
from assistant.planning.danger import REMEMBERED
from store.chats.conversations import Conversations, TurnRow
from store.records import Record, parse_record
from tools.context import ImageTable
from tools.language.sayings import FIRST, languages, say

if TYPE_CHECKING:
    from langchain_core.language_models import BaseChatModel
    from langchain_core.messages import AnyMessage

    from assistant.settings import Settings

# Ours: shares of the context. System text, tools and what they say now need the larger part of a small one.
_PAST, _SUMMARY = 0.3, 0.12


_SECOND = 2
"""The number of a chat's second turn."""


@dataclass
class History:
    """The turns of one chat before one question.

    Attributes:
        conversations: where they are kept.
        settings: how many turns are seen again, and the context of a model that does not say.
        model: the chat model; None for the built-in planner.
        chat_id: the chat.
        turn: the turn of the question.
        upto: the last turn in the summary that the model is shown. For a question that is asked again it is
            given, and the summary is made as it was then; otherwise it is known once the messages were made.
        again: whether the question is asked again; nothing is kept then.
    """

    conversations: Conversations
    settings: Settings
    model: BaseChatModel | None
    chat_id: str
    turn: TurnRow
    upto: int = 0
    again: bool = False
    _recent: Sequence[TurnRow] = ()

    def messages(self, images: ImageTable, reader: str | None, language: str = FIRST) -> list[AnyMessage]:
        """What the model is given: the summary, the latest turns, the question.

        Raises:
            SetupError: the database does not answer.
        """
        few = self.settings.history_turns
        lately = self._turns(last=max(few, REMEMBERED))
        before = [turn.question for turn in lately]
        question = question_message(
            self.turn.question, self.turn.attached, images, reader, before, language=language
        )
        if self.turn.n > len(lately) + 1:
            first = self.conversations.turns(self.chat_id, last=1, before=_SECOND)
            question.additional_kwargs[KEY]["first"] = first[0].question if first else ""
        if self.turn.n > few:
            question.additional_kwargs[KEY]["told"] = [name for name in ONCE if self._was_said(name)]
        if self.model is not None:
            past = past_messages(lately[-few:], images, self.turn.attached)
            question.additional_kwargs[KEY][PLANNERS_PAST] = past
            return [*self._seen_by_models(images), question]
        self._recent = lately[-few:]
        return [*past_messages(self._recent, images, self.turn.attached), question]

    def _seen_by_models(self, images: ImageTable) -> list[AnyMessage]:
        """Summary and turns, counted by estimate: no model has to be loaded before the planner speaks."""
        context = self.settings.llm_context
        summary = self._as_it_was() if self.again else self._summary()
        turns = self._turns(after=summary.upto)
        past = past_messages(turns, images, self.turn.attached)
        small = _PAST * context
        if not self.again and (len(turns) > self.settings.history_turns or estimated(past) > small):
            summary, turns, past = self._folded(summary, turns, past)
        self._recent, self.upto = turns, summary.upto
        return [*summary_messages(summary, int(_SUMMARY * context) * CHARS_PER_TOKEN), *past]

    def _summary(self) -> Summary:
        kept = self.conversations.summaries.read(self.chat_id)
        return Summary.from_json(kept[1]) if kept else Summary()

    def _as_it_was(self) -> Summary:
        """The summary of the turns up to `upto`: turns are never changed, so it is the one of then."""
        folded = [turn for turn in self._turns() if turn.n <= self.upto]
        return reduce(Summary.with_turn, folded, Summary())

    def spoke(self) -> str:
        """The language of the answer before the question."""
        told = [kept_answer(turn.answer).language for turn in self._turns(last=1) if turn.answer]
        return told[-1] if told else FIRST

    def said(self, whole: bool) -> Iterator[tuple[str, Answer | None]]:
        """Questions and answers: those that the model saw as they were, or all of the chat."""
        for turn in self._turns() if whole else self._recent:
            yield turn.question, kept_answer(turn.answer) if turn.answer else None

    def kept(self, key: str) -> tuple[int, Mapping[str, Any]] | None:
        """What an earlier turn of the chat computed under a key: that turn's number, and the evidence."""
        row = self.conversations.last_turn_with(self.chat_id, key, self.turn.n)
        if row is None or row.answer is None:
            return None
        found = next(one for one in json.loads(row.answer)["evidence"] if one.get("key") == key)
        return found["computed_in"] or row.n, found

    def last(self, kind: str) -> Record | None:
        """The newest record of a kind in the evidence of earlier turns of the chat."""
        return next(iter(self.latest(kind, 1)), None)

    def latest(self, kind: str, most: int) -> list[Record]:
        """Up to so many of the newest records of a kind in the evidence of earlier turns, oldest first."""
        found: list[Record] = []
        before = self.turn.n
        while len(found) < most:
            row = self.conversations.last_turn_with(self.chat_id, f'"kind": "{kind}"', before)
            if row is None or row.answer is None:
                break
            evidence = kept_answer(row.answer).evidence
            told = [one for each in evidence for one in each.records if one.get("kind") == kind]
            found = [*(parse_record(dict(one)) for one in told), *found]
            before = row.n
        return found[-most:]

    def _was_said(self, name: str) -> bool:
        """Whether an answer of the chat holds a saying without fields."""
        return any(
            self.conversations.last_turn_with(self.chat_id, say(name, one), self.turn.n)
            for one in languages()
        )

    def _turns(self, *, last: int | None = None, after: int = 0) -> list[TurnRow]:
        return self.conversations.turns(self.chat_id, last=last, after=after, before=self.turn.n)

    def _folded(
        self, summary: Summary, turns: list[TurnRow], past: list[AnyMessage]
    ) -> tuple[Summary, list[TurnRow], list[AnyMessage]]:
        """Fold the oldest turns until half of what may be seen is left, and keep the summary."""
        few, small = self.settings.history_turns // 2, _PAST * self.settings.llm_context / 2
        while turns and (len(turns) > few or estimated(past) > small):
            oldest, *turns = turns
            summary = summary.with_turn(oldest)
            past = [message for message in past if not str(message.id).startswith(f"{oldest.id}-")]
        self.conversations.summaries.keep(self.chat_id, summary.upto, summary.to_json())
        return summary, turns, past
