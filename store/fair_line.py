"""Who is served now and who waits: so many at once, and no one's tenth before another's first."""

from __future__ import annotations

import threading
from collections import Counter


class FairLine:
    """A line in front of something. Safe between threads.

    Whoever has the fewest being served is next, among those whoever was served longest ago or never, and
    among those whoever came first.

    Args:
        at_once: how many are served at the same time.
    """

    def __init__(self, at_once: int) -> None:
        self._at_once = at_once
        self._changed = threading.Condition()
        self._last = 0
        self._waiting: dict[int, str] = {}
        self._served: dict[int, str] = {}
        self._when: dict[str, int] = {}  # what was the last ticket when somebody was served last

    def __len__(self) -> int:
        """How many wait."""
        return len(self._waiting)

    def stand(self, owner: str) -> int:
        """Stand in line; returns the ticket, which must be given back with `leave`.

        Args:
            owner: whose it is.
        """
        with self._changed:
            self._last += 1
            self._waiting[self._last] = owner
            return self._last

    def before(self, ticket: int, wait_s: float) -> int | None:
        """How many are before a ticket; None once it is served.

        Args:
            ticket: one that waits.
            wait_s: how long to wait for a change where it is not its turn.
        """
        with self._changed:
            working = Counter(self._served.values())
            order = sorted(self._waiting, key=lambda one: self._rank(one, working))
            before = order.index(ticket)
            if before < self._at_once - working.total():
                owner = self._served[ticket] = self._waiting.pop(ticket)
                self._last += 1
                self._when[owner] = self._last
                return None
            self._changed.wait(wait_s)
            return before

    def leave(self, ticket: int) -> None:
        """Give a ticket back, whether it was served or waits no longer."""
        with self._changed:
            owner = self._waiting.pop(ticket, None) or self._served.pop(ticket, "")
            if owner not in (*self._waiting.values(), *self._served.values()):
                self._when.pop(owner, None)
            self._changed.notify_all()

    def _rank(self, ticket: int, working: Counter[str]) -> tuple[int, int, int]:
        owner = self._waiting[ticket]
        return working[owner], self._when.get(owner, 0), ticket
