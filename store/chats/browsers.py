"""Which owner's chats a browser sees: its own, until it takes over those of another.

A browser is known by the digest of its token, which is also the name of the owner that it has at first. Chats
that no other browser reaches are never left behind.
"""

from __future__ import annotations

import secrets

import sqlalchemy as sa

from store.chats.database import BROWSERS, CHATS, reading, writing
from store.errors import CaseError

# An owner that is named for no browser.
_ANEW, _BYTES = "anew-", 24
_OWNER = sa.select(BROWSERS.c.owner).where(BROWSERS.c.browser == sa.bindparam("browser", type_=sa.String))


class Browsers:
    """The browsers that see another owner's chats than those they began with.

    Args:
        engine: the database of the conversations.
    """

    def __init__(self, engine: sa.Engine) -> None:
        self._engine = engine

    def owner_of(self, browser: str) -> str:
        """The owner whose chats a browser sees."""
        with reading(self._engine) as db:
            return _owner(db, browser)

    def join(self, browser: str, owner: str) -> None:
        """Let a browser see an owner's chats from now on. Those that it alone saw become that owner's.

        Raises:
            CaseError: it sees them already.
        """
        with writing(self._engine) as db:
            before = _owner(db, browser)
            if before == owner:
                raise CaseError("This browser shows these chats already. Give the code to another browser.")
            if not _seen_elsewhere(db, browser, before):
                db.execute(CHATS.update().where(CHATS.c.owner == before).values(owner=owner))
            _see(db, browser, owner)

    def leave(self, browser: str) -> None:
        """Let a browser begin anew, without chats; those that it saw stay with the others that see them.

        Raises:
            CaseError: no other browser sees them, so they would be out of reach.
        """
        with writing(self._engine) as db:
            before = _owner(db, browser)
            held = db.execute(sa.select(CHATS.c.id).where(CHATS.c.owner == before).limit(1)).first()
            if held is not None and not _seen_elsewhere(db, browser, before):
                raise CaseError(
                    "No other browser shows these chats, so they would be out of reach. Show them in another "
                    "browser first, or delete them."
                )
            _see(db, browser, _ANEW + secrets.token_hex(_BYTES))


def _owner(db: sa.Connection, browser: str) -> str:
    return db.execute(_OWNER, {"browser": browser}).scalar() or browser


def _seen_elsewhere(db: sa.Connection, browser: str, owner: str) -> bool:
    """Whether another browser sees an owner's chats: one that joined it, or the one that it is named for."""
    joined = sa.select(BROWSERS.c.browser).where(BROWSERS.c.owner == owner, BROWSERS.c.browser != browser)
    if db.execute(joined.limit(1)).first() is not None:
        return True
    return owner != browser and not owner.startswith(_ANEW) and _owner(db, owner) == owner


def _see(db: sa.Connection, browser: str, owner: str) -> None:
    db.execute(BROWSERS.delete().where(BROWSERS.c.browser == browser))
    if owner != browser:
        db.execute(BROWSERS.insert().values(browser=browser, owner=owner))
