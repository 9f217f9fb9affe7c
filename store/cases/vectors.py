"""`VectorFile`: vectors in an ``.npz`` file, read one by one, whoever made it.

Two layouts are known: one array per picture, named by its key (as Google publishes Derm Foundation's
vectors of SCIN), or two arrays, ``ids`` and ``embeddings``. Such a file is a zip archive from anywhere: it
is never unpacked as a whole, no more is read of a part than its header allows, and objects are never read.
"""

from __future__ import annotations

import struct
import tokenize
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

import numpy as np
from numpy.typing import NDArray

from store.errors import CaseError
from store.pictures.file_kind import refuse_no_file

# Ours: sixteen times the longest vectors that encoders of pictures give.
_LONGEST = 100_000
# Ours: a million keys of 64 characters.
_MOST_ID_BYTES = 256 * 2**20
_IDS, _VECTORS = "ids", "embeddings"
_DAMAGE = (zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError, RuntimeError, struct.error)

Vector = NDArray[np.float64]


@dataclass(frozen=True)
class Unusable:
    """Why one vector cannot be used, as the end of a sentence about it."""

    reason: str


@dataclass(frozen=True)
class _Header:
    shape: tuple[int, ...]
    dtype: np.dtype[Any]


class VectorFile(AbstractContextManager["VectorFile"]):
    """An open ``.npz`` file of vectors.

    Args:
        path: the file.

    Raises:
        CaseError: it is no such file, or cannot be read. Says what is accepted.
    """

    def __init__(self, path: Path) -> None:
        refuse_no_file(path, path.name)
        try:
            self._zip = zipfile.ZipFile(path)
        except _DAMAGE as error:
            raise CaseError(
                f"{path.name!r} is no npz file, or it is cut short. Copy or download it again; numpy.savez "
                "writes such files."
            ) from error
        self._names = [name.removesuffix(".npy") for name in self._zip.namelist() if name.endswith(".npy")]
        if not self._names:
            self._zip.close()
            raise CaseError(f"{path.name!r} holds no arrays. {_ACCEPTED}")
        self._stacked = {_IDS, _VECTORS} <= set(self._names)
        self._rows: tuple[list[str], _Header] | None = self._read_ids() if self._stacked else None

    def __exit__(self, *_: object) -> None:
        self._zip.close()

    def __len__(self) -> int:
        """How many vectors there are."""
        return len(self._rows[0]) if self._rows else len(self._names)

    @property
    def example(self) -> str:
        """A key."""
        return self._rows[0][0] if self._rows else self._names[0]

    def __iter__(self) -> Iterator[tuple[str, Pending]]:
        """Keys in the order of the file, each with its vector, which is read when asked for."""
        if self._rows:
            yield from self._stack(*self._rows)
            return
        for info in self._zip.infolist():
            if info.filename.endswith(".npy"):
                yield info.filename.removesuffix(".npy"), Pending(self._zip, info)

    def _read_ids(self) -> tuple[list[str], _Header]:
        try:
            with _opened(self._zip, f"{_IDS}.npy") as file:
                ids = _header(file)
                if isinstance(ids, Unusable) or ids.dtype.kind not in "US" or len(ids.shape) != 1:
                    raise CaseError(f"The array {_IDS} is no list of texts. {_ACCEPTED}")
                nbytes = ids.shape[0] * ids.dtype.itemsize
                if not 0 < nbytes <= _MOST_ID_BYTES:
                    raise CaseError(f"The array {_IDS} is empty or too long. Split a long file into several.")
                found = np.frombuffer(file.read(nbytes), ids.dtype)
            with _opened(self._zip, f"{_VECTORS}.npy") as file:
                vectors = _header(file)
        except (*_DAMAGE, ValueError) as error:
            raise CaseError("The npz file is damaged. Copy or download it again.") from error
        if isinstance(vectors, Unusable) or len(vectors.shape) != 2 or not _fits(vectors):
            raise CaseError(f"The array {_VECTORS} is no table of floating-point numbers. {_ACCEPTED}")
        if not len(found) == ids.shape[0] == vectors.shape[0]:
            raise CaseError(f"The file has {len(found)} ids for {vectors.shape[0]} vectors. {_ACCEPTED}")
        texts = found.astype(str) if ids.dtype.kind == "U" else np.char.decode(found, "utf-8", "replace")
        return [str(text) for text in texts], vectors

    def _stack(self, keys: list[str], header: _Header) -> Iterator[tuple[str, Pending]]:
        nbytes = header.shape[1] * header.dtype.itemsize
        with self._zip.open(f"{_VECTORS}.npy") as file:
            _header(file)
            for key in keys:
                try:
                    data = file.read(nbytes)
                except _DAMAGE as error:
                    raise CaseError(
                        f"The npz file is damaged from {key!r} on. Copy or download it again; what was "
                        "imported before is kept."
                    ) from error
                yield key, Pending(self._zip, None, _numbers(data, header.dtype, header.shape[1]))


@dataclass(frozen=True)
class Pending:
    """A vector that is read when asked for."""

    _zip: zipfile.ZipFile
    _info: zipfile.ZipInfo | None
    _got: Vector | Unusable | None = None

    def read(self) -> Vector | Unusable:
        """The vector ``(D,)`` float64, or why there is none."""
        if self._info is None:
            return self._got if self._got is not None else Unusable("is missing")
        try:
            with _opened(self._zip, self._info) as file:
                header = _header(file)
                if isinstance(header, Unusable):
                    return header
                if len(header.shape) != 1 or not _fits(header):
                    return Unusable(f"is no single row of floating-point numbers, but {_words(header)}")
                data = file.read(header.shape[0] * header.dtype.itemsize)
                if file.read(1):  # the last read also checks the sum of the part
                    return Unusable("is longer than it says")
        except _DAMAGE:
            return Unusable("is damaged: copy or download the file again")
        return _numbers(data, header.dtype, header.shape[0])


_ACCEPTED = (
    "Accepted are one array of numbers per picture, named by its key, or two arrays: ids (texts) and "
    "embeddings (one row of numbers each)."
)


def _opened(archive: zipfile.ZipFile, part: str | zipfile.ZipInfo) -> IO[bytes]:
    """A part to read from; only as numpy packs, which can be unpacked a little at a time."""
    info = archive.getinfo(part) if isinstance(part, str) else part
    if info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        raise NotImplementedError("another way of packing")
    return archive.open(info)


def _header(file: IO[bytes]) -> _Header | Unusable:
    """The header of an array; only version 1 of the format, whose length is bounded."""
    try:
        version = np.lib.format.read_magic(file)
        if version != (1, 0):
            return Unusable("is in another form than numpy.savez writes for numbers")
        shape, fortran, dtype = np.lib.format.read_array_header_1_0(file)
    except (ValueError, SyntaxError, TypeError, RecursionError, MemoryError, tokenize.TokenError):
        return Unusable("is no array")
    if dtype.hasobject:
        return Unusable("holds Python objects, which are never read")
    if fortran and len(shape) > 1:
        return Unusable("is stored column by column; save it again with numpy.ascontiguousarray")
    return _Header(tuple(int(length) for length in shape), dtype)


def _fits(header: _Header) -> bool:
    return header.dtype.kind == "f" and 0 < header.shape[-1] <= _LONGEST


def _words(header: _Header) -> str:
    return f"{' × '.join(map(str, header.shape)) or 'one'} of {header.dtype.name}"


def _numbers(data: bytes, dtype: np.dtype[Any], length: int) -> Vector | Unusable:
    if len(data) < length * dtype.itemsize:
        return Unusable("is cut short")
    vector = np.frombuffer(data, dtype).astype(np.float64)
    if not np.isfinite(vector).all():
        return Unusable("holds numbers that are missing or infinite")
    if not vector.any():
        return Unusable("is zero throughout")
    return vector
