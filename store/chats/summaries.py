"""One summary per chat: what its oldest turns held, so that no turn has to read them again.

Nothing here knows what a summary means: it is JSON text from the layer above, with the number of the last
turn in it. It goes when its chat is deleted.
"""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from store.chats.database import SUMMARIES, reading, writing

_OF = sa.select(SUMMARIES.c.upto, SUMMARIES.c.text).where(SUMMARIES.c.chat_id == sa.bindparam("chat"))


class Summaries:
    """The summaries of all chats.

    Args:
        engine: the opened database of the conversations.
    """

    def __init__(self, engine: sa.Engine) -> None:
        self._engine = engine

    def read(self, chat_id: str) -> tuple[int, str] | None:
        """The number of the last turn that is in the chat's summary, and its text; None if there is none."""
        with reading(self._engine) as db:
            row = db.execute(_OF, {"chat": chat_id}).first()
        return None if row is None else (row.upto, row.text)

    def keep(self, chat_id: str, upto: int, text: str) -> None:
        """Put a summary in place of the chat's older one; a chat that was deleted meanwhile keeps none."""
        mine = SUMMARIES.c.chat_id == chat_id
        try:
            with writing(self._engine) as db:
                db.execute(SUMMARIES.delete().where(mine, SUMMARIES.c.upto < upto))
                db.execute(SUMMARIES.insert().values(chat_id=chat_id, upto=upto, text=text))
        except IntegrityError:  # another window was faster, or the chat is gone
            return
