"""Sessions, who takes part in them, and on which cases they are held."""

from __future__ import annotations

import json
import re
import secrets
import time
import uuid
from collections.abc import Callable, Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from store.chats.database import reading, writing
from store.errors import CaseError
from store.teaching.case import TeachingCase, read_teaching_case
from store.teaching.options import SessionOptions
from store.teaching.rows import Participant, SessionRow
from store.teaching.tables import CONSENTS, PARTICIPANTS, SESSION_CASES, SESSIONS, VERSIONS, WITHDRAWN

# Ours: without letters and digits that are taken for each other; six of them are 887 million codes.
_LETTERS, _LENGTH = "ABCDEFGHJKMNPQRSTUVWXYZ23456789", 6
# Ours: how often a number that another learner was given at the same moment is drawn anew.
_TRIES = 50
_SESSION = tuple(SESSIONS.c[name] for name in ("id", "title", "join_code", "options", "made_at", "closed_at"))
_LEARNERS = PARTICIPANTS.outerjoin(CONSENTS, CONSENTS.c.participant_id == PARTICIPANTS.c.id)
_PARTICIPANT = (
    *(PARTICIPANTS.c[one] for one in ("id", "session_id", "number", "nickname", "order", "joined_at")),
    PARTICIPANTS.c.left_at,
    sa.func.coalesce(CONSENTS.c.version, ""),
)


class Sessions:
    """The sessions of all owners.

    Args:
        engine: of `store.teaching.tables.open_tables`.
    """

    def __init__(self, engine: sa.Engine) -> None:
        self._engine = engine

    def add(
        self, owner: str, title: str, cases: Sequence[tuple[str, int]], options: SessionOptions
    ) -> SessionRow:
        """Keep a new session on these cases, each by id and version.

        Raises:
            CaseError: one of them was deleted meanwhile.
        """
        code = "".join(secrets.choice(_LETTERS) for _ in range(_LENGTH))
        row = SessionRow(uuid.uuid4().hex, title, code, options, time.time())
        held = [
            {"session_id": row.id, "position": at, "case_id": case_id, "version": version}
            for at, (case_id, version) in enumerate(cases, 1)
        ]
        told = vars(row) | {"owner": owner, "options": options.model_dump_json()}
        try:
            with writing(self._engine) as db:
                db.execute(SESSIONS.insert(), told)
                db.execute(SESSION_CASES.insert(), held)
        except IntegrityError as error:
            raise CaseError("One of these cases was just deleted. Choose the cases again.") from error
        return row

    def session(self, owner: str, session_id: str) -> SessionRow:
        """An owner's session.

        Raises:
            CaseError: the owner has none of this id.
        """
        found = self._read(SESSIONS.c.owner == owner, SESSIONS.c.id == session_id)
        if not found:
            raise CaseError(f"There is no session {session_id[:40]!r} here. See casebook session list.")
        return found[0]

    def sessions(self, owner: str | None) -> list[SessionRow]:
        """The owner's sessions, the newest first; those of all owners for None."""
        return self._read(sa.true() if owner is None else SESSIONS.c.owner == owner)

    def owner_of(self, session_id: str) -> str | None:
        """Whose session it is; None if there is none. For whoever runs the machine, not for an owner."""
        with reading(self._engine) as db:
            return db.scalar(sa.select(SESSIONS.c.owner).where(SESSIONS.c.id == session_id))

    def close(self, owner: str, session_id: str) -> None:
        """Let no learner join or commit any more; what was done stays.

        Raises:
            CaseError: the owner has no such session.
        """
        self.session(owner, session_id)
        with writing(self._engine) as db:
            mine = (SESSIONS.c.id == session_id) & SESSIONS.c.closed_at.is_(None)
            db.execute(SESSIONS.update().where(mine).values(closed_at=time.time()))

    def of_code(self, code: str) -> SessionRow:
        """The session of a join code, however it is typed.

        Raises:
            CaseError: no open session has this code.
        """
        plain = re.sub(r"[\s-]", "", code).upper()
        found = self._read(SESSIONS.c.join_code == plain, SESSIONS.c.closed_at.is_(None))
        if not found:
            raise CaseError(
                "No open session has this join code. Ask the teacher for the six letters and digits."
            )
        return found[0]

    def held(self, session_id: str) -> list[tuple[str, int, TeachingCase]]:
        """The cases of a session in order: id, version and content."""
        query = (
            sa.select(SESSION_CASES.c.case_id, SESSION_CASES.c.version, VERSIONS.c.text)
            .join(
                VERSIONS,
                (VERSIONS.c.case_id == SESSION_CASES.c.case_id) & (VERSIONS.c.n == SESSION_CASES.c.version),
            )
            .where(SESSION_CASES.c.session_id == session_id)
            .order_by(SESSION_CASES.c.position)
        )
        with reading(self._engine) as db:
            return [(row[0], row[1], read_teaching_case(row[2])) for row in db.execute(query)]

    def join(
        self,
        session: SessionRow,
        owner: str,
        nickname: str,
        order: Callable[[int], Sequence[int]],
        consent: str = "",
    ) -> Participant:
        """Let somebody take part; who joined before is who they were.

        Args:
            session: which.
            owner: of the browser.
            nickname: for the class.
            order: the order of cases for a learner's number.
            consent: the version of the consent that was accepted; "" where none was asked for.

        Raises:
            CaseError: they left it before, the session was closed meanwhile, or the class is full.
        """
        for _ in range(_TRIES):
            before = self.participant(session.id, owner)
            if before is not None:
                if before.left_at is not None:
                    raise CaseError("You left this session. Ask the teacher for a new one.")
                return before
            if (made := self._joined(session.id, owner, nickname, order, consent)) is not None:
                return made
            self.of_code(session.join_code)  # refuses where it was closed, and perhaps deleted, meanwhile
        raise CaseError("Too many join at this moment. Try again.")

    def _joined(
        self,
        session_id: str,
        owner: str,
        nickname: str,
        order: Callable[[int], Sequence[int]],
        consent: str,
    ) -> Participant | None:
        given = _counted(session_id)
        try:
            with writing(self._engine) as db:
                number = db.execute(given).scalar_one() + 1
                got = tuple(order(number))
                one = Participant(
                    uuid.uuid4().hex, session_id, number, nickname, got, time.time(), consent=consent
                )
                row = vars(one) | {"owner": owner, "order": json.dumps(got)}
                db.execute(PARTICIPANTS.insert(), {name: row[name] for name in PARTICIPANTS.c.keys()})  # noqa: SIM118
                if consent:
                    db.execute(CONSENTS.insert(), {"participant_id": one.id, "version": consent})
        except IntegrityError:  # the number, or this browser's place, was given at the same moment
            return None
        return one

    def leave(self, participant_id: str) -> None:
        """Take a learner out; what was done stays."""
        mine = (PARTICIPANTS.c.id == participant_id) & PARTICIPANTS.c.left_at.is_(None)
        with writing(self._engine) as db:
            db.execute(PARTICIPANTS.update().where(mine).values(left_at=time.time()))

    def participant(self, session_id: str, owner: str) -> Participant | None:
        """Who a browser is in a session; None if it did not join."""
        found = self._participants(PARTICIPANTS.c.session_id == session_id, PARTICIPANTS.c.owner == owner)
        return found[0] if found else None

    def took_part(self, owner: str) -> list[tuple[SessionRow, Participant]]:
        """Every session of which something is kept that a browser did, the last joined first."""
        return self._parts(PARTICIPANTS.c.owner == owner)

    def learners(self) -> set[str]:
        """The ids of all learners of all sessions."""
        with reading(self._engine) as db:
            return set(db.scalars(sa.select(PARTICIPANTS.c.id)))

    def participants(self, session_id: str) -> list[Participant]:
        """Everybody who joined a session, by number."""
        return self._participants(PARTICIPANTS.c.session_id == session_id)

    def taking_part(self, owner: str) -> list[tuple[SessionRow, Participant]]:
        """The open sessions that a browser takes part in, the last joined first."""
        mine = (PARTICIPANTS.c.owner == owner, PARTICIPANTS.c.left_at.is_(None))
        return self._parts(*mine, SESSIONS.c.closed_at.is_(None))

    def _parts(self, *which: sa.ColumnElement[bool]) -> list[tuple[SessionRow, Participant]]:
        """Learners with their session, the last joined first; both of one moment, as one query reads them."""
        width = len(_SESSION)
        both = _LEARNERS.join(SESSIONS, SESSIONS.c.id == PARTICIPANTS.c.session_id)
        query = sa.select(*_SESSION, *_PARTICIPANT).select_from(both).where(*which)
        query = query.order_by(PARTICIPANTS.c.joined_at.desc())
        with reading(self._engine) as db:
            return [(_session(row[:width]), _participant(row[width:])) for row in db.execute(query)]

    def _participants(self, *which: sa.ColumnElement[bool]) -> list[Participant]:
        with reading(self._engine) as db:
            return participants_of(db, *which)

    def _read(self, *which: sa.ColumnElement[bool]) -> list[SessionRow]:
        query = sa.select(*_SESSION).where(*which).order_by(SESSIONS.c.made_at.desc())
        with reading(self._engine) as db:
            return [_session(row) for row in db.execute(query)]


def participants_of(db: sa.Connection, *which: sa.ColumnElement[bool]) -> list[Participant]:
    """The learners that fit, by number."""
    query = sa.select(*_PARTICIPANT).select_from(_LEARNERS).where(*which).order_by(PARTICIPANTS.c.number)
    return [_participant(row) for row in db.execute(query)]


def _session(row: Sequence[Any]) -> SessionRow:
    name, title, code, options, made_at, closed_at = row
    return SessionRow(name, title, code, SessionOptions.model_validate_json(options), made_at, closed_at)


def _participant(row: Sequence[Any]) -> Participant:
    name, session_id, number, nickname, order, joined_at, left_at, consent = row
    order = tuple(json.loads(order))
    return Participant(name, session_id, number, nickname, order, joined_at, left_at, consent)


def _counted(session_id: str) -> sa.Select[int]:
    """How many numbers were given: who withdrew had one too, and it is given to nobody again."""
    there = sa.select(sa.func.count()).where(PARTICIPANTS.c.session_id == session_id).scalar_subquery()
    gone = sa.select(WITHDRAWN.c.count).where(WITHDRAWN.c.session_id == session_id).scalar_subquery()
    return sa.select(there + sa.func.coalesce(gone, 0))
