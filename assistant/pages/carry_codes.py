"""Codes that let another browser see the same chats: each for one use within minutes, kept as a digest."""

from __future__ import annotations

import hashlib
import secrets
import threading
import time
from collections.abc import Callable

from assistant.pages.tries import Tries
from assistant.pages.words import said
from store.errors import CaseError

LASTS_MIN = 10
"""Minutes that a code can be used. Ours: enough to walk to another machine."""
# Digits and letters without those that look like others. 32 ** 10 codes are 50 bits.
# Source: Crockford's Base32, which also says what is read for them.
_LETTERS, _LENGTH = "0123456789ABCDEFGHJKMNPQRSTVWXYZ", 10
_READ_AS = str.maketrans("OIL", "011")
# Ours: room for slips, and a guesser who never stops needs millions of years.
_EACH, _TOGETHER, _WITHIN_S = 10, 100, 300.0


class CarryCodes:
    """The codes that are in force; they end with the process. Safe to use from several pages at once.

    Args:
        now: a clock, seconds.
    """

    def __init__(self, now: Callable[[], float] = time.monotonic) -> None:
        self._now = now
        self._lock = threading.Lock()
        self._held: dict[str, tuple[bytes, float]] = {}
        self._tries = Tries(_EACH, _TOGETHER, _WITHIN_S, now)

    def make(self, owner: str) -> str:
        """A new code for an owner's chats; the owner's last one is worth nothing any more."""
        code = "".join(secrets.choice(_LETTERS) for _ in range(_LENGTH))
        with self._lock:
            self._forget_old()
            self._held[owner] = _digest(code), self._now() + LASTS_MIN * 60
        return f"{code[: _LENGTH // 2]}-{code[_LENGTH // 2 :]}"

    def redeem(self, typed: str, browser: str) -> str:
        """The owner whose code this is; it is worth nothing from now on.

        Args:
            typed: the code, as somebody wrote it.
            browser: who tries.

        Raises:
            CaseError: it is no code that is in force, or there were too many wrong ones.
        """
        if wait_s := self._tries.take(browser):
            raise CaseError(said("carry.too_often", seconds=round(wait_s) + 1))
        wanted = _digest(typed)
        with self._lock:
            self._forget_old()
            for owner, (digest, _) in self._held.items():
                if secrets.compare_digest(digest, wanted):
                    del self._held[owner]
                    self._tries.give_back(browser)
                    return owner
        raise CaseError(said("carry.wrong", minutes=LASTS_MIN))

    def _forget_old(self) -> None:
        now = self._now()
        self._held = {owner: kept for owner, kept in self._held.items() if kept[1] > now}


def _digest(code: str) -> bytes:
    read = "".join(letter for letter in code.upper() if letter.isalnum()).translate(_READ_AS)
    return hashlib.sha256(read.encode("utf-8", "replace")).digest()
