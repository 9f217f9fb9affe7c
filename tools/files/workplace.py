"""A temporary folder for one reading: the file as it came, and what was decoded from it.

A process that is killed cannot clear its folder, and the file in it may name a patient. So each folder is
locked while it is used, and whoever reads next on this machine clears what nobody holds any more.
"""

from __future__ import annotations

import shutil
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from filelock import FileLock, Timeout

PREFIX = "casebook-files-"
_LOCK = ".in-use"
# Ours: between the making of a folder and its lock lie microseconds.
_NEW_S = 60.0


@contextmanager
def workplace() -> Iterator[Path]:
    """An empty folder that is this reading's own, cleared at its end."""
    with (
        tempfile.TemporaryDirectory(prefix=PREFIX, ignore_cleanup_errors=True) as name,
        FileLock(Path(name, _LOCK)),
    ):
        yield Path(name)


def clear_abandoned() -> None:
    """Clear the folders of readings whose process was killed."""
    for folder in Path(tempfile.gettempdir()).glob(f"{PREFIX}*"):
        with suppress(OSError, Timeout):  # another user's, or in use
            if time.time() - folder.stat().st_mtime < _NEW_S and not (folder / _LOCK).exists():
                continue
            with FileLock(folder / _LOCK, timeout=0):
                shutil.rmtree(folder, ignore_errors=True)
