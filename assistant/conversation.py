"""`Chat`: one conversation, asked and followed."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace
from functools import partial
from typing import Literal

from assistant.answers.answer import Answer
from assistant.answers.events import Event, Finished
from assistant.build import LOCAL, Services
from assistant.turn.asked import accepted
from assistant.turn.intake import Source, Taken
from assistant.turn.kept import Turn, kept_image, past_turn
from assistant.turn.outcome import Outcome
from assistant.turn.private_pixels import Choice
from assistant.turn.running import RunningTurn
from assistant.turn.title import title_of
from store.chats.conversations import ChatRow, ImageRow, TurnRow
from store.errors import CaseError, SetupError
from store.pictures.blobs import BlobStore
from store.pictures.seen import Seen
from tools.context import ChatImage, ImageTable
from tools.language.identifiers import Hidden
from tools.language.sayings import say


@dataclass(frozen=True)
class _Put:
    """A question as it was put, with the arguments of `Chat.start`."""

    question: Hidden
    images: Sequence[Source]
    reader: str | None
    seen: Mapping[str, Seen]
    choice: Choice | Literal["ask"]


class Chat:
    """One conversation over any number of images. Made by `Assistant.chat`."""

    def __init__(self, services: Services, row: ChatRow, owner: str = LOCAL) -> None:
        self._services = services
        self._owner = owner
        self.id = row.id
        self.title = row.title

    def ask(self, text: str, images: Sequence[Source] = (), *, reader: str | None = None) -> Answer:
        """Ask and wait.

        Args:
            text: the question, in words.
            images: files (paths or bytes) or `Image` objects that come with it.
            reader: the reading model that must answer; by default the first one that is set up.

        Raises:
            CaseError: the question or every file cannot be used, there is no such reader, or the chat is
                still answering; nothing was changed. Files that cannot be used among others that can are
                left out, and the answer says so.
            SetupError: the reader is not set up.
        """
        return self.start(text, images, reader=reader).answer()

    def stream(
        self, text: str, images: Sequence[Source] = (), *, reader: str | None = None
    ) -> Iterator[Event]:
        """Ask and follow the events; leaving the loop early stops the turn."""
        running = self.start(text, images, reader=reader)
        try:
            yield from (event for event in running.events() if event is not None)
        finally:
            if not running.done:
                running.stop()

    def start(
        self,
        text: str,
        images: Sequence[Source] = (),
        *,
        reader: str | None = None,
        seen: Mapping[str, Seen] | None = None,
        choice: Choice | Literal["ask"] = "mask",
    ) -> RunningTurn:
        """Ask in the background. The question and its images are kept before this returns.

        Args:
            text: as `ask`.
            images: as `ask`.
            reader: as `ask`.
            seen: what the user sees in the viewer, by image id: the question is about those slices.
            choice: what becomes of text and faces in the pictures where the settings ask.

        Raises:
            UndecidedError: text or a face was found, and `choice` is to ask; nothing was changed.
            CasebookError: as `ask`.
        """
        s = self._services
        question = accepted(text, s.settings.max_question_chars)
        s.chat_model  # noqa: B018 - one that cannot be used is refused before the question is kept
        if reader is not None:
            s.readers.require(reader)
        put = _Put(question, images, reader, seen or {}, choice)
        return s.turns.start(self.id, lambda: self._claimed(put))

    def _claimed(self, put: _Put) -> RunningTurn:
        """Begin the turn if no other process answers in this chat; until it ends, none does."""
        with ExitStack() as claim:
            claim.enter_context(self._services.conversations.answering.claimed(self.id))
            cancelled = threading.Event()
            events = self._begun(put, cancelled)
            return RunningTurn(events, cancelled, claim.pop_all().close)

    def _begun(self, put: _Put, cancelled: threading.Event) -> Callable[[], Iterator[Event]]:
        s = self._services
        known = [self._looked_at(row, put.seen) for row in s.conversations.images(self.id)]
        new = s.intake.take(put.images, len(known) + 1, put.choice) if put.images else Taken()
        words = put.question.text
        turn = s.keeping.begin(self.id, words, new.rows, new.images, title_of(words, new.rows))

        def told(language: str) -> list[str]:
            remarks = [remark.words(language) for remark in new.told]
            return [*put.question.notice(language), *new.left_out, *remarks]

        def events() -> Iterator[Event]:
            rows = [*known, *new.rows]
            table = [replace(kept_image(row, s.images), seen=put.seen.get(row.id)) for row in rows]
            made = partial(self._events, turn, (rows, ImageTable(table)), cancelled, put.reader, told)
            if self._owner == LOCAL:  # whoever runs the machine waits for nobody
                return made()
            return s.line.through(self._owner, made, cancelled, partial(self._language, turn))

        return events

    def _looked_at(self, row: ImageRow, seen: Mapping[str, Seen]) -> ImageRow:
        """An image at the slice that the user looks at, kept so."""
        index = seen[row.id].index if row.id in seen else row.index
        if index == row.index or not 0 <= index < int(row.facts.get("frames", 1)):
            return row
        row = replace(row, index=index)
        self._services.conversations.look_at(self.id, row)
        return row

    def history(self, last: int | None = None) -> list[Turn]:
        """The turns of the chat in order; only the `last` few if given."""
        kept = self._services.conversations
        good = kept.ratings.of(self.id)
        return [past_turn(row, good.get(row.id)) for row in kept.turns(self.id, last=last)]

    def rate(self, turn_id: str, good: bool | None) -> None:
        """Keep what you think of an answer, for whoever evaluates Casebook; None takes it back.

        Raises:
            CaseError: the chat has no such turn.
        """
        kept = self._services.conversations
        found = kept.provenances.turn(turn_id)
        if found is None or found[0] != self.id:
            raise CaseError(f"There is no turn {turn_id[:40]!r} in this chat.")
        kept.ratings.keep(self.id, turn_id, good)

    def images(self) -> list[ChatImage]:
        """The chat's images with what is known about them; pixels are read on first use."""
        return [
            kept_image(row, self._services.images) for row in self._services.conversations.images(self.id)
        ]

    @property
    def pictures(self) -> BlobStore:
        """Pictures that tools drew, by key."""
        return self._services.blobs

    def _events(
        self,
        turn: TurnRow,
        images: tuple[list[ImageRow], ImageTable],
        cancelled: threading.Event,
        reader: str | None,
        told: Callable[[str], list[str]],
    ) -> Iterator[Event]:
        from assistant.turn.history import History
        from assistant.turn.play import Play

        s, began, (rows, table) = self._services, time.perf_counter(), images
        model, notices = s.speaker
        play = Play(
            history=History(s.conversations, s.settings, model, self.id, turn),
            table=table,
            loop=s.loop,
            blobs=s.keeping.pictures_of(self.id),
            library=lambda: s.library,
            reader=reader,
            may_save=lambda: s.may_save(self.id),
            told=told,
            notices=notices,
            cancelled=cancelled,
        )
        for event in play.events():
            if isinstance(event, Finished):
                seconds = round(time.perf_counter() - began, 3)
                yield self._kept(Outcome(play, rows, event.answer, seconds))
            else:
                yield event

    def _language(self, turn: TurnRow) -> str:
        """The language of a turn's answer: the question's, or where that tells none, the last answer's."""
        from assistant.turn.history import History
        from assistant.turn.tongue import answered_in

        s = self._services
        return answered_in(turn.question, History(s.conversations, s.settings, None, self.id, turn).spoke)

    def _kept(self, outcome: Outcome) -> Finished:
        """The answer, once it was written down; what cannot be written is given all the same, and said."""
        answer = outcome.answer
        try:
            outcome.keep(self._services.settings, given=self._services.model is not None)
        except SetupError as error:
            notice = say("turn.not_kept", answer.language, error=error)
            answer = replace(answer, notices=(*answer.notices, notice))
        return Finished(answer)
