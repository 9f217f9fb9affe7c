"""What a learner may read of a case before the commit, and nothing else: a type that has no place for more.

It holds no label, caption, finding, diagnosis, differential, file or case name, no look-alike and no model's
reading. Pages and the tutor are given an `Unknown` until the answer is committed.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from assistant.teaching.answer import LearnerAnswer
from store.teaching.case import Sex, TeachingCase
from store.teaching.options import PartKind


@dataclass(frozen=True)
class UnknownImage:
    """An image of an unknown case.

    Attributes:
        slices: how many slices or frames it has.
    """

    slices: int


@dataclass(frozen=True)
class Unknown:
    """An unknown case at its place among those of the session.

    Attributes:
        place: counted from 1.
        count: of all cases of the session.
        history: as the teacher wrote it for learners.
        age_years: None for unknown.
        images: in the order of reading.
        hints: those that the learner has taken, the faintest first.
        more_hints: whether there is another.
        draft: what the learner has written so far.
        part: of the session; None in one without parts.
        seconds_left: until what is written is committed; None without a limit.
    """

    place: int
    count: int
    history: str
    age_years: float | None
    sex: Sex
    images: tuple[UnknownImage, ...]
    hints: tuple[str, ...] = ()
    more_hints: bool = False
    draft: LearnerAnswer = field(default_factory=LearnerAnswer)
    part: PartKind | None = None
    seconds_left: float | None = None


def unknown_of(
    case: TeachingCase,
    place: tuple[int, int],
    images: tuple[UnknownImage, ...],
    *,
    hints: tuple[str, ...] = (),
    more_hints: bool = False,
    draft: LearnerAnswer | None = None,
) -> Unknown:
    """What may be read of a case before the commit.

    Args:
        case: all of it.
        place: its place, and the number of cases.
        images: in the order of reading.
        hints: those taken.
        more_hints: whether there is another.
        draft: what the learner has written so far.
    """
    return Unknown(
        *place, case.history, case.age_years, case.sex, images, hints, more_hints, draft or LearnerAnswer()
    )
