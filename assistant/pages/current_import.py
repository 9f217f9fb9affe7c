"""The imports under way in this process: each outlives the page that started it.

Only who started an import sees how far it is and what came of it, and can stop it.
"""

from __future__ import annotations

import threading
from contextlib import AbstractContextManager
from pathlib import Path
from typing import TYPE_CHECKING

from store.errors import CasebookError, CaseError
from tools.language.sayings import FIRST, say

if TYPE_CHECKING:
    from assistant.chat import Assistant
    from store.cases.importing import ImportReport


Source = AbstractContextManager[Path]


class _Stopped(BaseException):
    """The user stopped the import; what was reported as done is kept."""


class CurrentImports:
    """The imports of all owners. Safe to use from several pages at once."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._of: dict[str, CurrentImport] = {}

    def of(self, owner: str) -> CurrentImport:
        """The owner's import, under way or over; a new one if the owner began none."""
        with self._lock:
            return self._of.get(owner) or CurrentImport()

    def start(self, assistant: Assistant, source: Source, language: str = FIRST) -> None:
        """Begin to import a table or folder for the assistant's owner.

        Args:
            assistant: whose import it is.
            source: gives the table or folder, and clears it away at the end if it was only laid out for this.
            language: of the sentence on how it ended.

        Raises:
            CaseError: another import of this owner is under way.
        """
        with self._lock:
            own = self._of.setdefault(assistant.owner, CurrentImport())
        own.start(assistant, source, language)


class CurrentImport:
    """At most one import of one owner at a time. Safe to use from several pages at once.

    Attributes:
        done: rows done so far.
        total: rows in all; 0 while the table is being read.
        running: whether an import is under way.
        outcome: the last import's report, or the sentence why it ended; None before the first.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._stopped = threading.Event()
        self.done, self.total, self.running = 0, 0, False
        self.outcome: ImportReport | str | None = None

    def start(self, assistant: Assistant, source: Source, language: str = FIRST) -> None:
        """Begin to import a table or folder.

        Raises:
            CaseError: another import is under way.
        """
        with self._lock:
            if self.running:
                raise CaseError("Another import is under way. Wait for it, or stop it, then start this one.")
            self.done, self.total, self.running, self.outcome = 0, 0, True, None
            self._stopped.clear()
        threading.Thread(
            target=self._run, args=(assistant, source, language), name="casebook-import", daemon=True
        ).start()

    def stop(self) -> None:
        """Ask the import to end after its present batch; running it again later takes up where it stopped."""
        self._stopped.set()

    def _run(self, assistant: Assistant, source: Source, language: str) -> None:
        outcome: ImportReport | str = say("shelf.broken", language)
        try:
            with source as path:
                outcome = assistant.import_cases(path, progress=self._progress)
        except _Stopped:
            outcome = say("shelf.stopped", language, done=self.done, total=self.total)
        except CasebookError as error:
            outcome = str(error)
        finally:
            with self._lock:
                self.outcome, self.running = outcome, False

    def _progress(self, done: int, total: int) -> None:
        self.done, self.total = done, total
        if self._stopped.is_set() and done < total:
            raise _Stopped
