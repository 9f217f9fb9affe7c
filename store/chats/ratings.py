"""What readers thought of answers: good or not. It goes when its chat is deleted."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from store.chats.database import RATINGS, reading, writing


class Ratings:
    """The ratings of all chats' answers, one each.

    Args:
        engine: the opened database of the conversations.
    """

    def __init__(self, engine: sa.Engine) -> None:
        self._engine = engine

    def of(self, chat_id: str) -> dict[str, bool]:
        """Which turns of a chat were rated, by id, and whether the answer was good."""
        query = sa.select(RATINGS.c.turn_id, RATINGS.c.good).where(RATINGS.c.chat_id == chat_id)
        with reading(self._engine) as db:
            return {turn_id: bool(good) for turn_id, good in db.execute(query)}

    def keep(self, chat_id: str, turn_id: str, good: bool | None) -> None:
        """Put a rating in place of the older one; None takes it back. A deleted chat keeps none."""
        mine = (RATINGS.c.chat_id == chat_id) & (RATINGS.c.turn_id == turn_id)
        try:
            with writing(self._engine) as db:
                db.execute(RATINGS.delete().where(mine))
                if good is not None:
                    db.execute(RATINGS.insert(), {"chat_id": chat_id, "turn_id": turn_id, "good": int(good)})
        except IntegrityError:  # the chat is gone, or another window was faster
            return
