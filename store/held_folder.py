"""Folders that one process uses, told apart from those that a process left when it was killed."""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path

from filelock import FileLock, Timeout

_LOCK, _TAKING = ".in-use", ".taking"
# Ours: between the making of a folder and its lock lie microseconds.
_NEW_S = 60.0


@contextmanager
def held(folder: Path) -> Iterator[Path]:
    """Hold a folder while this runs.

    Raises:
        OSError: it cannot be written.
    """
    with ExitStack() as stack:
        stack.enter_context(FileLock(folder / _TAKING))
        try:
            # A mark is seen once it is held: whoever looks before that finds a folder that is new.
            (folder / _TAKING).replace(folder / _LOCK)
        except PermissionError:  # Windows renames no open file
            stack.enter_context(FileLock(folder / _LOCK))
        yield folder


def let_go(folder: Path) -> None:
    """Take the mark out of a folder that is going to stay."""
    (folder / _LOCK).unlink(missing_ok=True)


def unheld(folders: Iterable[Path]) -> Iterator[Path]:
    """Those folders that nobody holds; each is held while it is looked at."""
    for folder in folders:
        with suppress(OSError, Timeout):  # another user's, or in use
            if time.time() - folder.stat().st_mtime < _NEW_S and not (folder / _LOCK).exists():
                continue
            with FileLock(folder / _LOCK, timeout=0):
                yield folder
