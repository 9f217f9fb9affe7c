"""Who may use the one context next: first come, first served, in steps.

A user of the context holds it until it leaves. One that neither steps nor leaves any more, because its reader
went away in the middle, loses its place after `LEASE_S`; if it comes back after all, it queues again.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

LEASE_S = 1.0
"""Longest pause between two steps while others wait. Ours: a reader of the words is quicker than that."""

_LOOK_S = 0.05


class Place:
    """One user's place in the line. Not to be shared between threads."""

    def __init__(self, line: Line) -> None:
        self._line = line
        self.seen = 0.0
        self.busy = False

    def begin(self) -> bool:
        """Begin a step if it is this one's turn; waits a moment for it. True is followed by `end`."""
        return self._line.begin(self)

    def end(self) -> None:
        """The step is done."""
        self._line.end(self)

    def leave(self) -> None:
        """Give the context to the next."""
        self._line.leave(self)


class Line:
    """Those who want the context, in the order in which they came."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._places: list[Place] = []

    def join(self) -> Place:
        """A new place; it counts from its first `Place.begin`."""
        return Place(self)

    def begin(self, place: Place) -> bool:
        """See `Place.begin`."""
        with self._changed:
            place.seen = time.monotonic()
            if place not in self._places:
                self._places.append(place)
            self._skip_the_silent(place)
            if self._places[0] is not place:
                self._changed.wait(_LOOK_S)
            place.seen = time.monotonic()
            place.busy = bool(self._places) and self._places[0] is place
            return place.busy

    def end(self, place: Place) -> None:
        """See `Place.end`."""
        with self._changed:
            place.busy, place.seen = False, time.monotonic()

    def leave(self, place: Place) -> None:
        """See `Place.leave`."""
        with self._changed:
            if place in self._places:
                self._places.remove(place)
            self._changed.notify_all()

    def _skip_the_silent(self, asking: Place) -> None:
        while (first := self._places[0]) is not asking and not first.busy:
            if time.monotonic() - first.seen < LEASE_S:
                return
            self._places.pop(0)


# llama_cpp.server breaks a reply off when another request comes, so its requests are sent one by one.
_LINES: dict[str, Line] = {}


def line_of(url: str) -> Line:
    """The one line in front of a server."""
    return _LINES.setdefault(url, Line())


@contextmanager
def alone(url: str) -> Iterator[None]:
    """Wait until no reply of a server runs that the next question would break off, and let none begin."""
    place = line_of(url).join()
    try:
        while not place.begin():
            pass
        yield
    finally:
        place.leave()
