"""A turn in its own thread: it goes on when the page that asked is gone, and can be stopped."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator

from assistant.answers.answer import Answer
from assistant.answers.events import Event, Finished


class RunningTurn:
    """Runs a stream of events in a thread and keeps them for whoever looks.

    Args:
        events: makes the stream; its last event is `Finished`.
        cancelled: set to stop the turn before its next step.
        then: called when the stream has ended, however it did.
    """

    def __init__(
        self,
        events: Callable[[], Iterator[Event]],
        cancelled: threading.Event,
        then: Callable[[], None] = lambda: None,
    ) -> None:
        self._events: list[Event] = []
        self._changed = threading.Condition()
        self._done = False
        self._error: BaseException | None = None
        self._cancelled = cancelled
        self._then = then
        self._thread = threading.Thread(target=self._run, args=(events,), name="casebook-turn", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Ask the turn to end; it still finishes with an answer that says so."""
        self._cancelled.set()

    @property
    def done(self) -> bool:
        """Whether the last event has come."""
        return self._done

    def wait(self, seconds: float) -> None:
        """Wait for the turn's end, at most so long."""
        self._thread.join(seconds)

    def events(self, *, poll_s: float | None = None) -> Iterator[Event | None]:
        """All events from the first, as they come.

        Args:
            poll_s: yield None when nothing came for this long, so that a page can breathe.

        Raises:
            CasebookError: the turn could not be kept.
        """
        at = 0
        while True:
            with self._changed:
                if at >= len(self._events) and not self._done:
                    self._changed.wait(poll_s)
                fresh, done = self._events[at:], self._done
            at += len(fresh)
            yield from fresh
            if done and not fresh:
                break
            if not fresh:
                yield None
        if self._error is not None:
            raise self._error

    def answer(self) -> Answer:
        """Wait for the answer."""
        self._thread.join()  # waking up for every event would slow the turn down
        finished = [event for event in self.events() if isinstance(event, Finished)]
        return finished[-1].answer

    def _run(self, events: Callable[[], Iterator[Event]]) -> None:
        last: list[Event] = []  # told when the chat is free, for whoever hears it may ask again at once
        try:
            for event in events():
                if isinstance(event, Finished):
                    last.append(event)
                    continue
                with self._changed:
                    self._events.append(event)
                    self._changed.notify_all()
        except BaseException as error:  # noqa: BLE001 - handed to whoever waits in `events`
            self._error = error
        finally:
            self._then()
            with self._changed:
                self._events += last
                self._done = True
                self._changed.notify_all()
