"""Where a text stands in everything that Casebook keeps: names of files, their bytes, and rows of databases.

Bytes are looked through as they lie on the disk, so that deleted rows, write-ahead logs and the queue of
Chroma count as well. Rows are looked through besides, as a long text lies in pieces on the disk; so is what
is packed.
"""

from __future__ import annotations

import gzip
import json
import os
import sqlite3
import unicodedata
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

from store.errors import CaseError

if TYPE_CHECKING:
    from sqlalchemy import URL

_CHUNK = 8 * 2**20
# Source: https://www.sqlite.org/fileformat.html, section 1.3.
_SQLITE = b"SQLite format 3\0"
_ENCODINGS = ("utf-8", "utf-16-le", "utf-16-be", "latin-1")
# Ours: shorter texts stand everywhere by chance.
_SHORTEST = 3
_DAMAGED = (OSError, EOFError, zlib.error, zipfile.BadZipFile, NotImplementedError, RuntimeError)


@dataclass(frozen=True)
class Place:
    """Where the text was found; never the text.

    Attributes:
        where: a file, from the folder on.
        what: ``name``, ``bytes``, a packed part, or a table and a column.
        times: how often, where it is counted.
    """

    where: str
    what: str
    times: int = 1


class Needle:
    """A text, in every way in which it may have been written down; upper and lower case are the same.

    Raises:
        CaseError: it is too short to be looked for.
    """

    def __init__(self, text: str) -> None:
        if len(text.strip()) < _SHORTEST:
            raise CaseError(f"Give at least {_SHORTEST} letters or digits to look for.")
        forms = {unicodedata.normalize(form, text.strip()) for form in ("NFC", "NFD")}
        forms |= {way(one) for one in forms for way in (str.lower, str.upper)}
        forms |= {json.dumps(one)[1:-1] for one in forms}
        self._ways = frozenset(way for one in forms for way in _encoded(one))
        self._longest = max(map(len, self._ways))

    def count(self, data: bytes) -> int:
        """How often it stands in these bytes."""
        low = data.lower()
        return max(low.count(way) for way in self._ways)

    def count_in(self, file: IO[bytes] | gzip.GzipFile) -> int:
        """How often it stands in a file, read piece by piece."""
        found, rest = 0, b""
        while piece := file.read(_CHUNK):
            data = rest + piece
            found += self.count(data)
            rest = data[-(self._longest - 1) :]
            found -= self.count(rest)
        return found + self.count(rest)


def find_in_folder(folder: Path, needle: Needle) -> Iterator[Place]:
    """Every place below a folder, in the order of names."""
    for root, folders, names in os.walk(folder):
        folders.sort()
        for name in sorted([*folders, *names]):
            path = Path(root, name)
            if needle.count(name.encode(errors="replace")):
                # The name is the text: the folder alone is told.
                yield Place(str(Path(root).relative_to(folder.parent)), "a name of a file or folder in it")
            if path.is_file() and not path.is_symlink():
                yield from _in_file(path, _told(path, folder, needle), needle)


def find_in_database(url: str | URL, needle: Needle) -> Iterator[Place]:
    """Every table and column of a database on a server. What it keeps besides its rows is not seen."""
    from sqlalchemy import MetaData, create_engine, select

    engine = create_engine(url)
    try:
        tables = MetaData()
        tables.reflect(engine)
        with engine.connect() as connection:
            for table in tables.sorted_tables:
                rows = connection.execute(select(table))
                yield from _in_rows("database", table.name, list(table.columns.keys()), rows, needle)
    finally:
        engine.dispose()


def _told(path: Path, folder: Path, needle: Needle) -> str:
    """A path without the parts in which the text stands."""
    parts = path.relative_to(folder.parent).parts
    return str(Path(*("…" if needle.count(part.encode(errors="replace")) else part for part in parts)))


def _in_file(path: Path, where: str, needle: Needle) -> Iterator[Place]:
    try:
        with path.open("rb") as file:
            head = file.read(len(_SQLITE))
            file.seek(0)
            if times := needle.count_in(file):
                yield Place(where, "bytes", times)
        if head == _SQLITE:
            yield from _in_sqlite(path, where, needle)
        elif head.startswith((b"PK\x03\x04", b"\x1f\x8b")):
            yield from _in_packed(path, where, needle)
    except _DAMAGED:
        yield Place(where, "it cannot be read, so it was not looked through", 0)


def _in_packed(path: Path, where: str, needle: Needle) -> Iterator[Place]:
    if not zipfile.is_zipfile(path):
        with gzip.open(path) as unpacked:
            if times := needle.count_in(unpacked):
                yield Place(where, "unpacked bytes", times)
        return
    with zipfile.ZipFile(path) as archive:
        for number, name in enumerate(archive.namelist(), 1):
            with archive.open(name) as part:
                if times := needle.count_in(part):
                    yield Place(where, f"part {number}, unpacked", times)


def _in_sqlite(path: Path, where: str, needle: Needle) -> Iterator[Place]:
    try:
        with closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)) as database:
            names = database.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall()
            for (name,) in names:
                quoted = '"' + name.replace('"', '""') + '"'
                rows = database.execute(f"SELECT * FROM {quoted}")  # noqa: S608  quoted above
                yield from _in_rows(where, name, [one[0] for one in rows.description], rows, needle)
    except sqlite3.Error:
        yield Place(where, "its rows cannot be read, so they were not looked through", 0)


def _in_rows(where: str, table: str, columns: list[str], rows: Any, needle: Needle) -> Iterator[Place]:
    found = dict.fromkeys(columns, 0)
    for row in rows:
        for column, value in zip(columns, row, strict=True):
            found[column] += bool(value is not None and needle.count(_bytes(value)))
    for column, times in found.items():
        if times:
            yield Place(where, f"table {table}, column {column}", times)


def _bytes(value: Any) -> bytes:
    if isinstance(value, bytes | memoryview):
        return bytes(value)
    return (value if isinstance(value, str) else json.dumps(value, default=str, ensure_ascii=False)).encode()


def _encoded(text: str) -> Iterator[bytes]:
    for encoding in _ENCODINGS:
        try:
            yield text.encode(encoding).lower()
        except UnicodeEncodeError:
            continue
