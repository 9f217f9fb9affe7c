"""Who is answered now and who waits: so many turns at once, and no one person before all others."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable, Iterator

from assistant.answers.events import Event, Waiting
from tools.language.sayings import FIRST, say

# Ours: how soon somebody who waits is seen to have pressed Stop.
_LOOK_S = 0.2


class Line:
    """The line of one installation. Safe to share between threads.

    Args:
        at_once: how many turns are worked on at the same time.
    """

    def __init__(self, at_once: int) -> None:
        self._at_once = at_once
        self._changed = threading.Condition()
        self._last = 0
        self._waiting: dict[int, str] = {}
        self._working: Counter[str] = Counter()

    def __len__(self) -> int:
        """How many wait."""
        return len(self._waiting)

    def through(
        self,
        owner: str,
        events: Callable[[], Iterator[Event]],
        cancelled: threading.Event,
        language: Callable[[], str] = lambda: FIRST,
    ) -> Iterator[Event]:
        """A turn's events, once it is worked on; before that, how many are before it.

        Whoever has the fewest turns being worked on is next, and among those whoever came first. A turn that
        is stopped waits no longer.

        Args:
            owner: whose turn it is.
            events: makes the turn's events.
            cancelled: set when the turn is stopped.
            language: tells that of what is said to those who wait; not asked for others.
        """
        ticket = self._stand(owner)
        told = None
        try:
            while not cancelled.is_set() and (before := self._before(ticket)) is not None:
                if before != told:
                    yield Waiting(say("turn.in_line", language(), before=before, at_once=self._at_once))
                told = before
            yield from events()
        finally:
            self._leave(ticket, owner)

    def _stand(self, owner: str) -> int:
        with self._changed:
            self._last += 1
            self._waiting[self._last] = owner
            return self._last

    def _before(self, ticket: int) -> int | None:
        """How many are before a turn that waits; None once it is worked on."""
        with self._changed:
            order = sorted(self._waiting, key=lambda one: (self._working[self._waiting[one]], one))
            before = order.index(ticket)
            if before < self._at_once - self._working.total():
                self._working[self._waiting.pop(ticket)] += 1
                return None
            self._changed.wait(_LOOK_S)
            return before

    def _leave(self, ticket: int, owner: str) -> None:
        with self._changed:
            if self._waiting.pop(ticket, None) is None:
                self._working -= Counter([owner])
            self._changed.notify_all()
