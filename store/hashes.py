"""Digests of the files that an answer depends on. A file is read once, and again when it was written to."""

from __future__ import annotations

import hashlib
import time
from functools import lru_cache
from pathlib import Path

# Ours: larger files are weights of gigabytes, and other weights differ in some of 33 blocks.
_WHOLE = 2**26
_BLOCKS, _BLOCK = 33, 2**18
# Ours: a clock of files may tick so rarely that what is written twice within it seems untouched.
_TICK_S = 2.0

_LETTERS = str.maketrans("0123456789", "ghijklmnop")


def file_digest(path: Path) -> str:
    """What tells a file from others of its name: its size and a hash.

    Up to 64 MiB it is the SHA-256 of the file, above that of blocks spread over it, both ends included.

    Raises:
        OSError: it cannot be read.
    """
    found = path.stat()
    asked = (path, found.st_size, found.st_mtime_ns, found.st_ino)
    if time.time() - found.st_mtime < _TICK_S:
        return _digest(*asked)
    return _once(*asked)


def folder_digest(folder: Path) -> str:
    """SHA-256 of the names and digests of all files in a folder, links followed.

    Raises:
        OSError: one cannot be read.
    """
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    lines = [f"{path.relative_to(folder).as_posix()} {file_digest(path)}" for path in files]
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()


def mark(data: bytes) -> str:
    """What tells data from other data: 32 letters of its SHA-256, digits turned into letters from g on.

    Casebook keeps many of them, and a number that is looked for in what it keeps is to be found in none.
    """
    return hashlib.sha256(data).hexdigest()[:32].translate(_LETTERS)


def _digest(path: Path, size: int, _written: int, _file: int) -> str:
    with path.open("rb") as file:
        if size <= _WHOLE:
            return f"{size} bytes, SHA-256 {hashlib.file_digest(file, 'sha256').hexdigest()}"
        found = hashlib.sha256()
        for number in range(_BLOCKS):
            file.seek((size - _BLOCK) * number // (_BLOCKS - 1))
            found.update(file.read(_BLOCK))
    return f"{size} bytes, SHA-256 of blocks {found.hexdigest()}"


_once = lru_cache(maxsize=4096)(_digest)
