"""The tables of the conversations, and how their database is opened, read and written.

SQLite or PostgreSQL. Errors of the database are mapped to `SetupError` here and nowhere else.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import cache
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import registry
from sqlalchemy.exc import DatabaseError, DataError, IntegrityError, ProgrammingError, SQLAlchemyError
from sqlalchemy.schema import CreateIndex, CreateTable

from store.errors import SetupError

_CANNOT_OPEN = (
    "The conversation database cannot be opened. CASEBOOK_DATABASE_URL must be a SQLite or PostgreSQL URL "
    "of a reachable, writable database; for PostgreSQL install the 'postgres' extra."
)
BUSY_TIMEOUT_MS = 10_000
"""How long SQLite waits for another program's lock. Ours: far longer than any of our writes."""

# Ours: a page reads for milliseconds; whoever reads for longer is not waited for.
_LOG_TIMEOUT_MS = 1_000
# Ours: any number that no other program of the same PostgreSQL database takes for its own advisory lock.
_MAKING = 711_304_925
# What a caller handles, or what is a bug; every other error is the disk's, the server's or the database's.
_OURS = (IntegrityError, ProgrammingError, DataError)

LONGEST_OWNER = 64
"""Characters of an owner's name. SQLite would take more, PostgreSQL would not."""

_META = sa.MetaData()
CHATS = sa.Table(
    "chats",
    _META,
    sa.Column("id", sa.String(32), primary_key=True),
    sa.Column("owner", sa.String(LONGEST_OWNER), nullable=False, index=True),
    sa.Column("title", sa.Text, nullable=False),
    sa.Column("created_at", sa.Float, nullable=False),
    sa.Column("updated_at", sa.Float, nullable=False),
)
TURNS = sa.Table(
    "turns",
    _META,
    sa.Column("chat_id", sa.ForeignKey("chats.id", ondelete="CASCADE"), primary_key=True),
    sa.Column("n", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("id", sa.String(32), nullable=False),
    sa.Column("question", sa.Text, nullable=False),
    sa.Column("attached", sa.Text, nullable=False),
    sa.Column("state", sa.String(16), nullable=False),
    sa.Column("answer", sa.Text),
    sa.Column("started_at", sa.Float, nullable=False),
    sa.Column("ended_at", sa.Float),
)
IMAGES = sa.Table(
    "images",
    _META,
    sa.Column("chat_id", sa.ForeignKey("chats.id", ondelete="CASCADE"), primary_key=True),
    sa.Column("n", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("image_key", sa.String(64), nullable=False, index=True),
    sa.Column("gate", sa.Text, nullable=False),
    sa.Column("facts", sa.Text, nullable=False),
    sa.Column("slice_index", sa.Integer, nullable=False),
)
PICTURES = sa.Table(
    "pictures",
    _META,
    sa.Column("chat_id", sa.ForeignKey("chats.id", ondelete="CASCADE"), primary_key=True),
    sa.Column("picture_key", sa.String(64), primary_key=True, index=True),
)
SUMMARIES = sa.Table(
    "summaries",
    _META,
    sa.Column("chat_id", sa.ForeignKey("chats.id", ondelete="CASCADE"), primary_key=True),
    sa.Column("upto", sa.Integer, nullable=False),
    sa.Column("text", sa.Text, nullable=False),
)
PROVENANCE = sa.Table(
    "provenance",
    _META,
    sa.Column("chat_id", sa.ForeignKey("chats.id", ondelete="CASCADE"), primary_key=True),
    sa.Column("n", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("text", sa.Text, nullable=False),
)
MAKINGS = sa.Table(
    "makings",
    _META,
    sa.Column("digest", sa.String(64), primary_key=True),
    sa.Column("text", sa.Text, nullable=False),
)
RATINGS = sa.Table(
    "ratings",
    _META,
    sa.Column("chat_id", sa.ForeignKey("chats.id", ondelete="CASCADE"), primary_key=True),
    sa.Column("turn_id", sa.String(32), primary_key=True),
    sa.Column("good", sa.Integer, nullable=False),
)
BROWSERS = sa.Table(
    "browsers",
    _META,
    sa.Column("browser", sa.String(LONGEST_OWNER), primary_key=True),
    sa.Column("owner", sa.String(LONGEST_OWNER), nullable=False, index=True),
)


def open_database(url: str | sa.URL) -> sa.Engine:
    """Open the database and make the tables that are not there yet.

    Args:
        url: a SQLAlchemy URL, ``sqlite:///…`` or ``postgresql+psycopg://…``.

    Raises:
        SetupError: the database cannot be opened.
    """
    try:
        parsed = _checked(url)
        local = parsed.drivername == "sqlite"
        if local and parsed.database:
            _keep_to_owner(Path(parsed.database))
        engine = sa.create_engine(parsed, pool_pre_ping=not local)
        if local:
            sa.event.listen(engine, "connect", _sqlite_pragmas)
        make_tables(engine, _META)
    except (SQLAlchemyError, ImportError, OSError, ValueError) as error:
        raise SetupError(_CANNOT_OPEN) from error
    return engine


def make_tables(engine: sa.Engine, tables: sa.MetaData) -> None:
    """Make the tables that are not there yet; of processes that start at once, one does it."""
    if set(tables.tables) <= set(sa.inspect(engine).get_table_names()):
        return
    with engine.begin() as db:
        if engine.dialect.name == "sqlite":
            db.exec_driver_sql("BEGIN IMMEDIATE")
        else:
            db.exec_driver_sql(f"SELECT pg_advisory_xact_lock({_MAKING})")
        for statement in _statements(tables, engine.dialect.name):
            db.exec_driver_sql(statement)


@cache
def _statements(tables: sa.MetaData, dialect: str) -> tuple[str, ...]:
    """What makes the tables and their indexes, written out once and not at each opening."""
    speaks = registry.load(dialect)()
    made: list[CreateTable | CreateIndex] = []
    for table in tables.sorted_tables:
        made.append(CreateTable(table, if_not_exists=True))
        made += [CreateIndex(one, if_not_exists=True) for one in table.indexes]
    return tuple(str(one.compile(dialect=speaks)) for one in made)


@contextmanager
def reading(engine: sa.Engine) -> Iterator[sa.Connection]:
    """A connection to read with.

    Raises:
        SetupError: the database does not answer.
    """
    try:
        with engine.connect() as db:
            yield db
    except _OURS:
        raise
    except DatabaseError as error:
        raise SetupError(
            "The conversation database does not answer, or is damaged. Check that it is running, readable "
            "and on a disk that works; then try again. If it is damaged, put a copy of it back."
        ) from error


@contextmanager
def reading_at_once(engine: sa.Engine) -> Iterator[sa.Connection]:
    """A connection on which everything that is read is of one moment.

    Raises:
        SetupError: the database does not answer.
    """
    local = engine.dialect.name == "sqlite"
    with reading(engine if local else engine.execution_options(isolation_level="REPEATABLE READ")) as db:
        if local:  # Python's driver begins no transaction for what only reads
            db.exec_driver_sql("BEGIN")
        yield db


@contextmanager
def writing(engine: sa.Engine) -> Iterator[sa.Connection]:
    """A transaction: all of it is kept, or nothing.

    Raises:
        SetupError: the database did not take it.
    """
    try:
        with engine.begin() as db:
            yield db
    except _OURS:
        raise
    except DatabaseError as error:
        raise SetupError(
            "The conversation database did not take the change. Check that its disk is not full, "
            "that it is writable and that no other program holds it locked; then ask again."
        ) from error


def forget_deleted(engine: sa.Engine) -> bool:
    """Take deleted rows out of SQLite's write-ahead log too; whoever reads is waited for a second at most.

    Returns:
        Whether they are gone; where somebody reads for longer, the log holds them until this is asked again.
    """
    if engine.dialect.name != "sqlite":
        return True
    with reading(engine) as db:
        db.exec_driver_sql(f"PRAGMA busy_timeout={_LOG_TIMEOUT_MS}")
        try:
            busy = db.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)").one()[0]
        finally:
            db.exec_driver_sql(f"PRAGMA busy_timeout={BUSY_TIMEOUT_MS}")
    return not busy


def look_through(engine: sa.Engine) -> None:
    """Read all of a SQLite database; PostgreSQL's own tools do that there.

    Raises:
        SetupError: it is damaged or does not answer.
    """
    if engine.dialect.name != "sqlite":
        return
    with reading(engine) as db:
        found = db.exec_driver_sql("PRAGMA quick_check(1)").scalar()
    if found != "ok":
        raise SetupError("The conversation database is damaged. Put a copy of it back.")


def _keep_to_owner(path: Path) -> None:
    """Make sure that only the owner may read the database; SQLite gives its log the same mode."""
    if str(path) == ":memory:":
        return
    path.touch(mode=0o600)
    if path.stat().st_uid == os.geteuid():
        for one in (path, path.with_name(f"{path.name}-wal"), path.with_name(f"{path.name}-shm")):
            with suppress(FileNotFoundError):
                one.chmod(0o600)


def _checked(url: str | sa.URL) -> sa.URL:
    parsed = sa.make_url(url)
    if parsed.drivername not in ("sqlite", "postgresql+psycopg"):
        raise SetupError(_CANNOT_OPEN)
    return parsed


def _sqlite_pragmas(connection: Any, _record: Any) -> None:
    # FULL: what was committed survives a power cut too, which NORMAL does not promise with a write-ahead log.
    # Source: SQLite documentation, "PRAGMA synchronous".
    for pragma in (
        f"busy_timeout={BUSY_TIMEOUT_MS}",
        "journal_mode=WAL",
        "synchronous=FULL",
        "foreign_keys=ON",
        "secure_delete=ON",
    ):
        connection.execute(f"PRAGMA {pragma}")
