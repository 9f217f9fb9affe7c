"""What learners did, appended and never changed. A commit is written once; a second one is refused."""

from __future__ import annotations

import time
from collections.abc import Callable

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from store.chats.database import reading, reading_at_once, writing
from store.errors import CaseError
from store.teaching.forgetting import withdrawn_of
from store.teaching.rows import Done, Step, StepKind, Written
from store.teaching.sessions import participants_of
from store.teaching.tables import COMMITS, OVERRULED, PARTICIPANTS, STEPS

# Ours: how often a number that another tab took at the same moment is taken anew.
_TRIES = 50


class Steps:
    """The steps of all learners. What a call returned from is kept, whatever happens to the process.

    Args:
        engine: of `store.teaching.tables.open_tables`.
    """

    def __init__(self, engine: sa.Engine) -> None:
        self._engine = engine

    def add(self, participant_id: str, position: int, kind: StepKind, text: str) -> None:
        """Append a step at a case.

        Raises:
            CaseError: another tab of this learner takes every number, or what the learner did was deleted.
        """
        self._append(STEPS, participant_id, position, {"kind": kind, "text": text})

    def once(self, participant_id: str, position: int, kind: StepKind, text: str = "{}") -> None:
        """Append a step that a learner takes once at a case, unless it was taken. Raises as `add`."""
        self._append(STEPS, participant_id, position, {"kind": kind, "text": text}, once=True)

    def of(self, participant_id: str, position: int | None = None) -> list[Step]:
        """A learner's steps in order: at one case, or at all."""
        here = sa.true() if position is None else STEPS.c.position == position
        with reading(self._engine) as db:
            return _steps_of(db, (STEPS.c.participant_id == participant_id) & here)

    def commit(
        self,
        participant_id: str,
        position: int,
        text: str,
        at: float | None = None,
        late: str | None = None,
    ) -> Written:
        """Write down an answer for good.

        Args:
            participant_id: whose.
            position: of the case.
            text: the answer.
            at: when it counts as given, seconds since the epoch; None for now.
            late: the limits that ran out, as the text of the step that says so, kept with it or not at all;
                None where the learner commits.

        Raises:
            CaseError: this learner has committed at this case already, or what they did was deleted.
        """
        one = Written(participant_id, position, text, time.time() if at is None else at)

        def write(db: sa.Connection) -> None:
            db.execute(COMMITS.insert(), vars(one))
            if late is not None:
                _write(db, STEPS, participant_id, position, {"kind": "timed out", "text": late})

        self._tried(participant_id, write, position)
        return one

    def commits(self, participant_id: str) -> dict[int, Written]:
        """A learner's commits by position."""
        with reading(self._engine) as db:
            there = _commits_of(db, COMMITS.c.participant_id == participant_id)
        return {one.position: one for one in there}

    def overrule(self, participant_id: str, position: int, text: str) -> None:
        """Put a teacher's word over what was computed of an answer; the last one counts."""
        self._append(OVERRULED, participant_id, position, {"text": text})

    def overruled(self, session_id: str) -> dict[tuple[str, int], Written]:
        """The teacher's last word on each answer that has one, by learner and position."""
        with reading(self._engine) as db:
            return _overruled_of(db, session_id)

    def done(self, session_id: str) -> Done:
        """Who takes part in a session and everything that they did, of one moment."""
        with reading_at_once(self._engine) as db:
            return Done(
                participants_of(db, PARTICIPANTS.c.session_id == session_id),
                _steps_of(db, STEPS.c.participant_id.in_(_everybody(session_id))),
                _commits_of(db, COMMITS.c.participant_id.in_(_everybody(session_id))),
                _overruled_of(db, session_id),
                withdrawn_of(db, session_id),
            )

    def _append(
        self,
        table: sa.Table,
        participant_id: str,
        position: int,
        values: dict[str, str],
        *,
        once: bool = False,
    ) -> None:
        self._tried(participant_id, lambda db: _write(db, table, participant_id, position, values, once=once))

    def _tried(
        self, participant_id: str, write: Callable[[sa.Connection], None], committing: int | None = None
    ) -> None:
        """Write in one transaction, anew where another tab took a number, unless who writes is gone."""
        for _ in range(_TRIES):
            try:
                with writing(self._engine) as db:
                    write(db)
            except IntegrityError:
                self._refuse_gone(participant_id)
                if committing is not None and committing in self.commits(participant_id):
                    raise CaseError("You have committed to this case already; that answer stands.") from None
                continue
            return
        raise CaseError("Another window changes this case all the time. Close it, then go on.")

    def _refuse_gone(self, participant_id: str) -> None:
        with reading(self._engine) as db:
            there = db.scalar(sa.select(PARTICIPANTS.c.id).where(PARTICIPANTS.c.id == participant_id))
        if there is None:
            raise CaseError("What was done here was deleted. Reload the page.")


def _write(
    db: sa.Connection,
    table: sa.Table,
    participant_id: str,
    position: int,
    values: dict[str, str],
    *,
    once: bool = False,
) -> None:
    """Append a row, or with `once` none where there is one of its kind; both are read by one query."""
    mine = (table.c.participant_id == participant_id) & (table.c.position == position)
    columns = (table.c.n, table.c.kind) if once else (table.c.n,)
    rows = db.execute(sa.select(*columns).where(mine)).all()
    if once and any(row.kind == values["kind"] for row in rows):
        return
    n = max((row.n for row in rows), default=0) + 1
    at = {"participant_id": participant_id, "position": position, "n": n, "at": time.time()}
    db.execute(table.insert(), values | at)


def _steps_of(db: sa.Connection, where: sa.ColumnElement[bool]) -> list[Step]:
    columns = (STEPS.c[name] for name in ("participant_id", "position", "n", "kind", "text", "at"))
    order = (STEPS.c.participant_id, STEPS.c.position, STEPS.c.n)
    return [Step(*row) for row in db.execute(sa.select(*columns).where(where).order_by(*order))]


def _commits_of(db: sa.Connection, where: sa.ColumnElement[bool]) -> list[Written]:
    columns = (COMMITS.c[name] for name in ("participant_id", "position", "text", "at"))
    return [Written(*row) for row in db.execute(sa.select(*columns).where(where))]


def _overruled_of(db: sa.Connection, session_id: str) -> dict[tuple[str, int], Written]:
    where = OVERRULED.c.participant_id.in_(_everybody(session_id))
    rows = db.execute(sa.select(OVERRULED).where(where).order_by(OVERRULED.c.n))
    return {
        (row.participant_id, row.position): Written(row.participant_id, row.position, row.text, row.at)
        for row in rows
    }


def _everybody(session_id: str) -> sa.Select[tuple[str]]:
    return sa.select(PARTICIPANTS.c.id).where(PARTICIPANTS.c.session_id == session_id)
