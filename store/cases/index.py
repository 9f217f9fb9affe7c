"""`CaseIndex`: the one place that talks to Chroma, safe for several threads and processes, and for kill -9.

Chroma keeps its nearest-neighbour graph in the memory of each process and does not see what another
process wrote until it is opened again (found with chromadb 1.5.9: of 50 vectors written by another
process, a reader that stayed open found none). So every access takes one file lock, and a small file
holds a token that each write changes: whoever finds another token than its own opens Chroma anew.

While a write is under way the token says so. Whoever finds it so, with the lock in hand, knows that
the writer died, and makes the index again from the ledger before anything else.

Chroma keeps what was deleted or changed in its queue, and may lose sight of what stays (found with chromadb
1.5.9). So the index is made again after every write that takes something away.

This file knows nothing of cases or pictures.
"""

from __future__ import annotations

import os
import shutil
import sqlite3
import threading
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from store.cases.ledger import CaseLedger
from store.cases.session import LEDGER_GONE, Session, create, settle, upsert
from store.cases.unused import blank_unused
from store.errors import CaseError, SetupError
from store.whole_file import writable, write_whole

if TYPE_CHECKING:
    from chromadb.api import ClientAPI

# Ours: a batch of an import holds the lock for well under a second; making the index of 10,000 cases
# again takes about ten.
_LOCK_TIMEOUT_S = 60.0
_UNDER_WAY = "writing "


class CaseIndex:
    """The Chroma database and the ledger of one library folder.

    Use `open_index`: there is one per folder and process.
    """

    def __init__(self, root: Path) -> None:
        self._root = root
        self._ledger = CaseLedger(root / "cases.sqlite3")
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
            yield Session(self._opened(), self._ledger, self._token)

    @contextmanager
    def writing(self) -> Iterator[Session]:
        """Change something. If this does not end well, the index is made again from the ledger."""
        with self._locked():
            self._refuse_without_ledger()
            client, token = self._opened(), uuid.uuid4().hex
            write_whole(self._token_file, _UNDER_WAY + token)
            session = Session(client, self._ledger, token)
            yield session
            if session.forgets:
                self._rebuild()
                return
            session.settle()
            write_whole(self._token_file, token)
            self._token = token

    def rebuild(self) -> None:
        """Make the index again from the ledger, whatever state it is in."""
        with self._locked():
            self._rebuild()

    @property
    def _token_file(self) -> Path:
        return self._root / "state"

    @contextmanager
    def _locked(self) -> Iterator[None]:
        from chromadb.errors import ChromaError
        from filelock import FileLock, Timeout

        with self._thread_lock:
            try:
                with writable():
                    self._root.mkdir(parents=True, exist_ok=True)
                    with FileLock(self._root / "lock", timeout=_LOCK_TIMEOUT_S, poll_interval=0.01):
                        yield
            except Timeout as error:
                raise CaseError("The case library is busy in another Casebook process. Try again.") from error
            except (ChromaError, sqlite3.Error) as error:
                self._close()
                raise SetupError(
                    "The case library's database cannot be used: the disk may be full, or the database "
                    "damaged or made by a newer version. Free some space; if that does not help, make the "
                    "index again with Library.rebuild(), or move the folder away and import the cases again."
                ) from error

    def _opened(self) -> ClientAPI:
        token = self._token_file.read_text("utf-8", "replace") if self._token_file.exists() else ""
        if token.startswith(_UNDER_WAY) or self._is_gone():
            return self._rebuild()
        if self._client is None or token != self._token:
            self._close()
            self._client = _connect(self._root / "index")
            self._token = token
        return self._client

    def _is_gone(self) -> bool:
        """Whether there is a ledger without an index, as a restored copy has it until it is first opened."""
        return self._ledger.there and not (self._root / "index" / "chroma.sqlite3").exists()

    def _rebuild(self) -> ClientAPI:
        """Make the index beside the one there is, which goes only when the new one is whole."""
        self._close()
        index, beside = self._root / "index", self._root / "index-made-anew"
        self._refuse_without_ledger()
        self._ledger.check()
        shutil.rmtree(beside, ignore_errors=True)
        client = _connect(beside)
        try:
            for name, signature in self._ledger.collections().items():
                collection = create(client, name, signature)
                for entries in self._ledger.entries(name):
                    upsert(collection, entries)
                settle(collection)
        finally:
            client.close()
        blank_unused(beside)
        token = uuid.uuid4().hex
        write_whole(self._token_file, _UNDER_WAY + token)
        shutil.rmtree(index, ignore_errors=True)
        beside.rename(index)
        self._client = _connect(index)
        write_whole(self._token_file, token)
        self._token = token
        return self._client

    def _refuse_without_ledger(self) -> None:
        """Raise if the ledger is gone and the index still holds what was in it."""
        index = self._root / "index"
        if self._ledger.there or not (index / "chroma.sqlite3").exists():
            return
        self._close()
        client = _connect(index)
        try:
            held = client.count_collections()
        finally:
            client.close()
        if held:
            raise SetupError(LEDGER_GONE)

    def _close(self) -> None:
        if self._client is not None:
            self._client.close()
            self._client = None


@cache
def _index(root: Path, process: int) -> CaseIndex:  # noqa: ARG001 - a forked child must not share it
    return CaseIndex(root)


def open_index(root: Path) -> CaseIndex:
    """The index of a library folder; the same object for the same folder in one process.

    Chroma shares one database object per folder and process and closes it only when its last user
    does, so a second `CaseIndex` on the folder could never open it anew.
    """
    return _index(root.resolve(), os.getpid())


def _connect(folder: Path) -> ClientAPI:
    import chromadb
    from chromadb.api.shared_system_client import SharedSystemClient
    from chromadb.config import Settings
    from chromadb.errors import ChromaError

    try:
        return chromadb.PersistentClient(str(folder), settings=Settings(anonymized_telemetry=False))
    except ChromaError:
        # Chroma 1.5.9 keeps a database that failed to open, and then fails on it whatever lies there.
        SharedSystemClient._identifier_to_system.pop(str(folder), None)
        raise
