"""The turns that run in one installation: one at a time in a chat, and none left when it closes."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

from assistant.turn.running import RunningTurn
from store.chats.answering import STILL_ANSWERING
from store.errors import CaseError

# Ours: a model stops within a token and a tool within its step; longer than this, something hangs.
_LAST_S = 60.0


class Turns:
    """Who is answering now. Safe to share between threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._running: dict[str, RunningTurn | None] = {}
        self._closed = False

    def start(self, chat_id: str, begin: Callable[[], RunningTurn]) -> RunningTurn:
        """Begin a turn in a chat that is not answering. From now on the chat is taken, also while it begins.

        Args:
            chat_id: the chat.
            begin: takes the files in, keeps the question and starts the turn.

        Raises:
            CaseError: the chat is still answering, or the installation was closed; or what `begin` raises.
        """
        with self._lock:
            if self._closed:
                raise CaseError("Casebook was closed. Open it again, then ask.")
            if chat_id in self._running and not self._is_done(chat_id):
                raise CaseError(STILL_ANSWERING)
            self._running[chat_id] = None
        turn: RunningTurn | None = None
        try:
            turn = begin()
        finally:
            with self._lock:
                self._running = {one: held for one, held in self._running.items() if not self._is_done(one)}
                self._running.pop(chat_id, None)
                if turn is not None:
                    self._running[chat_id] = turn
        return turn

    def close(self) -> bool:
        """Stop all turns and wait for them; no other can begin.

        Returns:
            Whether all have ended, so that what they use can be let go of.
        """
        with self._lock:
            self._closed = True
        until = time.monotonic() + _LAST_S
        while left := self._left():
            for turn in left:
                if turn is not None:
                    turn.stop()
                    turn.wait(max(until - time.monotonic(), 0.0))
            if time.monotonic() >= until:
                return False
            time.sleep(0.01 if None in left else 0.0)
        return True

    def _left(self) -> list[RunningTurn | None]:
        with self._lock:
            return [held for one, held in self._running.items() if not self._is_done(one)]

    def _is_done(self, chat_id: str) -> bool:
        turn = self._running[chat_id]
        return turn is not None and turn.done
