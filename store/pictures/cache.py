"""Copies of what lies in an object store, in a folder of this machine that is kept below a size.

What was used last stays. Nothing is lost with a copy: what is asked for again is fetched again.
"""

from __future__ import annotations

import os
import shutil
import threading
import time
import uuid
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

PART = ".part"
"""The folder beside what is kept in folders of its own: there one is put together, and taken apart."""
# Ours: a turn that has fetched a picture is done with it by then, so that none is taken from under it.
_IN_USE_S = 3600.0
# Ours: so that the folder is looked through once for many pictures. It may pass its size by as much.
_LOOK_AFTER = 16


class Cache:
    """A folder of copies, with a folder for each kind. Safe between threads and processes.

    Args:
        root: the folder; made when the first copy is made.
        most_bytes: what the copies may take; those that were used within the hour stay all the same.
    """

    def __init__(self, root: Path, most_bytes: int) -> None:
        self.root, self._most = root, most_bytes
        self._grown, self._lock = most_bytes, threading.Lock()  # looked through at the first copy

    def grew(self, by: int) -> None:
        """Count in what was copied, and make room when that is much."""
        with self._lock:
            self._grown += by
            if self._grown * _LOOK_AFTER < self._most:
                return
            self._grown = 0
        self._make_room()

    def _make_room(self) -> None:
        copies = sorted(self._copies())
        over = sum(size for _, size, _ in copies) - self._most
        until = time.time() - _IN_USE_S
        for used_s, size, path in copies:
            if over <= 0 or used_s > until:
                return
            remove(path)
            over -= size

    def _copies(self) -> Iterator[tuple[float, int, Path]]:
        for path in self.root.glob("**/[0-9a-f][0-9a-f]/*"):
            with suppress(FileNotFoundError):  # removed meanwhile
                size = (
                    sum(one.stat().st_size for one in path.iterdir())
                    if path.is_dir()
                    else path.stat().st_size
                )
                yield path.stat().st_mtime, size, path


def remove(path: Path) -> None:
    """Remove what is kept under one key, a file or a folder, as far as the system lets it."""
    if path.is_dir():
        _remove_folder(path)
    else:
        with suppress(OSError):
            path.unlink()


def _remove_folder(path: Path) -> None:
    gone = path.parent.parent / PART / f"gone-{uuid.uuid4().hex}"
    try:
        gone.parent.mkdir(parents=True, exist_ok=True)
        path.rename(gone)  # at once, so that nobody finds half of it
    except FileNotFoundError:
        return
    except OSError:  # a full disk takes no new name, and this makes room
        gone = path
    shutil.rmtree(gone, ignore_errors=True)


def used(path: Path) -> None:
    """Say that a copy is in use, so that others go first."""
    with suppress(OSError):
        os.utime(path)
