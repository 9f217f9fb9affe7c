"""A learner practises alone on cases of the library: those due first, then new ones of what is not mastered.

A sitting is a session of one learner, read and committed to as every session is. It belongs to an owner that
stands for the learner's practice, so that it is in nobody's list, and everything is found again from it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from assistant.teaching.drawing_lots import SHARE, Lot, balanced
from assistant.teaching.mastery import Mastery, Reading, due, mastered, reading_of
from assistant.teaching.teacher import MOST, Teacher
from store.errors import CaseError
from store.teaching.options import SessionOptions
from store.teaching.rows import SessionRow
from tools.language.described import says_normal
from tools.language.sayings import FIRST, say

if TYPE_CHECKING:
    from assistant.build import Services
    from store.cases.case import Case, CaseFilter
    from store.teaching.cases import CaseVersion

_EVERY = 1_000_000
_TAG = "library case "


@dataclass(frozen=True)
class PracticeState:
    """Where a learner stands.

    Attributes:
        readings: every committed answer in the order of time.
        waiting: when each missed case comes back, the soonest first, by what identifies it.
        categories: how well each is told from the others.
    """

    readings: tuple[Reading, ...]
    waiting: dict[str, datetime]
    categories: tuple[Mastery, ...]

    @property
    def retired(self) -> frozenset[str]:
        """The categories that are mastered."""
        return frozenset(one.category for one in self.categories if one.retired)

    def due(self, now: datetime) -> list[str]:
        """The cases that are due, the longest waiting first; none of a category that is mastered."""
        category = {one.case: one.category for one in self.readings}
        return [case for case, at in self.waiting.items() if at <= now and category[case] not in self.retired]


class Practice:
    """One learner's practice.

    Args:
        services: the installation.
        owner: the learner.
    """

    def __init__(self, services: Services, owner: str) -> None:
        self._services = services
        self._teacher = Teacher(services, hashlib.sha256(f"practice {owner}".encode()).hexdigest())

    def state(self) -> PracticeState:
        """Where the learner stands now."""
        rows = self._teacher.sessions()
        found = [reading_of(one) for row in rows for one in self._teacher.marked(row.id)]
        found.sort(key=lambda one: one.at)
        return PracticeState(tuple(found), due(found), tuple(mastered(found)))

    def begin(
        self,
        number: int = 10,
        where: CaseFilter | None = None,
        language: str = FIRST,
        now: datetime | None = None,
    ) -> SessionRow:
        """Make the next sitting; the one before is closed, and what was committed in it stays.

        Args:
            number: of cases, at most; fewer where fewer are due or new.
            where: which cases of the library.
            language: of the sitting's title.
            now: what is due by then; None for this moment.

        Raises:
            CaseError: the number is none, or nothing is due and nothing is new; the text says when to return.
            SetupError: the library is damaged.
        """
        if not 0 < number <= MOST:
            raise CaseError(f"A sitting takes 1 to {MOST} cases, not {number}.")
        state, rows = self.state(), self._teacher.sessions()
        there = {f"{_TAG}{one.id}": one for one in self._services.library.cases(where, _EVERY) if one.key}
        again = [name for name in state.due(now or datetime.now(UTC)) if name in there][:number]
        read = {one.case for one in state.readings}
        fresh = [name for name, one in there.items() if name not in read and one.label not in state.retired]
        new = _drawn([(name, there[name]) for name in fresh], number - len(again), len(rows))
        if not again and not new:
            raise CaseError(_nothing_left(state))
        for row in rows:
            self._teacher.close(row.id)
        options = SessionOptions(order="random", seed=len(rows))
        cases = self._as_teaching_cases([(name, there[name]) for name in (*again, *new)])
        return self._teacher.new_session(say("practice.title", language), cases, options)

    def forget(self) -> bool:
        """Delete every sitting with its answers, and the cases that were made for them.

        Returns:
            Whether nothing of it is left in the database's log either; somebody may be reading.
        """
        return self._teacher.remove.everything()

    def _as_teaching_cases(self, chosen: Sequence[tuple[str, Case]]) -> list[CaseVersion]:
        """A teaching case for each, the one that is there where it was read before."""
        there = {one.case.tags[0]: one for one in self._teacher.cases() if one.case.tags}
        make = self._teacher.make.from_library
        return [there.get(name) or make(case, tags=[name]) for name, case in chosen]


def _drawn(cases: Sequence[tuple[str, Case]], number: int, seed: int) -> list[str]:
    """So many by lot, with the usual share of normals as far as there are enough of either."""
    lots = [Lot(name, "normal" if says_normal(one.label) else "disease", one.label) for name, one in cases]
    normal = sum(lot.kind == "normal" for lot in lots)
    healthy = min(normal, max(round(number * SHARE), number - (len(lots) - normal)))
    ill = min(number - healthy, len(lots) - normal)
    total = healthy + ill
    return balanced(lots, total, seed, healthy / total) if total > 0 else []


def _nothing_left(state: PracticeState) -> str:
    if not state.waiting:
        return "There is no case left to practise on. Import cases into the library, or name other labels."
    when = min(state.waiting.values()).astimezone().strftime("%Y-%m-%d %H:%M")
    return f"Nothing is due and no case is new. The next one comes back at {when}."
