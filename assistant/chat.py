"""`Assistant` and `Chat`: the Python API, and what the page and the command line stand on."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from assistant.answers.answer import Answer
from assistant.answers.events import Event, Finished
from assistant.build import LOCAL, Services
from assistant.settings import Settings, load_settings
from assistant.turn.asked import accepted
from assistant.turn.intake import Source, Taken
from assistant.turn.kept import Turn, kept_image, past_turn
from assistant.turn.outcome import Outcome
from assistant.turn.running import RunningTurn
from assistant.turn.title import title_of
from store.chats.conversations import ChatRow, ImageRow, TurnRow
from store.errors import CaseError, SetupError
from store.pictures.blobs import BlobStore
from tools.context import ChatImage, ImageTable
from tools.language.identifiers import Hidden, without_persons
from tools.language.sayings import say

if TYPE_CHECKING:
    from langchain_core.language_models import BaseChatModel
    from langchain_core.tools import BaseTool

    from store.cases.importing import ImportReport, Progress
    from store.cases.library import Library


class Assistant:
    """Casebook for one owner of chats.

    Args:
        settings: where things are kept and what is allowed; read from the environment by default.
        model: a LangChain chat model for the loop; the built-in planner by default.
        tools: LangChain tools for the loop; Casebook's own by default.
        owner: whose chats these are. Owners never see each other's chats.

    Raises:
        SetupError: a setting is not acceptable, or the folder cannot be written.
    """

    def __init__(
        self,
        settings: Settings | None = None,
        *,
        model: BaseChatModel | None = None,
        tools: Sequence[BaseTool] | None = None,
        owner: str = LOCAL,
    ) -> None:
        self.services = Services(settings or load_settings(), model, tools)
        self.owner = owner

    def for_owner(self, owner: str) -> Assistant:
        """The same installation for another owner; shares everything but the chats."""
        other = object.__new__(Assistant)
        other.services, other.owner = self.services, owner
        return other

    @property
    def library(self) -> Library:
        """The case library."""
        return self.services.library

    def chat(self, chat_id: str | None = None) -> Chat:
        """A new chat, or the one called `chat_id`.

        Raises:
            CaseError: the owner has no such chat.
        """
        rows = self.services.conversations
        row = rows.new_chat(self.owner) if chat_id is None else rows.chat(self.owner, chat_id)
        return Chat(self.services, row, self.owner)

    def chats(self) -> list[ChatRow]:
        """The owner's chats, the most recently used first."""
        return self.services.conversations.chats(self.owner)

    def find_chats(self, words: str) -> list[ChatRow]:
        """The owner's chats that hold every word in their title, questions or answers, the latest first."""
        return self.services.conversations.searching.chats(self.owner, without_persons(words))

    def rename(self, chat_id: str, title: str) -> None:
        """Give a chat another title; what tells who somebody is gets a stand-in, as in questions.

        Raises:
            CaseError: no such chat, or an empty title.
        """
        self.services.conversations.rename(self.owner, chat_id, without_persons(title))

    def delete(self, chat_id: str) -> None:
        """Delete a chat with its images and pictures, unless another chat holds them too.

        Raises:
            CaseError: no such chat.
        """
        self.services.keeping.delete(self.owner, chat_id)

    def import_cases(
        self, path: Path, *, progress: Progress | None = None, clean_pixels: bool = False
    ) -> ImportReport:
        """Import a table or folder of cases into the library; running it again goes on where it stopped.

        Args:
            path: a CSV file, or a folder with one or with sub-folders named for labels.
            progress: called with (rows done, rows in all) after every batch that is kept.
            clean_pixels: mask text in the pixels before anything is kept, which takes seconds each. Otherwise
                it is not looked for, and the report says so.

        Raises:
            CaseError: the table as a whole cannot be used; nothing was imported.
            SetupError: the library is damaged or was made by another version of an encoder, or what finds
                text is missing.
        """
        from assistant.turn.case_pictures import CasePictures
        from tools.gate.modality import identify

        pictures = CasePictures(self.services.decoder, self.services.pixel_text if clean_pixels else None)
        return pictures.told(self.library.import_csv(path, pictures.read, identify, progress=progress))

    def picture(self, key: str) -> Path:
        """Where a picture lies that a tool drew, or that shows a case of the library.

        Raises:
            CaseError: it is no longer kept.
        """
        try:
            return self.services.blobs.path(key)
        except CaseError:
            return self.services.case_pictures.path(key)

    def close(self) -> None:
        """Stop what is being answered, then let go of processes and connections."""
        self.services.close()

    def __enter__(self) -> Assistant:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


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
        seen: Mapping[str, int] | None = None,
    ) -> RunningTurn:
        """Ask in the background. The question and its images are kept before this returns.

        Args:
            text: as `ask`.
            images: as `ask`.
            reader: as `ask`.
            seen: the slices that the user looks at, 0-based, by image id: the question is about those.

        Raises: as `ask`.
        """
        s = self._services
        question = accepted(text, s.settings.max_question_chars)
        s.chat_model  # noqa: B018 - one that cannot be used is refused before the question is kept
        if reader is not None:
            s.readers.require(reader)
        return s.turns.start(self.id, lambda: self._begun(question, images, reader, seen or {}))

    def _begun(
        self, question: Hidden, images: Sequence[Source], reader: str | None, seen: Mapping[str, int]
    ) -> RunningTurn:
        s = self._services
        known = [self._looked_at(row, seen) for row in s.conversations.images(self.id)]
        new = s.intake.take(images, len(known) + 1) if images else Taken()
        words = question.text
        turn = s.keeping.begin(self.id, words, new.rows, new.images, title_of(words, new.rows))
        cancelled = threading.Event()

        def told(language: str) -> list[str]:
            seen = [remark.words(language) for remark in new.told]
            return [*question.notice(language), *new.left_out, *seen]

        def events() -> Iterator[Event]:
            made = partial(self._events, turn, [*known, *new.rows], cancelled, reader, told)
            if self._owner == LOCAL:  # whoever runs the machine waits for nobody
                return made()
            return s.line.through(self._owner, made, cancelled, partial(self._language, turn))

        return RunningTurn(events, cancelled)

    def _looked_at(self, row: ImageRow, seen: Mapping[str, int]) -> ImageRow:
        """An image at the slice that the user looks at, kept so."""
        index = seen.get(row.id, row.index)
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
        rows: list[ImageRow],
        cancelled: threading.Event,
        reader: str | None,
        told: Callable[[str], list[str]],
    ) -> Iterator[Event]:
        from assistant.turn.history import History
        from assistant.turn.play import Play

        s, began = self._services, time.perf_counter()
        model, notices = s.speaker
        play = Play(
            history=History(s.conversations, s.settings, model, self.id, turn),
            table=ImageTable([kept_image(row, s.images) for row in rows]),
            agent=s.agent,
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
