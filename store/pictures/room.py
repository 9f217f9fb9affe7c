"""How much disk all kept images and pictures take together, and whether there is room for more."""

from __future__ import annotations

import os
import threading
import time
from pathlib import Path

from store.errors import CaseError
from store.pictures.object_store import ObjectStore
from store.pictures.places import PLACES

# Ours: other processes put images in too, and counting a hundred thousand files takes a second; an object
# store tells a thousand in one answer.
_COUNTED_FOR_S = 60.0
_FAR_COUNTED_FOR_S = 600.0


class Room:
    """The limit on what is kept. Safe to use from several threads. Nothing is ever removed here.

    Args:
        home: the Casebook folder.
        most_bytes: what images and pictures may take together.
        store: where they lie, if not in the folder.
    """

    def __init__(self, home: Path, most_bytes: int, store: ObjectStore | None = None) -> None:
        self._home, self._most, self._store = home, most_bytes, store
        self._counted_for_s = _COUNTED_FOR_S if store is None else _FAR_COUNTED_FOR_S
        self._lock = threading.Lock()
        self._taken, self._counted = 0, -self._counted_for_s

    def refuse_without(self, more: int) -> None:
        """Count in what is about to be kept, as far as there is room for it.

        Args:
            more: bytes, uncompressed at most.

        Raises:
            CaseError: there is no room; says how much is taken.
            SetupError: the object store cannot be reached.
        """
        with self._lock:
            aged = time.monotonic() - self._counted > self._counted_for_s
            if aged or self._taken + more > self._most:
                self._taken, self._counted = taken(self._home, self._store), time.monotonic()
            if self._taken + more > self._most:
                raise CaseError(
                    f"All images and pictures in Casebook take {self._taken / 2**20:,.0f} MiB, and with "
                    f"these they would pass the {self._most / 2**20:,.0f} MiB that this installation keeps "
                    "(CASEBOOK_KEPT_MB). Nothing is deleted by itself: delete chats, library or teaching "
                    "cases that are no longer needed, or have the limit raised; then try again."
                )
            self._taken += more


def taken(home: Path, store: ObjectStore | None = None) -> int:
    """How many bytes the images and pictures of all chats, the library and teaching cases have.

    Raises:
        SetupError: the object store cannot be reached.
    """
    return sum(_below(home / one) for one in PLACES) if store is None else store.taken()


def _below(folder: Path) -> int:
    total = 0
    try:
        with os.scandir(folder) as entries:
            for one in entries:
                if one.is_dir(follow_symlinks=False):
                    total += _below(Path(one.path))
                else:
                    total += one.stat(follow_symlinks=False).st_size
    except FileNotFoundError:  # removed meanwhile, or never made
        return total
    return total
