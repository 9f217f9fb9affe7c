"""Chats, turns and image handles in SQLite or PostgreSQL, by one URL and one set of statements.

A turn is two writes: `begin_turn` when the question is accepted, `finish_turn` with the answer. A
turn found without an answer after a restart was cut off and is shown as such. Rows are appended, so
the cost of a turn does not depend on how long the chat is. Nothing here knows what an answer means:
it is JSON text from the layer above. Pixels are in ``store.pictures.image_store``, not here.
"""

from __future__ import annotations

import json
import re
import time
import uuid
from collections.abc import Sequence

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from store.chats.answering import Answering
from store.chats.browsers import Browsers
from store.chats.chat_rows import (
    TURN,
    ChatRow,
    ImageRow,
    Removed,
    TurnRow,
    TurnState,
    changed_values,
    image_of,
    image_values,
    number,
    turn_of,
)
from store.chats.database import (
    CHATS,
    IMAGES,
    LONGEST_OWNER,
    PICTURES,
    PROVENANCE,
    TURNS,
    forget_deleted,
    look_through,
    open_database,
    reading,
    writing,
)
from store.chats.holding import Holding, only_here
from store.chats.provenance import Provenances
from store.chats.ratings import Ratings
from store.chats.searching import Searching
from store.chats.summaries import Summaries
from store.errors import CaseError

__all__ = ["ChatRow", "Conversations", "ImageRow", "Removed", "TurnRow", "TurnState", "number"]

_CHAT_ID = re.compile(r"[0-9a-f]{32}")

# The statements of every turn, built once: building them took longer than running them.
_COLUMNS = (CHATS.c.id, CHATS.c.title, CHATS.c.created_at, CHATS.c.updated_at)
_CHAT = sa.bindparam("chat", type_=sa.String)
_AT = sa.bindparam("at", type_=sa.Integer)
_ALL = 2**31 - 1
_LAST_TURN = sa.select(sa.func.max(TURNS.c.n)).where(TURNS.c.chat_id == _CHAT)
_ADD_TURN = TURNS.insert()
_END_TURN = TURNS.update().where(TURNS.c.chat_id == _CHAT, TURNS.c.n == _AT)
_TOUCH_CHAT = CHATS.update().where(CHATS.c.id == _CHAT)
_CHANGE_IMAGE = IMAGES.update().where(IMAGES.c.chat_id == _CHAT, IMAGES.c.n == _AT)
_TURNS_OF = (
    sa.select(*(TURNS.c[name] for name in TURN))
    .where(
        TURNS.c.chat_id == _CHAT,
        TURNS.c.n > sa.bindparam("after", type_=sa.Integer),
        TURNS.c.n < sa.bindparam("before", type_=sa.Integer),
    )
    .order_by(TURNS.c.n.desc())
    .limit(sa.bindparam("most", type_=sa.Integer))
)
_LAST_WITH = _TURNS_OF.where(TURNS.c.answer.contains(sa.bindparam("words", type_=sa.String))).limit(1)
_IMAGES_OF = (
    sa.select(*(IMAGES.c[name] for name in ("n", "image_key", "gate", "facts", "slice_index")))
    .where(IMAGES.c.chat_id == _CHAT)
    .order_by(IMAGES.c.n)
)


class Conversations:
    """The chats of all owners; a call that names an owner sees only that owner's chats.

    Args:
        url: a SQLAlchemy URL, ``sqlite:///…`` or ``postgresql+psycopg://…``.

    Raises:
        SetupError: the database cannot be opened.
    """

    def __init__(self, url: str | sa.URL) -> None:
        self._engine = open_database(url)
        self.answering = Answering(self._engine)
        self.summaries = Summaries(self._engine)
        self.holding = Holding(self._engine)
        self.provenances = Provenances(self._engine)
        self.browsers = Browsers(self._engine)
        self.ratings = Ratings(self._engine)
        self.searching = Searching(self._engine)

    def close(self) -> None:
        """Close every connection."""
        self.answering.close()
        self._engine.dispose()

    def check(self) -> None:
        """Look through the database.

        Raises:
            SetupError: it is damaged or does not answer.
        """
        look_through(self._engine)

    def new_chat(self, owner: str, title: str = "New chat") -> ChatRow:
        """Start a chat.

        Raises:
            CaseError: the owner's name is longer than `LONGEST_OWNER`.
        """
        if len(owner) > LONGEST_OWNER:
            many = f"at most {LONGEST_OWNER} characters; this one has {len(owner)}"
            raise CaseError(f"An owner's name has {many}. Use a shorter name.")
        now = time.time()
        row = ChatRow(uuid.uuid4().hex, title, now, now)
        with writing(self._engine) as db:
            db.execute(CHATS.insert(), vars(row) | {"owner": owner})
        return row

    def chats(self, owner: str | None, limit: int | None = 200) -> list[ChatRow]:
        """The owner's chats, the most recently used first; those of all owners for None."""
        whose = sa.true() if owner is None else CHATS.c.owner == owner
        query = sa.select(*_COLUMNS).where(whose).order_by(CHATS.c.updated_at.desc())
        with reading(self._engine) as db:
            return [ChatRow(*row) for row in db.execute(query.limit(limit))]

    def owner_of(self, chat_id: str) -> str | None:
        """Whose chat it is; None if there is no such chat. For whoever runs the machine, not for an owner."""
        with reading(self._engine) as db:
            query = sa.select(CHATS.c.owner).where(CHATS.c.id == chat_id)
            return db.execute(query).scalar() if _CHAT_ID.fullmatch(chat_id) else None

    def chat(self, owner: str, chat_id: str) -> ChatRow:
        """One chat.

        Raises:
            CaseError: the owner has no such chat.
        """
        query = sa.select(*_COLUMNS).where(_mine(owner, chat_id))
        with reading(self._engine) as db:
            row = db.execute(query).first() if _CHAT_ID.fullmatch(chat_id) else None
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
        clean = " ".join(_storable(title, "title").split())[:120]
        if not clean:
            raise CaseError("The title is empty. Give the chat a name of one to 120 characters.")
        self.chat(owner, chat_id)
        with writing(self._engine) as db:
            db.execute(CHATS.update().where(_mine(owner, chat_id)).values(title=clean))

    def delete(self, owner: str, chat_id: str) -> Removed:
        """Delete a chat with its turns and handles; `forget_deleted` takes them out of the log.

        Returns:
            The image and picture keys that nothing refers to any more.

        Raises:
            CaseError: the owner has no such chat.
        """
        self.chat(owner, chat_id)
        with writing(self._engine) as db:
            images = only_here(db, IMAGES.c.image_key, IMAGES.c.chat_id, chat_id)
            pictures = only_here(db, PICTURES.c.picture_key, PICTURES.c.chat_id, chat_id)
            for table in (TURNS, IMAGES, PICTURES):
                db.execute(table.delete().where(table.c.chat_id == chat_id))
            db.execute(CHATS.delete().where(_mine(owner, chat_id)))
        self.answering.forget(chat_id)
        return Removed(images, pictures)

    def forget_deleted(self) -> bool:
        """Write over what was deleted in the database's log too; see `database.forget_deleted`."""
        return forget_deleted(self._engine)

    def begin_turn(self, chat_id: str, question: str, images: Sequence[ImageRow], title: str = "") -> TurnRow:
        """Keep a question and the images that came with it, before anything is computed.

        Args:
            chat_id: the chat.
            question: the user's words.
            images: new images; their `id` must continue the chat's numbering.
            title: names the chat if this is its first turn.

        Raises:
            CaseError: the chat was deleted, another page added a turn or image to it at the same
                moment, or the question cannot be kept as text.
        """
        now = time.time()
        attached = tuple(image.id for image in images)
        turn_id = uuid.uuid4().hex
        values = {
            "chat_id": chat_id,
            "id": turn_id,
            "question": _storable(question, "question"),
            "attached": json.dumps(attached),
            "state": "running",
            "started_at": now,
        }
        try:
            with writing(self._engine) as db:
                n = (db.execute(_LAST_TURN, {"chat": chat_id}).scalar() or 0) + 1
                db.execute(_ADD_TURN, values | {"n": n})
                if images:
                    db.execute(IMAGES.insert(), [image_values(chat_id, image) for image in images])
                if title and n == 1:
                    db.execute(_TOUCH_CHAT, {"chat": chat_id, "title": _storable(title, "question")})
        except IntegrityError as error:
            raise CaseError(
                "This chat was just changed or deleted in another window. Reload it, then ask again."
            ) from error
        return TurnRow(turn_id, n, question, attached, "running", None, now)

    def look_at(self, chat_id: str, image: ImageRow) -> None:
        """Keep which slice of an image is looked at from now on."""
        with writing(self._engine) as db:
            db.execute(_CHANGE_IMAGE, changed_values(chat_id, image))

    def finish_turn(
        self,
        chat_id: str,
        turn: TurnRow,
        state: TurnState,
        answer: str,
        *,
        images: Sequence[ImageRow] = (),
        pictures: Sequence[str] = (),
        provenance: str = "",
    ) -> None:
        """Keep the answer, what the turn changed about its images, the pictures it drew, and what made it."""
        now = time.time()
        with writing(self._engine) as db:
            at = {"chat": chat_id, "at": turn.n}
            done = db.execute(_END_TURN, at | {"state": state, "answer": answer, "ended_at": now})
            if not done.rowcount:  # the chat was deleted meanwhile; its answer goes with it
                return
            for image in images:
                db.execute(_CHANGE_IMAGE, changed_values(chat_id, image))
            for key in dict.fromkeys(pictures):
                same = (PICTURES.c.chat_id == chat_id) & (PICTURES.c.picture_key == key)
                if db.execute(sa.select(PICTURES.c.chat_id).where(same)).first() is None:
                    db.execute(PICTURES.insert().values(chat_id=chat_id, picture_key=key))
            if provenance:
                db.execute(PROVENANCE.insert(), {"chat_id": chat_id, "n": turn.n, "text": provenance})
            db.execute(_TOUCH_CHAT, {"chat": chat_id, "updated_at": now})

    def turns(
        self, chat_id: str, *, last: int | None = None, after: int = 0, before: int = _ALL
    ) -> list[TurnRow]:
        """The chat's turns in order: those after one number and before another, only the `last` if given."""
        which = {"chat": chat_id, "most": _ALL if last is None else last, "after": after, "before": before}
        with reading(self._engine) as db:
            rows = db.execute(_TURNS_OF, which).all()
        return [turn_of(row) for row in reversed(rows)]

    def last_turn_with(self, chat_id: str, words: str, before: int = _ALL) -> TurnRow | None:
        """The chat's latest turn before a number whose answer holds these words; None if there is none."""
        which = {"chat": chat_id, "after": 0, "before": before, "words": words}
        with reading(self._engine) as db:
            row = db.execute(_LAST_WITH, which).first()
        return None if row is None else turn_of(row)

    def images(self, chat_id: str) -> list[ImageRow]:
        """The chat's images in the order they came."""
        with reading(self._engine) as db:
            return [image_of(row) for row in db.execute(_IMAGES_OF, {"chat": chat_id})]


def _storable(text: str, what: str) -> str:
    """The same text, once it is sure that every database takes it."""
    if "\x00" in text or any("\ud800" <= c <= "\udfff" for c in text):
        raise CaseError(f"The {what} holds a character that is no text. Type it again instead of pasting it.")
    return text


def _mine(owner: str, chat_id: str) -> sa.ColumnElement[bool]:
    return (CHATS.c.id == chat_id) & (CHATS.c.owner == owner)
