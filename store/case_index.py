"""`CaseIndex`: the one place that talks to Chroma, safe for several threads and processes.

Chroma keeps its nearest-neighbour graph in the memory of each process and does not see what another
process wrote until it is opened again (found with chromadb 1.5.9: of 50 vectors written by another
process, a reader that stayed open found none). So every access takes one file lock, and a small file
holds a token that each write changes: whoever finds another token than its own opens Chroma anew.

This file knows nothing of cases or pictures.
"""

from __future__ import annotations

import os
import threading
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from store.encoders import Encoder
from store.errors import CaseError, SetupError

if TYPE_CHECKING:
    from chromadb.api import ClientAPI
    from chromadb.api.models.Collection import Collection

# Ours: a batch of an import holds the lock for well under a second.
_LOCK_TIMEOUT_S = 60.0
# Ours, found with tests/bench/library.py: recall@10 of 1.00 at 10,000 cases; Chroma's own 100/100/16
# are made for larger collections.
_GRAPH = {"ef_construction": 200, "ef_search": 200, "max_neighbors": 32}


class CaseIndex:
    """The Chroma database of one library folder. Use `open_index`: one per folder and process."""

    def __init__(self, root: Path) -> None:
        self._root = root
        self._thread_lock = threading.RLock()
        self._client: ClientAPI | None = None
        self._token = ""

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """Look at the newest state. No other process writes meanwhile.

        Raises:
            CaseError: another process kept the library busy for a minute.
            SetupError: the database cannot be opened.
        """
        with self._locked():
            yield Session(self._opened(), self._token)

    @contextmanager
    def writing(self) -> Iterator[Session]:
        """Change something. The token changes first, so nobody takes a half-known state for the old one."""
        with self._locked():
            client = self._opened()
            self._token = uuid.uuid4().hex
            write_whole(self._token_file, self._token)
            yield Session(client, self._token)

    @property
    def _token_file(self) -> Path:
        return self._root / "state"

    @contextmanager
    def _locked(self) -> Iterator[None]:
        from chromadb.errors import ChromaError
        from filelock import FileLock, Timeout

        with self._thread_lock:
            try:
                self._root.mkdir(parents=True, exist_ok=True)
                with FileLock(self._root / "lock", timeout=_LOCK_TIMEOUT_S, poll_interval=0.01):
                    yield
            except Timeout as error:
                raise CaseError("The case library is busy in another Casebook process. Try again.") from error
            except ChromaError as error:
                self._close()
                raise SetupError(
                    "The case library's database cannot be used: the disk may be full, or the database "
                    "damaged or made by a newer version. Free some space, or move the folder away and "
                    "import the cases again."
                ) from error
            except PermissionError as error:
                raise SetupError(
                    "The case library's folder may not be written. Check its permissions."
                ) from error

    def _opened(self) -> ClientAPI:
        token = self._token_file.read_text("utf-8") if self._token_file.exists() else ""
        if self._client is None or token != self._token:
            self._close()
            self._client = _connect(self._root)
            self._token = token
        return self._client

    def _close(self) -> None:
        if self._client is not None:
            self._client.close()
            self._client = None


class Session:
    """Chroma, while the lock is held.

    Attributes:
        token: changes with every write to the library.
    """

    def __init__(self, client: ClientAPI, token: str) -> None:
        self._client = client
        self.token = token

    def collection(self, encoder: Encoder) -> Collection | None:
        """The collection of an encoder, or None if nothing was put in yet.

        Raises:
            SetupError: it was made by another version of the encoder.
        """
        found = self.any_collection(encoder.name)
        if found is not None:
            _check(dict(found.metadata or {}), encoder)
        return found

    def any_collection(self, name: str) -> Collection | None:
        """The collection called `name`, whatever made it, or None."""
        if name not in [found.name for found in self._client.list_collections()]:
            return None
        return self._client.get_collection(name, embedding_function=None)

    def make_collection(self, encoder: Encoder) -> Collection:
        """The collection of an encoder, made if it is not there."""
        found = self.collection(encoder)
        if found is not None:
            return found
        return self._client.create_collection(
            encoder.name,
            metadata=_signature(encoder),
            configuration={"hnsw": {"space": "cosine", **_GRAPH}},
            embedding_function=None,
        )

    def drop(self, name: str) -> None:
        """Delete the collection called `name`, whatever made it."""
        self._client.delete_collection(name)


@cache
def _index(root: Path, process: int) -> CaseIndex:  # noqa: ARG001 - a forked child must not share it
    return CaseIndex(root)


def open_index(root: Path) -> CaseIndex:
    """The index of a library folder; the same object for the same folder in one process.

    Chroma shares one database object per folder and process and closes it only when its last user
    does, so a second `CaseIndex` on the folder could never open it anew.
    """
    return _index(root.resolve(), os.getpid())


def write_whole(path: Path, text: str) -> None:
    """Replace a small text file, whole or not at all."""
    part = path.with_name(f".{path.name}-{uuid.uuid4().hex}")
    try:
        part.write_text(text, "utf-8")
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)


def _connect(root: Path) -> ClientAPI:
    import chromadb
    from chromadb.config import Settings

    return chromadb.PersistentClient(str(root), settings=Settings(anonymized_telemetry=False))


def _signature(encoder: Encoder) -> dict[str, Any]:
    return {
        "encoder": encoder.name,
        "version": encoder.version,
        "space": encoder.space,
        "dimension": encoder.dimension,
    }


def _check(metadata: dict[str, Any], encoder: Encoder) -> None:
    wanted = _signature(encoder)
    made_with = {key: metadata.get(key) for key in wanted}
    if made_with != wanted:
        raise SetupError(
            f"The collection {encoder.name} was made with {_words(made_with)}; this Casebook has "
            f"{_words(wanted)}. Their vectors cannot be compared. Drop the collection with "
            f'Library.drop("{encoder.name}") and import its cases again.'
        )


def _words(made: dict[str, Any]) -> str:
    return f"{made['encoder']} version {made['version']} ({made['dimension']} numbers, {made['space']} space)"
