"""One question put to the loop: in its chat, or again to see whether it is answered the same."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from assistant.answers.disclaimers import required
from assistant.answers.events import Event, Started
from assistant.provenance.turn import messages_mark
from tools.context import CaseContext, ImageTable

if TYPE_CHECKING:
    from langchain_core.messages import AnyMessage

    from assistant.turn.history import History
    from assistant.turn.loop import Loop
    from store.cases.library import Library
    from store.pictures.blobs import BlobStore
    from tools.language.sayings import Saying


def _none_told(_language: str) -> list[str]:
    return []


@dataclass
class Play:
    """All that a question is answered from.

    Attributes:
        history: the chat before the question, and the question itself.
        table: the chat's images; what is learned of them is kept there.
        loop: what answers.
        blobs: where pictures are drawn.
        library: opens the case library.
        reader: the reading model that was asked for by name.
        may_save: whether the chat may add to the library.
        told: what the answer must say of the question and its files, in a language.
        notices: what it must say of the chat model and of servers.
        cancelled: set to stop.
        messages: the mark of what the model was given; "" before it was.
    """

    history: History
    table: ImageTable
    loop: Loop
    blobs: BlobStore
    library: Callable[[], Library]
    reader: str | None = None
    may_save: Callable[[], bool] = lambda: False
    told: Callable[[str], Sequence[str]] = _none_told
    notices: Sequence[Saying] = ()
    cancelled: threading.Event = field(default_factory=threading.Event)
    messages: str = ""

    def events(self) -> Iterator[Event]:
        """Answer the question; nothing is kept."""
        from assistant.turn.run import run_turn
        from assistant.turn.tongue import answered_in

        turn, timeout_s = self.history.turn, self.history.settings.turn_timeout_s
        language = answered_in(turn.question, self.history.spoke)
        domains = [self.table.get(image_id).gate.domain for image_id in turn.attached]
        yield Started(turn.id, turn.attached, required(domains, (), scored=False, language=language))
        context = CaseContext(
            chat_id=self.history.chat_id,
            turn_id=turn.id,
            question=turn.question,
            images=self.table,
            blobs=self.blobs,
            library=self.library,
            cancelled=self.cancelled,
            reader=self.reader,
            deadline=time.monotonic() + timeout_s,
            kept=self.history.kept,
            last=self.history.last,
            latest=self.history.latest,
            said=self.history.said,
            may_save=self.may_save,
            language=language,
        )
        yield from run_turn(
            self.loop,
            context,
            lambda: self._given(language),
            attached=turn.attached,
            timeout_s=timeout_s,
            notices=[*self.told(language), *(one.words(language) for one in self.notices)],
        )

    def _given(self, language: str) -> list[AnyMessage]:
        messages = self.history.messages(self.table, self.reader, language)
        self.messages = messages_mark(messages)
        return messages
