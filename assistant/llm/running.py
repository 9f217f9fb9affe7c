"""The one child of a chat model: started at first use, and again after it died."""

from __future__ import annotations

import threading
from pathlib import Path
from typing import Any

from assistant.llm.child import TOO_LONG, Child, DiedError, Message
from assistant.llm.endings import BrokeOffError
from assistant.llm.loading import Load, UnusableError
from assistant.llm.trial import Started, quiet_s, start
from assistant.llm.trial_records import Outcome, Record


class Running:
    """A model in a child. Safe to share between threads.

    Args:
        load: how it is loaded.
        home: the Casebook folder, where it is kept how it runs here; None keeps nothing.
    """

    def __init__(self, load: Load, home: Path | None) -> None:
        self._load, self._home = load, home
        self._lock = threading.Lock()
        self._started: Started | None = None
        self._outcome: Outcome | None = None

    def ready(self) -> Started:
        """The model; it is started where it does not run.

        Raises:
            UnusableError: it cannot be started; says why.
        """
        with self._lock:
            if self._started is None or self._started.child.is_over:
                self._started, outcome = start(self._load, self._home, self._outcome)
                # What may pass is forgotten, unless nothing runs: then it is not tried at every question.
                self._outcome = outcome if outcome.is_lasting or not outcome.works else None
                if self._started is None:
                    raise outcome.unusable(self._load)
            return self._started

    @property
    def started(self) -> Started | None:
        """The model if it has been started; nothing is started here."""
        return self._started

    def ask(self, do: str, **about: Any) -> tuple[Child, Message]:
        """Ask the model something that it has at hand; once more where its process died meanwhile.

        Raises:
            UnusableError: it cannot be started, or died twice.
        """
        for _ in range(2):
            child = self.ready().child
            try:
                return child, child.ask(do, **about)
            except DiedError as died:
                error = self.lost(str(died))
        raise UnusableError(str(error)) from error

    def lost(self, how: str) -> BrokeOffError | UnusableError:
        """What is to be said of a reply whose child died.

        Where native code ended it, the next child goes without the extra buffers.
        """
        outcome = Outcome((how,))
        with self._lock:
            if outcome.is_lasting and self._outcome is None:
                self._outcome = outcome
                if self._home:
                    Record(self._load, self._home).keep(outcome)
        if how != TOO_LONG:
            return BrokeOffError(how)
        return UnusableError(
            f"The chat model {self._load.path.name} gave no sign for {quiet_s(self._load.path):.0f} seconds "
            "and was ended. The next question starts it again."
        )

    def close(self) -> None:
        """End the child; the next use starts another."""
        with self._lock:
            if self._started:
                self._started.child.kill()
            self._started = self._outcome = None
