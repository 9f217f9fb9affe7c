"""Which systems are in memory, told from process to process: the page loads them, a command asks.

Each process that loads systems keeps one small file in the Casebook folder and holds a lock on it for as long
as it lives. A file whose lock is free belongs to a process that is gone::

    Residency(changed=Notice(home).show)
"""

from __future__ import annotations

import contextlib
import json
import os
import threading
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from filelock import FileLock, Timeout

from store.errors import SetupError
from store.whole_file import write_json

if TYPE_CHECKING:
    from tools.models.memory.residents import Resident


@dataclass(frozen=True)
class InMemory:
    """One system that a process has in memory.

    Attributes:
        name: of the system.
        device: where it is.
        nbytes: bytes it takes there.
        load_s: how long loading took; None while it is being loaded.
        in_use: whether a chat is using it now.
        process: number of the process that holds it.
    """

    name: str
    device: str
    nbytes: int
    load_s: float | None
    in_use: bool
    process: int


class Notice:
    """What this process has in memory, for others to see. Safe between threads."""

    def __init__(self, home: Path) -> None:
        self._path = _folder(home) / f"{os.getpid()}.json"
        self._held = FileLock(self._path.with_suffix(".lock"), thread_local=False)
        self._writing = threading.Lock()

    def show(self, residents: Sequence[Resident]) -> None:
        """Replace what others see. A Casebook folder that cannot be written is no reason to stop."""
        rows = [
            InMemory(one.name, one.device, one.nbytes, one.load_s, one.in_use, os.getpid())
            for one in residents
        ]
        with self._writing, contextlib.suppress(SetupError, OSError):
            self._path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            if not self._held.is_locked:
                self._held.acquire(timeout=0)  # first, or a reader takes the file for one left behind
            write_json(self._path, {"loaded": [asdict(row) for row in rows]})

    def close(self) -> None:
        """Take the notice down."""
        with self._writing, contextlib.suppress(OSError):
            self._path.unlink(missing_ok=True)
            self._held.release()
            self._path.with_suffix(".lock").unlink(missing_ok=True)


def read_loaded(home: Path) -> list[InMemory]:
    """What all living processes of this Casebook folder have in memory, by process."""
    found: list[InMemory] = []
    for path in sorted(_folder(home).glob("*.json")):
        if not _is_alive(path):
            for file in (path, path.with_suffix(".lock")):
                file.unlink(missing_ok=True)
            continue
        # The file may be gone, or of another version, this very moment.
        with contextlib.suppress(OSError, ValueError, KeyError, TypeError):
            found += [InMemory(**row) for row in json.loads(path.read_text(encoding="utf-8"))["loaded"]]
    return found


def _folder(home: Path) -> Path:
    return home / "models" / "in-memory"


def _is_alive(path: Path) -> bool:
    """Whether the process that wrote `path` still holds its lock."""
    if path.stem == str(os.getpid()):
        return True
    try:
        with FileLock(path.with_suffix(".lock"), timeout=0):
            return False
    except Timeout:
        return True
