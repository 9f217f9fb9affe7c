"""What learners did, appended and never changed. A commit is written once; a second one is refused."""

from __future__ import annotations

import time

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from store.chats.database import reading, writing
from store.errors import CaseError
from store.teaching.rows import Step, StepKind, Written
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
        """Append a step that a learner takes once at a case, unless it was taken."""
        if not any(step.kind == kind for step in self.of(participant_id, position)):
            self.add(participant_id, position, kind, text)

    def of(self, participant_id: str, position: int | None = None) -> list[Step]:
        """A learner's steps in order: at one case, or at all."""
        where = [STEPS.c.participant_id == participant_id]
        where += [] if position is None else [STEPS.c.position == position]
        return self._steps(*where)

    def of_session(self, session_id: str) -> list[Step]:
        """The steps of everybody in a session."""
        return self._steps(STEPS.c.participant_id.in_(_everybody(session_id)))

    def commit(self, participant_id: str, position: int, text: str, at: float | None = None) -> Written:
        """Write down an answer for good.

        Args:
            participant_id: whose.
            position: of the case.
            text: the answer.
            at: when it counts as given, seconds since the epoch; None for now.

        Raises:
            CaseError: this learner has committed at this case already, or what they did was deleted.
        """
        one = Written(participant_id, position, text, time.time() if at is None else at)
        try:
            with writing(self._engine) as db:
                db.execute(COMMITS.insert(), vars(one))
        except IntegrityError as error:
            self._refuse_gone(participant_id)
            raise CaseError("You have committed to this case already; that answer stands.") from error
        return one

    def commits(self, participant_id: str) -> dict[int, Written]:
        """A learner's commits by position."""
        return {one.position: one for one in self._commits(COMMITS.c.participant_id == participant_id)}

    def commits_of_session(self, session_id: str) -> list[Written]:
        """The commits of everybody in a session."""
        return self._commits(COMMITS.c.participant_id.in_(_everybody(session_id)))

    def overrule(self, participant_id: str, position: int, text: str) -> None:
        """Put a teacher's word over what was computed of an answer; the last one counts."""
        self._append(OVERRULED, participant_id, position, {"text": text})

    def overruled(self, session_id: str) -> dict[tuple[str, int], Written]:
        """The teacher's last word on each answer that has one, by learner and position."""
        query = sa.select(OVERRULED).where(OVERRULED.c.participant_id.in_(_everybody(session_id)))
        with reading(self._engine) as db:
            rows = db.execute(query.order_by(OVERRULED.c.n)).all()
        return {
            (row.participant_id, row.position): Written(row.participant_id, row.position, row.text, row.at)
            for row in rows
        }

    def _append(self, table: sa.Table, participant_id: str, position: int, values: dict[str, str]) -> None:
        mine = (table.c.participant_id == participant_id) & (table.c.position == position)
        for _ in range(_TRIES):
            try:
                with writing(self._engine) as db:
                    n = (db.scalar(sa.select(sa.func.max(table.c.n)).where(mine)) or 0) + 1
                    at = {"participant_id": participant_id, "position": position, "n": n, "at": time.time()}
                    db.execute(table.insert(), values | at)
            except IntegrityError:
                self._refuse_gone(participant_id)
                continue
            return
        raise CaseError("Another window changes this case all the time. Close it, then go on.")

    def _refuse_gone(self, participant_id: str) -> None:
        with reading(self._engine) as db:
            there = db.scalar(sa.select(PARTICIPANTS.c.id).where(PARTICIPANTS.c.id == participant_id))
        if there is None:
            raise CaseError("What was done here was deleted. Reload the page.")

    def _steps(self, *where: sa.ColumnElement[bool]) -> list[Step]:
        columns = (STEPS.c[name] for name in ("participant_id", "position", "n", "kind", "text", "at"))
        query = sa.select(*columns).where(*where)
        with reading(self._engine) as db:
            order = (STEPS.c.participant_id, STEPS.c.position, STEPS.c.n)
            return [Step(*row) for row in db.execute(query.order_by(*order))]

    def _commits(self, where: sa.ColumnElement[bool]) -> list[Written]:
        columns = (COMMITS.c[name] for name in ("participant_id", "position", "text", "at"))
        with reading(self._engine) as db:
            return [Written(*row) for row in db.execute(sa.select(*columns).where(where))]


def _everybody(session_id: str) -> sa.Select[tuple[str]]:
    return sa.select(PARTICIPANTS.c.id).where(PARTICIPANTS.c.session_id == session_id)
