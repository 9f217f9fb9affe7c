"""Teaching cases with all their versions. What a session was held on stays, whatever is changed later."""

from __future__ import annotations

import time
import uuid
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from store.chats.database import reading, writing
from store.errors import CaseError
from store.teaching.case import TeachingCase, read_teaching_case
from store.teaching.tables import CASES, VERSIONS

_LAST = (
    sa.select(VERSIONS.c.case_id, sa.func.max(VERSIONS.c.n).label("n"))
    .group_by(VERSIONS.c.case_id)
    .subquery()
)


@dataclass(frozen=True)
class CaseVersion:
    """A case as it was written down: id, version counted from 1, when, and whether it is withdrawn."""

    id: str
    version: int
    case: TeachingCase
    made_at: float
    withdrawn: bool


class TeachingCases:
    """The teaching cases of all owners; a call that names an owner sees only that owner's.

    Args:
        engine: of `store.teaching.tables.open_tables`.
    """

    def __init__(self, engine: sa.Engine) -> None:
        self._engine = engine

    def add(self, owner: str, case: TeachingCase) -> CaseVersion:
        """Keep a new case as its first version."""
        case_id, now = uuid.uuid4().hex, time.time()
        with writing(self._engine) as db:
            db.execute(CASES.insert().values(id=case_id, owner=owner, made_at=now))
            db.execute(VERSIONS.insert().values(case_id=case_id, n=1, text=case.to_json(), made_at=now))
        return CaseVersion(case_id, 1, case, now, withdrawn=False)

    def change(self, owner: str, case_id: str, case: TeachingCase) -> CaseVersion:
        """Keep a case's next version; the same content makes none.

        Raises:
            CaseError: the owner has no such case, or it was changed at the same moment.
        """
        before = self.case(owner, case_id)
        if before.case == case:
            return before
        now, n = time.time(), before.version + 1
        try:
            with writing(self._engine) as db:
                db.execute(VERSIONS.insert().values(case_id=case_id, n=n, text=case.to_json(), made_at=now))
        except IntegrityError as error:
            raise CaseError(
                "This case was just changed in another window. Reload it, then change it."
            ) from error
        return CaseVersion(case_id, n, case, now, before.withdrawn)

    def withdraw(self, owner: str, case_id: str) -> None:
        """Offer a case for no further session; sessions that hold it keep it.

        Raises:
            CaseError: the owner has no such case.
        """
        self.case(owner, case_id)
        with writing(self._engine) as db:
            db.execute(CASES.update().where(CASES.c.id == case_id).values(withdrawn_at=time.time()))

    def case(self, owner: str, case_id: str) -> CaseVersion:
        """The newest version of an owner's case.

        Raises:
            CaseError: the owner has no such case.
        """
        found = self._read(CASES.c.owner == owner, CASES.c.id == case_id)
        if not found:
            raise CaseError(f"There is no teaching case {case_id[:40]!r} here.")
        return found[0]

    def cases(self, owner: str | None, *, withdrawn: bool = False) -> list[CaseVersion]:
        """The newest versions of cases, the newest case first.

        Args:
            owner: whose; None for those of all owners.
            withdrawn: those that are withdrawn, or those that are not.
        """
        whose = sa.true() if owner is None else CASES.c.owner == owner
        gone = CASES.c.withdrawn_at
        return self._read(whose, gone.is_not(None) if withdrawn else gone.is_(None))

    def owner_of(self, case_id: str) -> str | None:
        """Whose case it is; None if there is none. For whoever runs the machine, not for an owner."""
        with reading(self._engine) as db:
            return db.scalar(sa.select(CASES.c.owner).where(CASES.c.id == case_id))

    def versions(self, owner: str, case_id: str) -> list[CaseVersion]:
        """Every version of a case, the first first.

        Raises:
            CaseError: the owner has no such case.
        """
        withdrawn = self.case(owner, case_id).withdrawn
        query = sa.select(VERSIONS).where(VERSIONS.c.case_id == case_id).order_by(VERSIONS.c.n)
        with reading(self._engine) as db:
            return [
                CaseVersion(case_id, row.n, read_teaching_case(row.text), row.made_at, withdrawn)
                for row in db.execute(query)
            ]

    def keys(self) -> set[str]:
        """The keys of all images that any version of any case shows."""
        with reading(self._engine) as db:
            texts = list(db.scalars(sa.select(VERSIONS.c.text)))
        return {image.key for text in texts for image in read_teaching_case(text).images}

    def _read(self, *which: sa.ColumnElement[bool]) -> list[CaseVersion]:
        query = (
            sa.select(CASES.c.id, CASES.c.withdrawn_at, VERSIONS.c.n, VERSIONS.c.text, VERSIONS.c.made_at)
            .join(_LAST, _LAST.c.case_id == CASES.c.id)
            .join(VERSIONS, (VERSIONS.c.case_id == CASES.c.id) & (VERSIONS.c.n == _LAST.c.n))
            .where(*which)
            .order_by(CASES.c.made_at.desc(), CASES.c.id)
        )
        with reading(self._engine) as db:
            return [
                CaseVersion(
                    row.id, row.n, read_teaching_case(row.text), row.made_at, row.withdrawn_at is not None
                )
                for row in db.execute(query)
            ]
