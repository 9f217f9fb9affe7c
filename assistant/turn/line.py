"""Who is answered now and who waits: so many turns at once, and no one person before all others."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator

from assistant.answers.events import Event, Waiting
from store.fair_line import FairLine
from tools.language.sayings import FIRST, say

# Ours: how soon somebody who waits is seen to have pressed Stop.
_LOOK_S = 0.2


class Line:
    """The line of one installation. Safe to share between threads.

    Args:
        at_once: how many turns are worked on at the same time.
    """

    def __init__(self, at_once: int) -> None:
        self._at_once, self._line = at_once, FairLine(at_once)

    def __len__(self) -> int:
        """How many wait."""
        return len(self._line)

    def through(
        self,
        owner: str,
        events: Callable[[], Iterator[Event]],
        cancelled: threading.Event,
        language: Callable[[], str] = lambda: FIRST,
    ) -> Iterator[Event]:
        """A turn's events, once it is worked on; before that, how many are before it.

        Who is next, `FairLine` says. A turn that is stopped waits no longer.

        Args:
            owner: whose turn it is.
            events: makes the turn's events.
            cancelled: set when the turn is stopped.
            language: tells that of what is said to those who wait; not asked for others.
        """
        ticket = self._line.stand(owner)
        told = None
        try:
            while not cancelled.is_set() and (before := self._line.before(ticket, _LOOK_S)) is not None:
                if before != told:
                    yield Waiting(say("turn.in_line", language(), before=before, at_once=self._at_once))
                told = before
            yield from events()
        finally:
            self._line.leave(ticket)
