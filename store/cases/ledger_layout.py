"""The tables of the ledger, and how those of an earlier Casebook become them.

Earlier, vectors lay in the table of cases; they move into files that are mapped into memory.
"""

from __future__ import annotations

import sqlite3

import numpy as np

from store.cases.rows import VectorRows, checksum, new_name

_LAYOUT = 2
_TABLES = (
    """CREATE TABLE collections (
        name TEXT PRIMARY KEY,
        signature TEXT NOT NULL,
        rows TEXT NOT NULL,
        size INTEGER NOT NULL DEFAULT 0,
        revision INTEGER NOT NULL DEFAULT 0,
        place TEXT NOT NULL DEFAULT '',
        graph TEXT NOT NULL DEFAULT '',
        indexed INTEGER NOT NULL DEFAULT 0,
        busy INTEGER NOT NULL DEFAULT 0
    )""",
    """CREATE TABLE entries (
        number INTEGER PRIMARY KEY,
        collection TEXT NOT NULL,
        id TEXT NOT NULL,
        checksum INTEGER NOT NULL,
        metadata TEXT NOT NULL,
        revision INTEGER NOT NULL,
        UNIQUE (collection, id)
    )""",
    "CREATE INDEX entries_order ON entries (collection)",
    "CREATE INDEX entries_revision ON entries (collection, revision)",
    "CREATE TABLE leftovers (place TEXT NOT NULL, graph TEXT NOT NULL)",
)


def lay_out(connection: sqlite3.Connection, rows: VectorRows) -> None:
    """Make the tables of a ledger that lacks them, in one transaction; nothing where they are there."""
    if connection.execute("PRAGMA user_version").fetchone()[0] == _LAYOUT:
        return
    with connection:
        connection.execute("BEGIN IMMEDIATE")
        if connection.execute("PRAGMA user_version").fetchone()[0] == _LAYOUT:  # another process did
            return
        earlier = connection.execute("SELECT 1 FROM sqlite_master WHERE name = 'cases'").fetchone()
        if earlier:
            connection.execute("ALTER TABLE collections RENAME TO earlier")
        for statement in _TABLES:
            connection.execute(statement)
        if earlier:
            _take_over(connection, rows)
        connection.execute(f"PRAGMA user_version = {_LAYOUT}")
    if earlier:
        connection.execute("VACUUM")


def _take_over(connection: sqlite3.Connection, rows: VectorRows) -> None:
    collections = connection.execute("SELECT name, signature FROM earlier ORDER BY rowid").fetchall()
    for name, signature in collections:
        file, size = new_name(name), 0
        found = connection.execute(
            "SELECT number, id, vector, metadata FROM cases WHERE collection = ? ORDER BY number", (name,)
        )
        while batch := found.fetchmany(500):
            vectors = np.stack([np.frombuffer(row[2], "<f4") for row in batch])
            rows.write(file, size, vectors)
            size += len(batch)
            connection.executemany(
                "INSERT INTO entries VALUES (?, ?, ?, ?, ?, 1)",
                [
                    (row[0], name, row[1], checksum(vector), row[3])
                    for row, vector in zip(batch, vectors, strict=True)
                ],
            )
        connection.execute(
            "INSERT INTO collections (name, signature, rows, size, revision) VALUES (?, ?, ?, ?, 1)",
            (name, signature, file, size),
        )
    connection.execute("DROP TABLE cases")
    connection.execute("DROP TABLE earlier")
