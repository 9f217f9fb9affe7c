"""`CaseLedger`: every case with its vector in one SQLite table, from which the index can be made again.

Chroma writes its nearest-neighbour graph in place, about once in a thousand cases. A process killed in
those milliseconds leaves a graph that cannot be read (found with chromadb 1.5.9: the third of three
kills timed so). So the ledger is written first, in one transaction, and the index follows it.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

_TABLES = """
CREATE TABLE IF NOT EXISTS collections (name TEXT PRIMARY KEY, signature TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS cases (
    number INTEGER PRIMARY KEY,
    collection TEXT NOT NULL,
    id TEXT NOT NULL,
    vector BLOB NOT NULL,
    metadata TEXT NOT NULL,
    UNIQUE (collection, id)
);
"""
_BATCH = 500


class Entries(NamedTuple):
    """Some cases of one collection, as Chroma takes them."""

    ids: list[str]
    vectors: NDArray[np.float32]
    metadatas: list[dict[str, Any]]


class CaseLedger:
    """The table of one library folder. The caller holds the library's lock.

    Args:
        path: the SQLite file; its folder exists.
    """

    def __init__(self, path: Path) -> None:
        self._path = path

    @property
    def there(self) -> bool:
        """Whether the file has been made."""
        return self._path.exists()

    def check(self) -> None:
        """Look at the whole file.

        Raises:
            sqlite3.DatabaseError: it is damaged.
        """
        with self._writing() as connection:
            (found,) = connection.execute("PRAGMA quick_check(1)").fetchone()
        if found != "ok":
            raise sqlite3.DatabaseError(found)

    def add_collection(self, name: str, signature: dict[str, Any]) -> None:
        """Remember a collection; one that is known keeps its signature."""
        with self._writing() as connection:
            connection.execute(
                "INSERT OR IGNORE INTO collections VALUES (?, ?)", (name, json.dumps(signature))
            )

    def add(self, collection: str, entries: Entries) -> None:
        """Write cases in one transaction; a case that is there is replaced."""
        rows = [
            (collection, identity, vector.astype("<f4").tobytes(), json.dumps(metadata))
            for identity, vector, metadata in zip(*entries, strict=True)
        ]
        with self._writing() as connection:
            connection.executemany(
                "INSERT OR REPLACE INTO cases (collection, id, vector, metadata) VALUES (?, ?, ?, ?)", rows
            )

    def change(self, collection: str, identity: str, metadata: dict[str, Any]) -> None:
        """Change some of a case's metadata."""
        with self._writing() as connection:
            connection.execute(
                "UPDATE cases SET metadata = json_patch(metadata, ?) WHERE collection = ? AND id = ?",
                (json.dumps(metadata), collection, identity),
            )

    def delete(self, collection: str, ids: Sequence[str]) -> None:
        """Delete cases."""
        with self._writing() as connection:
            connection.executemany(
                "DELETE FROM cases WHERE collection = ? AND id = ?", [(collection, i) for i in ids]
            )

    def drop(self, collection: str) -> None:
        """Delete a collection with its cases."""
        with self._writing() as connection:
            connection.execute("DELETE FROM cases WHERE collection = ?", (collection,))
            connection.execute("DELETE FROM collections WHERE name = ?", (collection,))

    def collections(self) -> dict[str, dict[str, Any]]:
        """The signature of every collection by name."""
        with self._writing() as connection:
            found = connection.execute("SELECT name, signature FROM collections ORDER BY rowid").fetchall()
        return {name: json.loads(signature) for name, signature in found}

    def entries(self, collection: str) -> Iterator[Entries]:
        """All cases of a collection in the order they were added, a few hundred at a time."""
        last = 0
        while True:
            with self._writing() as connection:
                rows = connection.execute(
                    "SELECT number, id, vector, metadata FROM cases WHERE collection = ? AND number > ? "
                    "ORDER BY number LIMIT ?",
                    (collection, last, _BATCH),
                ).fetchall()
            if not rows:
                return
            last = rows[-1][0]
            vectors = np.stack([np.frombuffer(row[2], "<f4") for row in rows]).astype(np.float32)
            yield Entries([row[1] for row in rows], vectors, [json.loads(row[3]) for row in rows])

    def ids(self, collection: str) -> set[str]:
        """The ids of all cases of a collection."""
        with self._writing() as connection:
            found = connection.execute("SELECT id FROM cases WHERE collection = ?", (collection,)).fetchall()
        return {identity for (identity,) in found}

    def newest(self) -> list[str]:
        """The ids of all cases, those put in last first."""
        with self._writing() as connection:
            found = connection.execute("SELECT id FROM cases ORDER BY number DESC").fetchall()
        return list(dict.fromkeys(identity for (identity,) in found))

    @contextmanager
    def _writing(self) -> Iterator[sqlite3.Connection]:
        with closing(sqlite3.connect(self._path)) as connection, connection:
            connection.execute("PRAGMA secure_delete=ON")  # what is deleted is written over
            connection.executescript(_TABLES)
            yield connection
