"""A temporary folder for one reading: the file as it came, and what was decoded from it.

A process that is killed cannot clear its folder, and the file in it may name a patient. So each folder is
locked while it is used, and whoever reads next on this machine clears what nobody holds any more.
"""

from __future__ import annotations

import shutil
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path

from filelock import FileLock, Timeout

from store.errors import SetupError

PREFIX = "casebook-files-"
_LOCK = ".in-use"
# Ours: between the making of a folder and its lock lie microseconds.
_NEW_S = 60.0


@contextmanager
def workplace() -> Iterator[Path]:
    """An empty folder that is this reading's own, cleared at its end.

    Raises:
        SetupError: the temporary folder of the machine cannot be written.
    """
    with ExitStack() as held:
        try:
            place = tempfile.TemporaryDirectory(prefix=PREFIX, ignore_cleanup_errors=True)
            name = held.enter_context(place)
            held.enter_context(FileLock(Path(name, _LOCK)))
        except OSError as error:
            raise SetupError(
                "Files are read in the temporary folder of this machine, which cannot be written or is full. "
                "Make room, or set TMPDIR to another folder."
            ) from error
        yield Path(name)


def workplaces() -> list[Path]:
    """The folders of readings on this machine, those under way included."""
    return sorted(Path(tempfile.gettempdir()).glob(f"{PREFIX}*"))


def clear_abandoned() -> None:
    """Clear the folders of readings whose process was killed."""
    for folder in _abandoned():
        shutil.rmtree(folder, ignore_errors=True)


def abandoned() -> int:
    """How many folders there are of readings whose process was killed."""
    return sum(1 for _ in _abandoned())


def _abandoned() -> Iterator[Path]:
    """The folders that nobody holds; each is held while it is looked at."""
    for folder in workplaces():
        with suppress(OSError, Timeout):  # another user's, or in use
            if time.time() - folder.stat().st_mtime < _NEW_S and not (folder / _LOCK).exists():
                continue
            with FileLock(folder / _LOCK, timeout=0):
                yield folder
