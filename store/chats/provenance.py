"""What made each answer, beside the turns: as JSON text from the layer above, which knows what it means.

What many turns have in common (code, words, settings, weights) is kept once, under its digest, so that a turn
adds little. It holds nothing of a chat; what does goes when its chat is deleted.
"""

from __future__ import annotations

from contextlib import suppress

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from store.chats.chat_rows import TURN, TurnRow, turn_of
from store.chats.database import MAKINGS, PROVENANCE, TURNS, reading, writing


class Provenances:
    """The provenance of all chats' turns.

    Args:
        engine: the opened database of the conversations.
    """

    def __init__(self, engine: sa.Engine) -> None:
        self._engine = engine
        self._kept: set[str] = set()

    def turn(self, turn_id: str) -> tuple[str, TurnRow] | None:
        """The chat and the turn of an id, whoever owns it; None if there is none."""
        query = sa.select(*(TURNS.c[name] for name in ("chat_id", *TURN))).where(TURNS.c.id == turn_id)
        with reading(self._engine) as db:
            row = db.execute(query).first()
        return None if row is None else (row.chat_id, turn_of(row))

    def keep_making(self, digest: str, text: str) -> str:
        """Keep what turns have in common under its digest, once; returns the digest.

        Raises:
            SetupError: the database did not take it.
        """
        if digest not in self._kept:
            if self.making(digest) is None:
                with suppress(IntegrityError), writing(self._engine) as db:  # another process may be faster
                    db.execute(MAKINGS.insert(), {"digest": digest, "text": text})
            self._kept.add(digest)
        return digest

    def making(self, digest: str) -> str | None:
        """What is kept under a digest; None if nothing is."""
        with reading(self._engine) as db:
            return db.scalar(sa.select(MAKINGS.c.text).where(MAKINGS.c.digest == digest))

    def of(self, chat_id: str, n: int) -> str | None:
        """What is kept of one turn; None where it was made by an older Casebook, or cut off."""
        mine = (PROVENANCE.c.chat_id == chat_id) & (PROVENANCE.c.n == n)
        with reading(self._engine) as db:
            return db.scalar(sa.select(PROVENANCE.c.text).where(mine))

    def since(self, chat_id: str, n: int) -> list[str]:
        """What is kept of one turn and those after it, the last first."""
        later = (PROVENANCE.c.chat_id == chat_id) & (PROVENANCE.c.n >= n)
        with reading(self._engine) as db:
            query = sa.select(PROVENANCE.c.text).where(later).order_by(PROVENANCE.c.n.desc())
            return list(db.scalars(query))
