"""The vectors of a collection in one file of plain float32 rows, which every reader maps into memory.

Rows are only ever added behind those that the ledger counts, and are on disk before it counts them. So a
reader needs no lock, and whatever a killed writer left behind the last counted row is written over.
"""

from __future__ import annotations

import os
import uuid
import zlib
from contextlib import suppress
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

# Ours: 50 MB of the longest vectors of an encoder.
_AT_ONCE = 2_048


class VectorRows:
    """The files of one library.

    Args:
        folder: where they lie; made when first written.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def path(self, file: str) -> Path:
        """Where the file of that name lies."""
        return self._folder / f"{file}.f32"

    def write(self, file: str, first: int, vectors: NDArray[np.float32]) -> None:
        """Write ``(N, D)`` vectors from row `first` on; they are on disk when this returns.

        Raises:
            OSError: they could not be written.
        """
        self._folder.mkdir(mode=0o700, exist_ok=True)
        data, path = np.ascontiguousarray(vectors, "<f4"), self.path(file)
        path.touch(mode=0o600)
        with path.open("r+b") as held:
            held.seek(first * data.shape[1] * data.itemsize)
            held.write(data.data)
            held.flush()
            os.fsync(held.fileno())

    def read(self, file: str, count: int, dimension: int) -> NDArray[np.float32]:
        """The first `count` vectors ``(N, D)`` float32, mapped and not read.

        Raises:
            OSError: the file is gone.
            ValueError: it is shorter.
        """
        if not count:
            return np.zeros((0, dimension), np.float32)
        return np.asarray(np.memmap(self.path(file), "<f4", "r", shape=(count, dimension)))

    def copy(self, file: str, to: str, keep: NDArray[np.bool_], dimension: int) -> None:
        """Write the rows to keep into another file."""
        vectors, rows = self.read(file, len(keep), dimension), np.flatnonzero(keep)
        for start in range(0, len(rows), _AT_ONCE):
            self.write(to, start, vectors[rows[start : start + _AT_ONCE]])

    def tidy(self, keep: set[str]) -> None:
        """Remove every other file; one that is still mapped where that forbids it goes next time."""
        for path in self._folder.glob("*.f32"):
            if path.stem not in keep:
                with suppress(PermissionError):
                    path.unlink(missing_ok=True)


def new_name(collection: str) -> str:
    """A name for a new file or graph of a collection."""
    return f"{collection}-{uuid.uuid4().hex[:12]}"


def checksum(vector: NDArray[np.float32]) -> int:
    """CRC-32 of a vector ``(D,)`` as it lies in the file."""
    return zlib.crc32(np.ascontiguousarray(vector, "<f4").data)
