"""The objects of one kind in an object store, and the copies of them that lie in the Casebook folder.

An image is some objects below its key, and is there once its last one is; a picture is one object.
"""

from __future__ import annotations

import re
import time
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import Any, NamedTuple

from store.pictures.cache import Cache
from store.pictures.object_store import ObjectStore
from store.whole_file import room_here

# Where a file system says when an object was put. Source: s3fs, and fsspec's local one.
_TIMES = ("LastModified", "mtime")
_KEY = re.compile("[0-9a-f]{2}/([0-9a-f]{64})")


class Kept(NamedTuple):
    """What is kept under one key: its bytes, and when they were put there, in seconds since the epoch."""

    key: str
    size: int
    put_s: float


class Objects:
    """The objects of one kind.

    Args:
        store: the place.
        folder: the name of the kind there.
        cache: where copies lie, and how many bytes of them.
    """

    def __init__(self, store: ObjectStore, folder: str, cache: Cache) -> None:
        self._store, self._folder, self._cache = store, folder, cache

    def send(self, path: Path, name: str) -> None:
        """Put a file of this machine; what bears its name is replaced.

        Raises:
            SetupError: the place does not take it.
        """
        try:
            with self._store.answering():
                self._store.put(path, self._at(name))
        except FileNotFoundError as error:
            raise self._store.lacking() from error
        self._cache.grew(path.stat().st_size)

    def fetch(self, name: str, to: Path, size: int) -> None:
        """Copy one object into a file.

        Args:
            name: of the object.
            to: the file.
            size: bytes that the place says it has.

        Raises:
            FileNotFoundError: it is not there.
            SetupError: the place does not give it, or not all of it; or this machine's disk is full.
        """
        with self._store.answering():
            with room_here():
                self._store.files.get_file(self._at(name), str(to))
            if to.stat().st_size != size:
                raise self._store.broken_off()
        self._cache.grew(size)

    def read(self, name: str) -> bytes:
        """The bytes of one object.

        Raises:
            FileNotFoundError: it is not there.
            SetupError: the place does not give it.
        """
        with self._store.answering():
            data: bytes = self._store.files.cat_file(self._at(name))
        self._cache.grew(len(data))
        return data

    def sizes(self, folder: str) -> dict[str, int]:
        """The bytes of each object below a folder by its name; none where there is no such folder."""
        return {name: int(said["size"]) for name, said in self._listed(folder)}

    def size(self, name: str) -> int | None:
        """How many bytes an object has; None where there is none."""
        try:
            with self._store.answering():
                return int(self._store.files.info(self._at(name))["size"])
        except FileNotFoundError:
            return None

    def remove(self, name: str) -> None:
        """Remove one object, and all below its name; no error if it is gone.

        Raises:
            SetupError: the place cannot be reached. What nobody refers to goes when Casebook next tidies up.
        """
        with suppress(FileNotFoundError), self._store.answering():
            self._store.files.rm(self._at(name), recursive=True)

    def kept(self) -> list[Kept]:
        """Every key of this kind, with the bytes of its objects and when the last of them was put."""
        found: dict[str, Kept] = {}
        for name, said in self._listed(""):
            if (match := _KEY.match(name)) is not None:
                before = found.get(match[1], Kept(match[1], 0, 0.0))
                when = max(before.put_s, _put_s(said))
                found[match[1]] = Kept(match[1], before.size + int(said["size"]), when)
        return list(found.values())

    def keys(self, ending: str) -> set[str]:
        """The keys that an object whose name ends so makes whole."""
        names = (name for name, _ in self._listed("") if name.endswith(ending))
        return {match[1] for name in names if (match := _KEY.match(name)) is not None}

    def older(self, seconds: float) -> list[str]:
        """The keys of which nothing was put in the last so many seconds."""
        until = time.time() - seconds
        return [one.key for one in self.kept() if one.put_s < until]

    def _listed(self, folder: str) -> list[tuple[str, dict[str, Any]]]:
        start = len(self._at("")) + 1
        try:
            with self._store.answering():
                found = self._store.files.find(self._at(folder), detail=True)
        except FileNotFoundError:
            return []
        return [(at[start:], said) for at, said in found.items()]

    def _at(self, name: str) -> str:
        return self._store.at(f"{self._folder}/{name}")


def _put_s(said: dict[str, Any]) -> float:
    when = next(said[name] for name in _TIMES if name in said)
    return when.timestamp() if isinstance(when, datetime) else float(when)
