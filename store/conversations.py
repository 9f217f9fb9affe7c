"""Chats, turns and image handles in SQLite or PostgreSQL, by one URL and one set of statements.

A turn is two writes: `begin_turn` when the question is accepted, `finish_turn` with the answer. A
turn found without an answer after a restart was cut off and is shown as such. Rows are appended, so
the cost of a turn does not depend on how long the chat is. Nothing here knows what an answer means:
it is JSON text from the layer above. Pixels are in ``store.image_store``, not here.
"""

from __future__ import annotations

import json
import time
import uuid
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Literal

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError, OperationalError, SQLAlchemyError

from store.errors import CaseError, SetupError
from store.records import Gate

TurnState = Literal["running", "answered", "stopped", "failed"]

_META = sa.MetaData()
_CHATS = sa.Table(
    "chats",
    _META,
    sa.Column("id", sa.String(32), primary_key=True),
    sa.Column("owner", sa.String(64), nullable=False, index=True),
    sa.Column("title", sa.Text, nullable=False),
    sa.Column("created_at", sa.Float, nullable=False),
    sa.Column("updated_at", sa.Float, nullable=False),
)
_TURNS = sa.Table(
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
_IMAGES = sa.Table(
    "images",
    _META,
    sa.Column("chat_id", sa.ForeignKey("chats.id", ondelete="CASCADE"), primary_key=True),
    sa.Column("n", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("image_key", sa.String(64), nullable=False, index=True),
    sa.Column("gate", sa.Text, nullable=False),
    sa.Column("facts", sa.Text, nullable=False),
    sa.Column("slice_index", sa.Integer, nullable=False),
)
_PICTURES = sa.Table(
    "pictures",
    _META,
    sa.Column("chat_id", sa.ForeignKey("chats.id", ondelete="CASCADE"), primary_key=True),
    sa.Column("picture_key", sa.String(64), primary_key=True, index=True),
)


@dataclass(frozen=True)
class ChatRow:
    """One chat in a list. Times are seconds since the epoch."""

    id: str
    title: str
    created_at: float
    updated_at: float


@dataclass(frozen=True)
class TurnRow:
    """One question and, once finished, its answer as JSON text. `attached` holds image ids."""

    id: str
    n: int
    question: str
    attached: tuple[str, ...]
    state: TurnState
    answer: str | None
    started_at: float


@dataclass(frozen=True)
class ImageRow:
    """One image of a chat: its handle, its key in the image store, what it is, where the user looks.

    `facts` is small and printable: frame count, width, height, file type.
    """

    id: str
    key: str
    gate: Gate
    facts: dict[str, Any]
    index: int


@dataclass(frozen=True)
class Removed:
    """Keys that no chat refers to any more."""

    image_keys: tuple[str, ...]
    picture_keys: tuple[str, ...]


class Conversations:
    """The chats of all owners; every call names the owner and sees only that owner's chats.

    Args:
        url: a SQLAlchemy URL, ``sqlite:///…`` or ``postgresql+psycopg://…``.

    Raises:
        SetupError: the database cannot be opened.
    """

    def __init__(self, url: str) -> None:
        self._engine = _open(url)

    def close(self) -> None:
        """Close every connection."""
        self._engine.dispose()

    def new_chat(self, owner: str, title: str = "New chat") -> ChatRow:
        """Start a chat."""
        now = time.time()
        row = ChatRow(uuid.uuid4().hex, title, now, now)
        with self._write() as db:
            db.execute(
                _CHATS.insert().values(id=row.id, owner=owner, title=title, created_at=now, updated_at=now)
            )
        return row

    def chats(self, owner: str, limit: int = 200) -> list[ChatRow]:
        """The owner's chats, the most recently used first."""
        columns = (_CHATS.c.id, _CHATS.c.title, _CHATS.c.created_at, _CHATS.c.updated_at)
        query = sa.select(*columns).where(_CHATS.c.owner == owner).order_by(_CHATS.c.updated_at.desc())
        with self._engine.connect() as db:
            return [ChatRow(*row) for row in db.execute(query.limit(limit))]

    def chat(self, owner: str, chat_id: str) -> ChatRow:
        """One chat.

        Raises:
            CaseError: the owner has no such chat.
        """
        columns = (_CHATS.c.id, _CHATS.c.title, _CHATS.c.created_at, _CHATS.c.updated_at)
        with self._engine.connect() as db:
            row = db.execute(sa.select(*columns).where(_mine(owner, chat_id))).first()
        if row is None:
            raise CaseError(
                f"There is no chat {chat_id[:40]!r} here. It may have been deleted; start a new one."
            )
        return ChatRow(*row)

    def rename(self, owner: str, chat_id: str, title: str) -> None:
        """Give a chat another title.

        Raises:
            CaseError: the owner has no such chat, or the title is empty.
        """
        clean = " ".join(title.split())[:120]
        if not clean:
            raise CaseError("The title is empty. Give the chat a name of one to 120 characters.")
        with self._write() as db:
            done = db.execute(_CHATS.update().where(_mine(owner, chat_id)).values(title=clean))
        if not done.rowcount:
            self.chat(owner, chat_id)

    def delete(self, owner: str, chat_id: str) -> Removed:
        """Delete a chat with its turns and handles.

        Returns:
            The image and picture keys that nothing refers to any more.

        Raises:
            CaseError: the owner has no such chat.
        """
        self.chat(owner, chat_id)
        with self._write() as db:
            images = _only_here(db, _IMAGES.c.image_key, _IMAGES.c.chat_id, chat_id)
            pictures = _only_here(db, _PICTURES.c.picture_key, _PICTURES.c.chat_id, chat_id)
            for table in (_TURNS, _IMAGES, _PICTURES):
                db.execute(table.delete().where(table.c.chat_id == chat_id))
            db.execute(_CHATS.delete().where(_mine(owner, chat_id)))
        return Removed(images, pictures)

    def begin_turn(self, chat_id: str, question: str, images: Sequence[ImageRow]) -> TurnRow:
        """Keep a question and the images that came with it, before anything is computed.

        Args:
            chat_id: the chat.
            question: the user's words.
            images: new images; their `id` must continue the chat's numbering.

        Raises:
            CaseError: another page added a turn or image to this chat at the same moment.
        """
        now = time.time()
        try:
            with self._write() as db:
                last = db.execute(
                    sa.select(sa.func.max(_TURNS.c.n)).where(_TURNS.c.chat_id == chat_id)
                ).scalar()
                n = (last or 0) + 1
                row = TurnRow(
                    uuid.uuid4().hex, n, question, tuple(i.id for i in images), "running", None, now
                )
                attached = json.dumps(row.attached)
                db.execute(
                    _TURNS.insert().values(
                        chat_id=chat_id,
                        n=n,
                        id=row.id,
                        question=question,
                        attached=attached,
                        state="running",
                        started_at=now,
                    )
                )
                if images:
                    db.execute(_IMAGES.insert(), [_image_values(chat_id, image) for image in images])
        except IntegrityError as error:
            raise CaseError(
                "This chat changed in another window at the same moment. Reload it and ask again."
            ) from error
        return row

    def finish_turn(
        self,
        chat_id: str,
        turn: TurnRow,
        state: TurnState,
        answer: str,
        *,
        images: Sequence[ImageRow] = (),
        pictures: Sequence[str] = (),
        title: str | None = None,
    ) -> None:
        """Keep the answer, what the turn changed about its images, and the pictures it drew."""
        now = time.time()
        with self._write() as db:
            where = (_TURNS.c.chat_id == chat_id) & (_TURNS.c.n == turn.n)
            db.execute(_TURNS.update().where(where).values(state=state, answer=answer, ended_at=now))
            for image in images:
                at = (_IMAGES.c.chat_id == chat_id) & (_IMAGES.c.n == number(image.id))
                values = {"gate": image.gate.model_dump_json(), "slice_index": image.index}
                db.execute(_IMAGES.update().where(at).values(**values))
            for key in dict.fromkeys(pictures):
                known = sa.select(_PICTURES.c.chat_id).where(
                    (_PICTURES.c.chat_id == chat_id) & (_PICTURES.c.picture_key == key)
                )
                if db.execute(known).first() is None:
                    db.execute(_PICTURES.insert().values(chat_id=chat_id, picture_key=key))
            changed = {"updated_at": now} | ({"title": title} if title else {})
            db.execute(_CHATS.update().where(_CHATS.c.id == chat_id).values(**changed))

    def turns(self, chat_id: str, *, last: int | None = None) -> list[TurnRow]:
        """The chat's turns in order; only the `last` few if given."""
        c = _TURNS.c
        query = sa.select(c.id, c.n, c.question, c.attached, c.state, c.answer, c.started_at)
        query = query.where(c.chat_id == chat_id).order_by(c.n.desc())
        if last is not None:
            query = query.limit(last)
        with self._engine.connect() as db:
            rows = db.execute(query).all()
        return [
            TurnRow(r.id, r.n, r.question, tuple(json.loads(r.attached)), r.state, r.answer, r.started_at)
            for r in reversed(rows)
        ]

    def images(self, chat_id: str) -> list[ImageRow]:
        """The chat's images in the order they came."""
        c = _IMAGES.c
        query = sa.select(c.n, c.image_key, c.gate, c.facts, c.slice_index).where(c.chat_id == chat_id)
        with self._engine.connect() as db:
            rows = db.execute(query.order_by(c.n)).all()
        return [
            ImageRow(
                f"img-{r.n}",
                r.image_key,
                Gate.model_validate_json(r.gate),
                json.loads(r.facts),
                r.slice_index,
            )
            for r in rows
        ]

    @contextmanager
    def _write(self) -> Iterator[sa.Connection]:
        try:
            with self._engine.begin() as db:
                yield db
        except OperationalError as error:
            raise SetupError(
                "The conversation database did not take the change. Check that its disk is not full, "
                "that it is writable and that no other program holds it locked; then ask again."
            ) from error


def number(image_id: str) -> int:
    """The number in an image id: 3 for ``img-3``."""
    return int(image_id.removeprefix("img-"))


def _mine(owner: str, chat_id: str) -> sa.ColumnElement[bool]:
    return (_CHATS.c.id == chat_id) & (_CHATS.c.owner == owner)


def _image_values(chat_id: str, image: ImageRow) -> dict[str, Any]:
    return {
        "chat_id": chat_id,
        "n": number(image.id),
        "image_key": image.key,
        "gate": image.gate.model_dump_json(),
        "facts": json.dumps(image.facts),
        "slice_index": image.index,
    }


def _only_here(
    db: sa.Connection, key: sa.Column[Any], chat: sa.Column[Any], chat_id: str
) -> tuple[str, ...]:
    elsewhere = sa.select(key).where(chat != chat_id)
    query = sa.select(key).where((chat == chat_id) & key.not_in(elsewhere)).distinct()
    return tuple(db.execute(query).scalars())


def _open(url: str) -> sa.Engine:
    try:
        engine = sa.create_engine(url, pool_pre_ping=not url.startswith("sqlite"))
        if engine.dialect.name == "sqlite":
            sa.event.listen(engine, "connect", _sqlite_pragmas)
        _META.create_all(engine)
    except (SQLAlchemyError, ImportError) as error:
        raise SetupError(
            "The conversation database cannot be opened. CASEBOOK_DATABASE_URL must be a SQLite or "
            "PostgreSQL URL of a reachable, writable database; for PostgreSQL install the 'postgres' extra."
        ) from error
    return engine


def _sqlite_pragmas(connection: Any, _record: Any) -> None:
    # Write-ahead log with NORMAL: a killed process loses nothing; SQLite documentation, "WAL mode".
    for pragma in (
        "journal_mode=WAL",
        "synchronous=NORMAL",
        "busy_timeout=10000",
        "foreign_keys=ON",
        "secure_delete=ON",
    ):
        connection.execute(f"PRAGMA {pragma}")
