"""Which chats hold some words, in their titles, questions or answers."""

from __future__ import annotations

import sqlalchemy as sa

from store.chats.chat_rows import ChatRow
from store.chats.database import CHATS, TURNS, reading


class Searching:
    """The search over all chats, one owner at a time.

    Args:
        engine: the opened database of the conversations.
    """

    def __init__(self, engine: sa.Engine) -> None:
        self._engine = engine
        # An answer is kept as JSON text; what stands beside its words, such as evidence, is not searched.
        local = engine.dialect.name == "sqlite"
        kept = sa.type_coerce(TURNS.c.answer, sa.JSON) if local else sa.cast(TURNS.c.answer, sa.JSON)
        self._said = kept["text"].as_string()

    def chats(self, owner: str | None, words: str, limit: int | None = 50) -> list[ChatRow]:
        """The chats that hold every one of the words somewhere, the most recently used first.

        Args:
            owner: whose; None for those of everybody.
            words: what is looked for; parts of words are found too. SQLite takes capitals and small letters
                for the same from A to Z only.
            limit: how many at most; None for all.
        """
        whose = sa.true() if owner is None else CHATS.c.owner == owner
        query = (
            sa.select(*(CHATS.c[name] for name in ("id", "title", "created_at", "updated_at")))
            .where(whose, *(self._hold(one) for one in words.split()))
            .order_by(CHATS.c.updated_at.desc())
        )
        with reading(self._engine) as db:
            return [ChatRow(*row) for row in db.execute(query.limit(limit))]

    def _hold(self, word: str) -> sa.ColumnElement[bool]:
        """The title, a question, or the words of an answer hold it."""
        said = (column.icontains(word, autoescape=True) for column in (TURNS.c.question, self._said))
        turn = sa.select(TURNS.c.n).where(TURNS.c.chat_id == CHATS.c.id, sa.or_(*said))
        return CHATS.c.title.icontains(word, autoescape=True) | turn.exists()
