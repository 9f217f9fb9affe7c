"""`CaseLedger`: every case in one SQLite table and its vector in a file beside it; the graphs follow them.

Chroma writes its nearest-neighbour graph in place, about once in a thousand cases. A process killed in
those milliseconds leaves a graph that cannot be read (found with chromadb 1.5.9: the third of three
kills timed so). So the ledger is written first, in one transaction, and the index follows it.

Each collection has a revision of its own, which every write to it changes, so that whoever holds what was
read can tell what is new. Reading takes no lock but SQLite's own.
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

from store.cases.ledger_layout import lay_out
from store.cases.rows import VectorRows, checksum, new_name

# Ours: a transaction of another process is over in well under a second.
_BUSY_S = 10.0


class Entries(NamedTuple):
    """Some cases of one collection."""

    ids: list[str]
    vectors: NDArray[np.float32]
    metadatas: list[dict[str, Any]]


class Standing(NamedTuple):
    """How a collection stands.

    Attributes:
        name: its name.
        signature: what made its vectors.
        rows: the file of its vectors; another one once some were removed.
        size: how many cases it holds.
        revision: changes with every write to it.
        place: where its graph lies; "" in the library folder.
        graph: what its graph is called there; "" for none.
        indexed: how many of its first rows the graph holds.
        busy: 1 while the graph is being written, else 0; 1 with nobody writing: its writer died.
    """

    name: str
    signature: dict[str, Any]
    rows: str
    size: int
    revision: int
    place: str
    graph: str
    indexed: int
    busy: int

    @property
    def dimension(self) -> int:
        """How many numbers a vector has."""
        return int(self.signature["dimension"])

    @property
    def token(self) -> str:
        """Another one after every write to the collection."""
        return f"{self.rows} {self.revision}"


class Told(NamedTuple):
    """What the ledger says of one case."""

    id: str
    metadata: dict[str, Any]


class CaseLedger:
    """The ledger of one library folder. Who writes holds the library's lock.

    Args:
        path: the SQLite file; its folder exists when something is written.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self.rows = VectorRows(path.parent / "vectors")

    @property
    def there(self) -> bool:
        """Whether the file has been made."""
        return self._path.exists()

    def standings(self) -> dict[str, Standing]:
        """How every collection stands, in the order they were made."""
        if not self.there:
            return {}
        with self._connected() as connection:
            return _standings(connection)

    def news(self, name: str, after: int) -> tuple[Standing | None, list[Told]]:
        """How a collection stands, and of the same moment every case that was written after a revision."""
        with self._connected() as connection:
            connection.execute("BEGIN")
            standing = _standings(connection).get(name)
            found = connection.execute(
                "SELECT id, metadata FROM entries WHERE collection = ? AND revision > ? ORDER BY number",
                (name, after),
            ).fetchall()
        return standing, [Told(identity, json.loads(metadata)) for identity, metadata in found]

    def newest(self) -> list[str]:
        """The ids of all cases, those put in last first."""
        if not self.there:
            return []
        with self._connected() as connection:
            found = connection.execute("SELECT id FROM entries ORDER BY number DESC").fetchall()
        return list(dict.fromkeys(identity for (identity,) in found))

    def last_ids(self, name: str, count: int) -> list[str]:
        """The ids of the last `count` cases of a collection, in the order they were put in."""
        with self._connected() as connection:
            found = connection.execute(
                "SELECT id FROM entries WHERE collection = ? ORDER BY number DESC LIMIT ?", (name, count)
            ).fetchall()
        return [identity for (identity,) in reversed(found)]

    def check(self) -> None:
        """Look at the whole ledger, vectors included.

        Raises:
            sqlite3.DatabaseError: it is damaged.
        """
        with self._connected() as connection:
            (found,) = connection.execute("PRAGMA quick_check(1)").fetchone()
            if found != "ok":
                raise sqlite3.DatabaseError(found)
            for standing in _standings(connection).values():
                self._check_rows(connection, standing)

    def _check_rows(self, connection: sqlite3.Connection, standing: Standing) -> None:
        try:
            vectors = self.rows.read(standing.rows, standing.size, standing.dimension)
        except (OSError, ValueError) as error:
            raise sqlite3.DatabaseError("the file of vectors is gone or cut short") from error
        sums = connection.execute(
            "SELECT checksum FROM entries WHERE collection = ? ORDER BY number", (standing.name,)
        ).fetchall()
        if len(sums) != len(vectors) or any(
            checksum(vector) != told for vector, (told,) in zip(vectors, sums, strict=True)
        ):
            raise sqlite3.DatabaseError("the file of vectors is damaged")

    def add_collection(self, name: str, signature: dict[str, Any]) -> None:
        """Remember a collection; one that is known keeps its signature."""
        with self._changing() as connection:
            connection.execute(
                "INSERT OR IGNORE INTO collections (name, signature, rows) VALUES (?, ?, ?)",
                (name, json.dumps(signature), new_name(name)),
            )

    def add(self, name: str, entries: Entries) -> None:
        """Write cases that are not there yet; all of them or none.

        Raises:
            sqlite3.IntegrityError: one of them is there.
        """
        with self._changing() as connection:
            standing = _standings(connection)[name]
            connection.executemany(
                "INSERT INTO entries (collection, id, checksum, metadata, revision) VALUES (?, ?, ?, ?, ?)",
                [
                    (name, identity, checksum(vector), json.dumps(metadata), standing.revision + 1)
                    for identity, vector, metadata in zip(*entries, strict=True)
                ],
            )
            self.rows.write(standing.rows, standing.size, entries.vectors)
            connection.execute(
                "UPDATE collections SET revision = revision + 1, size = size + ? WHERE name = ?",
                (len(entries.ids), name),
            )

    def change(self, name: str, identity: str, metadata: dict[str, Any]) -> None:
        """Change some of a case's metadata."""
        with self._changing() as connection:
            connection.execute("UPDATE collections SET revision = revision + 1 WHERE name = ?", (name,))
            connection.execute(
                "UPDATE entries SET metadata = json_patch(metadata, ?), revision = "
                "(SELECT revision FROM collections WHERE name = ?) WHERE collection = ? AND id = ?",
                (json.dumps(metadata), name, name, identity),
            )

    def delete(self, name: str, ids: Sequence[str]) -> None:
        """Delete cases; the vectors of the others move to a new file, and the graph counts no more."""
        with self._changing() as connection:
            standing = _standings(connection)[name]
            there = connection.execute(
                "SELECT id FROM entries WHERE collection = ? ORDER BY number", (name,)
            ).fetchall()
            gone, file = set(ids), new_name(name)
            keep = np.array([identity not in gone for (identity,) in there], bool)
            self.rows.copy(standing.rows, file, keep, standing.dimension)
            connection.executemany(
                "DELETE FROM entries WHERE collection = ? AND id = ?", [(name, one) for one in gone]
            )
            connection.execute(
                "UPDATE collections SET revision = revision + 1, rows = ?, size = ? WHERE name = ?",
                (file, int(keep.sum()), name),
            )
            _leave(connection, standing)
        self.tidy()

    def drop(self, name: str) -> None:
        """Delete a collection with its cases."""
        with self._changing() as connection:
            if standing := _standings(connection).get(name):
                _leave(connection, standing)
            connection.execute("DELETE FROM entries WHERE collection = ?", (name,))
            connection.execute("DELETE FROM collections WHERE name = ?", (name,))
        self.tidy()

    def tidy(self) -> None:
        """Remove files of vectors that no collection has any more."""
        self.rows.tidy({standing.rows for standing in self.standings().values()})

    def begin_graph(self, place: str, graph: str) -> None:
        """Remember that a graph is being made, which is left over unless `keep_graph` takes it."""
        with self._changing() as connection:
            connection.execute("INSERT INTO leftovers VALUES (?, ?)", (place, graph))

    def keep_graph(self, name: str, place: str, graph: str, indexed: int) -> None:
        """Let a graph be the one of a collection; the one before is left over."""
        with self._changing() as connection:
            standing = _standings(connection).get(name)
            if standing is not None and standing.graph != graph:
                _leave(connection, standing)
            connection.execute(
                "UPDATE collections SET place = ?, graph = ?, indexed = ?, busy = 0 WHERE name = ?",
                (place, graph, indexed, name),
            )
            connection.execute("DELETE FROM leftovers WHERE place = ? AND graph = ?", (place, graph))

    def mark_busy(self, name: str) -> None:
        """Remember that the graph of a collection is being written."""
        with self._changing() as connection:
            connection.execute("UPDATE collections SET busy = 1 WHERE name = ?", (name,))

    def leftovers(self) -> list[tuple[str, str]]:
        """Place and name of every graph that no collection has any more."""
        if not self.there:
            return []
        with self._connected() as connection:
            return connection.execute("SELECT DISTINCT place, graph FROM leftovers").fetchall()

    def forget_leftover(self, place: str, graph: str) -> None:
        """A graph is gone."""
        with self._changing() as connection:
            connection.execute("DELETE FROM leftovers WHERE place = ? AND graph = ?", (place, graph))

    @contextmanager
    def _connected(self) -> Iterator[sqlite3.Connection]:
        with closing(sqlite3.connect(self._path, timeout=_BUSY_S)) as connection:
            connection.execute("PRAGMA secure_delete=ON")  # what is deleted is written over
            lay_out(connection, self.rows)
            yield connection

    @contextmanager
    def _changing(self) -> Iterator[sqlite3.Connection]:
        with self._connected() as connection, connection:
            connection.execute("BEGIN IMMEDIATE")
            yield connection


def _standings(connection: sqlite3.Connection) -> dict[str, Standing]:
    found = connection.execute(
        "SELECT name, signature, rows, size, revision, place, graph, indexed, busy FROM collections "
        "ORDER BY rowid"
    ).fetchall()
    return {row[0]: Standing(row[0], json.loads(row[1]), *row[2:]) for row in found}


def _leave(connection: sqlite3.Connection, standing: Standing) -> None:
    """Let a collection have no graph; the one it had is left over."""
    if standing.graph:
        connection.execute("INSERT INTO leftovers VALUES (?, ?)", (standing.place, standing.graph))
    connection.execute(
        "UPDATE collections SET graph = '', indexed = 0, busy = 0 WHERE name = ?", (standing.name,)
    )
