"""Which chats are being answered, told to every process that shares the database.

A claim ends with its process, however that ends: beside SQLite it is a locked file, in PostgreSQL an advisory
lock of one session.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy.exc import DatabaseError

from store.errors import CaseError, SetupError

_TAKE = sa.text("SELECT pg_try_advisory_lock(:key)")
_LET_GO = sa.text("SELECT pg_advisory_unlock(:key)")
STILL_ANSWERING = "This chat is still answering. Wait for the answer or press Stop, then ask again."


class Answering:
    """The claims of one installation.

    Args:
        engine: the database of the conversations.
    """

    def __init__(self, engine: sa.Engine) -> None:
        self._engine = engine
        self._lock = threading.Lock()
        self._session: sa.Connection | None = None

    @contextmanager
    def claimed(self, chat_id: str) -> Iterator[None]:
        """Nobody else answers in this chat meanwhile, in whatever process.

        Raises:
            CaseError: another is answering in it.
            SetupError: the place of the claims cannot be written, or the server does not answer.
        """
        locked = self._by_file if self._engine.dialect.name == "sqlite" else self._by_session
        with locked(chat_id) if self._is_shared else nullcontext():
            yield

    def forget(self, chat_id: str) -> None:
        """Take away what a deleted chat leaves."""
        if self._engine.dialect.name == "sqlite" and self._is_shared:
            self._file(chat_id).unlink(missing_ok=True)

    def close(self) -> None:
        """End the session, and with it every claim."""
        with self._lock:
            self._drop()

    @property
    def _is_shared(self) -> bool:
        """Whether another process can see the chats: not where they lie in this one's memory."""
        own = self._engine.dialect.name == "sqlite" and self._engine.url.database in (None, "", ":memory:")
        return not own  # a server puts a URL without a database into the one that is called like its user

    def _file(self, chat_id: str) -> Path:
        return Path(str(self._engine.url.database)).parent / "answering" / f"{chat_id}.lock"

    @contextmanager
    def _by_file(self, chat_id: str) -> Iterator[None]:
        from filelock import FileLock, Timeout

        path = self._file(chat_id)
        try:
            path.parent.mkdir(mode=0o700, exist_ok=True)
            # A turn is begun in one thread and ends in another.
            lock = FileLock(path, timeout=0, thread_local=False)
            lock.acquire()
        except Timeout as error:
            raise CaseError(STILL_ANSWERING) from error
        except OSError as error:
            raise SetupError(
                "The folder of the conversations cannot be written. Free space on its disk, or set "
                "CASEBOOK_HOME to a folder that can be; then ask again."
            ) from error
        try:
            yield
        finally:
            lock.release()

    @contextmanager
    def _by_session(self, chat_id: str) -> Iterator[None]:
        key = int.from_bytes(bytes.fromhex(chat_id)[:8], signed=True)
        if not self._said(_TAKE, key):
            raise CaseError(STILL_ANSWERING)
        try:
            yield
        finally:
            self._let_go(key)

    def _said(self, statement: sa.TextClause, key: int) -> bool:
        """What the session says; a new one is asked where the server has ended the one there was."""
        with self._lock:
            for last in (False, True):
                try:
                    if self._session is None:
                        one = self._engine.connect()
                        self._session = one.execution_options(isolation_level="AUTOCOMMIT")
                    return bool(self._session.execute(statement, {"key": key}).scalar())
                except DatabaseError as error:
                    self._drop()
                    if last:
                        raise SetupError(
                            "The conversation database does not answer. Check that it runs; then ask again."
                        ) from error
        raise AssertionError("the last try returns or raises")

    def _let_go(self, key: int) -> None:
        with self._lock:
            try:
                if self._session is not None:  # a session that ended has let go of everything
                    self._session.execute(_LET_GO, {"key": key})
            except DatabaseError:
                self._drop()

    def _drop(self) -> None:
        if self._session is not None:
            self._session.invalidate()
            self._session.close()
            self._session = None
