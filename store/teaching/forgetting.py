"""Sessions, cases and what learners did, deleted: their rows are written over.

Bytes of images are not touched here, nor the database's log: whoever deletes lets go of the ones, and takes
what was deleted out of the other (`store.chats.database.forget_deleted`).
"""

from __future__ import annotations

from collections.abc import Sequence

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from store.chats.database import reading, writing
from store.errors import CaseError
from store.teaching.case import read_teaching_case
from store.teaching.rows import Participant
from store.teaching.tables import (
    CASES,
    COMMITS,
    CONSENTS,
    OVERRULED,
    PARTICIPANTS,
    SESSION_CASES,
    SESSIONS,
    STEPS,
    VERSIONS,
    WITHDRAWN,
)

_OF_LEARNERS = (CONSENTS, STEPS, COMMITS, OVERRULED)
_NAMED = 3


class Forgetting:
    """What is deleted of all owners.

    Args:
        engine: of `store.teaching.tables.open_tables`.
    """

    def __init__(self, engine: sa.Engine) -> None:
        self._engine = engine

    def session(self, owner: str, session_id: str) -> None:
        """Delete a closed session with everything that hangs on it; its cases stay.

        Raises:
            CaseError: the owner has no such session, or it is open.
        """
        mine = (SESSIONS.c.id == session_id) & (SESSIONS.c.owner == owner)
        everybody = sa.select(PARTICIPANTS.c.id).where(PARTICIPANTS.c.session_id == session_id)
        with writing(self._engine) as db:
            row = db.execute(sa.select(SESSIONS.c.closed_at).where(mine).with_for_update()).first()
            if row is None:
                raise CaseError(f"There is no session {session_id[:40]!r} here. See casebook session list.")
            if row.closed_at is None:
                raise CaseError(
                    "This session is open, and learners may be in it. Close it first; then delete it."
                )
            db.execute(everybody.with_for_update())  # no step of theirs comes in between
            for table in _OF_LEARNERS:
                db.execute(table.delete().where(table.c.participant_id.in_(everybody)))
            for table in (PARTICIPANTS, WITHDRAWN, SESSION_CASES):
                db.execute(table.delete().where(table.c.session_id == session_id))
            db.execute(SESSIONS.delete().where(mine))

    def learner(self, who: Participant) -> None:
        """Delete all that a learner did, and who it was; that somebody withdrew is counted, once."""
        mine, here = PARTICIPANTS.c.id == who.id, WITHDRAWN.c.session_id == who.session_id
        with writing(self._engine) as db:
            db.execute(sa.select(SESSIONS.c.id).where(SESSIONS.c.id == who.session_id).with_for_update())
            db.execute(sa.select(PARTICIPANTS.c.id).where(mine).with_for_update())
            for table in _OF_LEARNERS:
                db.execute(table.delete().where(table.c.participant_id == who.id))
            if db.execute(PARTICIPANTS.delete().where(mine)).rowcount:
                more = WITHDRAWN.update().where(here).values(count=WITHDRAWN.c.count + 1)
                if not db.execute(more).rowcount:
                    db.execute(WITHDRAWN.insert().values(session_id=who.session_id, count=1))

    def withdrawn(self, session_id: str) -> int:
        """How many withdrew from a session, with nothing kept of them."""
        with reading(self._engine) as db:
            return withdrawn_of(db, session_id)

    def case(self, owner: str, case_id: str) -> set[str]:
        """Delete a case with all its versions.

        Returns:
            The keys of the images that they showed; other cases may show them too.

        Raises:
            CaseError: the owner has no such case, or a session holds it; the text says which.
        """
        self._refuse_held(case_id)
        mine = (CASES.c.id == case_id) & (CASES.c.owner == owner)
        versions = VERSIONS.c.case_id == case_id
        try:
            with writing(self._engine) as db:
                if db.execute(sa.select(CASES.c.id).where(mine).with_for_update()).first() is None:
                    raise CaseError(f"There is no teaching case {case_id[:40]!r} here.")
                texts = list(db.scalars(sa.select(VERSIONS.c.text).where(versions)))
                db.execute(VERSIONS.delete().where(versions))
                db.execute(CASES.delete().where(mine))
        except IntegrityError as error:  # a session on it was made at the same moment
            raise CaseError("A session was just made on this case. Withdraw the case instead.") from error
        return {image.key for text in texts for image in read_teaching_case(text).images}

    def _refuse_held(self, case_id: str) -> None:
        held = sa.select(SESSION_CASES.c.session_id).where(SESSION_CASES.c.case_id == case_id)
        query = sa.select(SESSIONS.c.title, SESSIONS.c.id).where(SESSIONS.c.id.in_(held))
        with reading(self._engine) as db:
            rows = db.execute(query.order_by(SESSIONS.c.made_at)).all()
        if rows:
            raise CaseError(
                f"Sessions hold this case: {_some([f'“{title}” ({name})' for title, name in rows])}. "
                "Delete them first, or withdraw the case: then it is offered for no further session."
            )


def withdrawn_of(db: sa.Connection, session_id: str) -> int:
    """How many withdrew from a session, with nothing kept of them."""
    return db.scalar(sa.select(WITHDRAWN.c.count).where(WITHDRAWN.c.session_id == session_id)) or 0


def _some(named: Sequence[str]) -> str:
    more = f" and {len(named) - _NAMED} more" if len(named) > _NAMED else ""
    return ", ".join(named[:_NAMED]) + more
