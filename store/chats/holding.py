"""Which images and pictures the chats hold, so that the bytes of all others can go."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from store.chats.database import CHATS, IMAGES, PICTURES, TURNS, reading, writing
from store.errors import CaseError

# Ours: far below the most variables of one statement. Source: SQLite, "Implementation Limits", 32,766.
_AT_ONCE = 500


class Holding:
    """The references of all chats.

    Args:
        engine: the database of the conversations.
    """

    def __init__(self, engine: sa.Engine) -> None:
        self._engine = engine

    def unheld_images(self, keys: Iterable[str]) -> list[str]:
        """Those of some image keys that no chat refers to."""
        return self._unheld(IMAGES.c.image_key, keys)

    def unheld_pictures(self, keys: Iterable[str]) -> list[str]:
        """Those of some keys of drawn pictures that no chat refers to."""
        return self._unheld(PICTURES.c.picture_key, keys)

    def hold_picture(self, chat_id: str, key: str) -> None:
        """Let a chat refer to a picture, before the picture is there.

        Raises:
            CaseError: the chat was deleted.
        """
        mine = (PICTURES.c.chat_id == chat_id) & (PICTURES.c.picture_key == key)
        try:
            with writing(self._engine) as db:
                if db.execute(sa.select(PICTURES.c.chat_id).where(mine)).first() is None:
                    db.execute(PICTURES.insert().values(chat_id=chat_id, picture_key=key))
        except IntegrityError as error:
            raise CaseError("This chat was deleted in another window. Start a new one.") from error

    def images(self) -> dict[str, set[str]]:
        """The chats that refer to each image key."""
        found: dict[str, set[str]] = {}
        with reading(self._engine) as db:
            for chat, key in db.execute(sa.select(IMAGES.c.chat_id, IMAGES.c.image_key)):
                found.setdefault(key, set()).add(chat)
        return found

    def images_of(self, owner: str) -> set[str]:
        """The keys of all images that an owner's chats refer to."""
        query = sa.select(IMAGES.c.image_key).join(CHATS, CHATS.c.id == IMAGES.c.chat_id)
        with reading(self._engine) as db:
            return set(db.scalars(query.where(CHATS.c.owner == owner)))

    def chats_of(self, beginning: str) -> list[tuple[str, str]]:
        """Owner and id of the chats of all owners whose names begin so."""
        query = sa.select(CHATS.c.owner, CHATS.c.id).where(CHATS.c.owner.startswith(beginning))
        with reading(self._engine) as db:
            return [(owner, chat) for owner, chat in db.execute(query)]

    def pictures(self) -> set[str]:
        """The keys of all drawn pictures that chats refer to."""
        with reading(self._engine) as db:
            return set(db.scalars(sa.select(PICTURES.c.picture_key)))

    def let_go(self, pictures: Iterable[str]) -> None:
        """Let all chats forget these drawn pictures."""
        with writing(self._engine) as db:
            for key in pictures:
                db.execute(PICTURES.delete().where(PICTURES.c.picture_key == key))

    def old_chats(self, until: float) -> list[tuple[str, str]]:
        """Owner and id of the chats that were made before a moment and in which nothing was asked since."""
        asked = sa.select(TURNS.c.chat_id).where(TURNS.c.started_at >= until)
        return self._made_before(until, CHATS.c.id.not_in(asked))

    def empty_chats(self, until: float) -> list[tuple[str, str]]:
        """Owner and id of the chats that were made before a moment and in which nothing was asked."""
        asked = sa.select(TURNS.c.chat_id)
        return self._made_before(until, CHATS.c.id.not_in(asked))

    def _made_before(self, until: float, which: sa.ColumnElement[bool]) -> list[tuple[str, str]]:
        query = sa.select(CHATS.c.owner, CHATS.c.id).where(CHATS.c.created_at < until, which)
        with reading(self._engine) as db:
            return [(owner, chat) for owner, chat in db.execute(query)]

    def _unheld(self, column: sa.Column[str], keys: Iterable[str]) -> list[str]:
        wanted = list(dict.fromkeys(keys))
        held: set[str] = set()
        with reading(self._engine) as db:
            for at in range(0, len(wanted), _AT_ONCE):
                held |= set(db.scalars(sa.select(column).where(column.in_(wanted[at : at + _AT_ONCE]))))
        return [key for key in wanted if key not in held]


def only_here(db: sa.Connection, key: sa.Column[Any], chat: sa.Column[Any], chat_id: str) -> tuple[str, ...]:
    """The keys that one chat holds and no other."""
    elsewhere = sa.select(key).where(chat != chat_id)
    query = sa.select(key).where((chat == chat_id) & key.not_in(elsewhere)).distinct()
    return tuple(db.execute(query).scalars())
