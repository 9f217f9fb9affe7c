"""What a backup holds: where everything lies in it, which files, how many rows, and what each file hashes to.

    manifest.json           counts, and size and SHA-256 of every other file
    conversations.db        chats and turns
    images/, pictures/      what the chats refer to, by digest
    library/                the table of cases, their pictures, classifiers, the key of its stand-ins
    settings.toml, models/  settings, accepted licences, which weights were pulled

The search index of the library is not among it: it is made again from the table of cases.
"""

from __future__ import annotations

import hashlib
import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path, PurePosixPath
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from store.errors import CaseError

MANIFEST = "manifest.json"
CHATS = "conversations.db"
CASES = "library/cases.sqlite3"
PLAIN = ("settings.toml", "library/persons.key", "library/heads", "models/licences.json", "models/*.json")
"""What is copied as it is, besides databases and what they refer to."""

_CHUNK = 2**20
_DIGEST = "[0-9a-f]{64}"


class Listed(BaseModel):
    """One file of a backup: its bytes and their SHA-256 in hex."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    size: int = Field(ge=0)
    sha256: str = Field(pattern=f"^{_DIGEST}$")


class Manifest(BaseModel):
    """All of a backup: `counts` by table, ``case pictures`` and the like; `lacking` was not there to copy."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    format: int = Field(default=1, ge=1, le=1)
    made_at: str
    counts: dict[str, int]
    lacking: tuple[str, ...] = ()
    files: dict[str, Listed]


def read_manifest(folder: Path) -> Manifest:
    """What a backup says of itself.

    Raises:
        CaseError: the folder is no backup, or its list of files is damaged.
    """
    try:
        found = Manifest.model_validate_json((folder / MANIFEST).read_bytes())
    except (OSError, ValidationError) as error:
        raise CaseError(
            f"The folder {folder.name!r} is no backup of Casebook, or its {MANIFEST} is damaged. Name a "
            "folder that casebook backup made."
        ) from error
    for name in found.files:
        path = PurePosixPath(name)
        if path.is_absolute() or ".." in path.parts or "\\" in name or not path.parts:
            raise CaseError(
                f"The {MANIFEST} of this backup names a file outside of it. Nothing was restored."
            )
    return found


def counted(folder: Path) -> dict[str, int]:
    """How many rows the databases of a folder have by table, and how many cases each collection.

    Raises:
        sqlite3.DatabaseError: one of them is damaged.
    """
    found: dict[str, int] = {}
    for table in ("chats", "turns", "images", "pictures", "summaries"):
        found[table] = _rows(folder / CHATS, f"SELECT COUNT(*) FROM {table}")[0][0]  # noqa: S608 - ours
    if (folder / CASES).exists():
        of_each = "SELECT collection, COUNT(*) FROM cases GROUP BY collection ORDER BY collection"
        found |= {f"cases of {name}": count for name, count in _rows(folder / CASES, of_each)}
    return found


def chat_keys(database: Path) -> tuple[set[str], set[str]]:
    """The keys of images and of drawn pictures that the chats of a database refer to."""
    images = _rows(database, "SELECT DISTINCT image_key FROM images")
    pictures = _rows(database, "SELECT DISTINCT picture_key FROM pictures")
    return {key for (key,) in images}, {key for (key,) in pictures}


def case_keys(database: Path) -> set[str]:
    """The keys of the pictures that the cases of a library's table refer to."""
    told: Iterator[dict[str, Any]] = (
        json.loads(one) for (one,) in _rows(database, "SELECT metadata FROM cases")
    )
    return {str(case["key"]) for case in told if case.get("key")}


def copied(source: Path, target: Path) -> Listed:
    """Copy one file; what is listed is hashed on the way.

    Raises:
        OSError: it cannot be read or written.
    """
    target.parent.mkdir(parents=True, exist_ok=True)
    digest, size = hashlib.sha256(), 0
    with source.open("rb") as read, target.open("wb") as written:
        while piece := read.read(_CHUNK):
            digest.update(piece)
            written.write(piece)
            size += len(piece)
    return Listed(size=size, sha256=digest.hexdigest())


def copied_database(source: Path, target: Path) -> None:
    """Copy an SQLite database as of one moment, while others write to it.

    Source: SQLite documentation, "Online Backup API".

    Raises:
        sqlite3.Error: it cannot be read or written.
    """
    target.unlink(missing_ok=True)
    uri = f"{source.absolute().as_uri()}?mode=ro"
    with closing(sqlite3.connect(uri, uri=True)) as read, closing(sqlite3.connect(target)) as written:
        read.backup(written)
        written.execute("PRAGMA journal_mode=DELETE")  # one file, without a log beside it


def _rows(database: Path, query: str) -> list[Any]:
    with closing(sqlite3.connect(f"{database.absolute().as_uri()}?mode=ro", uri=True)) as connection:
        return connection.execute(query).fetchall()
