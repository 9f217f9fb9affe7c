"""The turns under way in this process, so that a page finds its turn again after a reload."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Literal

from assistant.pages.visitor_limits import VisitorLimits
from assistant.turn.intake import Source
from assistant.turn.private_pixels import Choice
from assistant.turn.running import RunningTurn
from tools.language.sayings import FIRST

if TYPE_CHECKING:
    from assistant.chat import Assistant, Chat
    from store.pictures.seen import Seen

_STEP_S = 0.05


class CurrentTurns:
    """At most one running turn per chat. Safe to use from several pages at once.

    Args:
        language: tells the language in which visitors are told that they ask too much.
    """

    def __init__(self, language: Callable[[], str] = lambda: FIRST) -> None:
        self._lock = threading.Lock()
        self._turns: dict[str, RunningTurn] = {}
        self._owners: dict[str, str] = {}
        self._limits = VisitorLimits(language)

    def ask(
        self,
        assistant: Assistant,
        chat_id: str | None,
        text: str,
        images: Sequence[Source],
        seen: Mapping[str, Seen] | None = None,
        *,
        choice: Choice | Literal["ask"] = "mask",
    ) -> str:
        """Start a turn in a chat, or in a new one.

        Args:
            assistant: the owner's assistant.
            chat_id: the chat; None for a new one, which is only kept if the question is accepted.
            text: the question.
            images: files or images that come with it.
            seen: what the user sees in the viewer, by image id.
            choice: what becomes of text and faces in the pictures where the settings ask.

        Returns:
            The id of the chat.

        Raises:
            UndecidedError: text or a face was found, and `choice` is to ask; nothing was changed.
            CaseError: the question or a file cannot be used, the chat is still answering, or the owner asks
                too much at once; nothing was changed.
        """
        return self.begin(assistant, chat_id, text, images, seen=seen, choice=choice)[0]

    def begin(
        self,
        assistant: Assistant,
        chat_id: str | None,
        text: str,
        images: Sequence[Source],
        *,
        reader: str | None = None,
        seen: Mapping[str, Seen] | None = None,
        choice: Choice | Literal["ask"] = "mask",
    ) -> tuple[str, RunningTurn]:
        """As `ask`, with the turn beside the chat's id; `reader` is the reading model that must answer."""
        with self._limits.asking(assistant, images, self._under_way(assistant.owner)):
            return self._begin(
                assistant,
                chat_id,
                lambda chat: chat.start(text, images, reader=reader, seen=seen, choice=choice),
            )

    def _under_way(self, owner: str) -> int:
        """How many turns of an owner have not ended."""
        with self._lock:
            running = [chat for chat, turn in self._turns.items() if not turn.done]
            self._owners = {chat: self._owners[chat] for chat in running}
            return list(self._owners.values()).count(owner)

    def _begin(
        self,
        assistant: Assistant,
        chat_id: str | None,
        start: Callable[[Chat], RunningTurn],
    ) -> tuple[str, RunningTurn]:
        chat = assistant.chat(chat_id)
        try:
            running = start(chat)
        except BaseException:
            if chat_id is None:
                assistant.delete(chat.id)
            raise
        with self._lock:
            self._turns[chat.id] = running
            self._owners[chat.id] = assistant.owner
        return chat.id, running

    def get(self, chat_id: str) -> RunningTurn | None:
        """The chat's running turn, or None. A turn that has ended is forgotten."""
        with self._lock:
            running = self._turns.get(chat_id)
            if running is not None and running.done:
                del self._turns[chat_id]
                return None
            return running

    def stop(self, chat_id: str, *, wait_s: float = 0.0) -> None:
        """Ask the chat's turn to end, and wait up to `wait_s` seconds for it; no error if none runs."""
        running = self.get(chat_id)
        if running is None:
            return
        running.stop()
        until = time.monotonic() + wait_s
        while not running.done and time.monotonic() < until:
            time.sleep(_STEP_S)
