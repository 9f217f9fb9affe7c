"""Figures of a class, made of its committed answers; each says in a sentence how it is computed.

`HOW` names the saying of each figure. Shares have Wilson's 95 % intervals; those of learners and of the class
are over answers, which are not independent within a learner, and say so.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import get_args

from assistant.teaching.agreement import Agreement, cohen, fleiss, krippendorff
from assistant.teaching.feedback import OUTCOMES
from assistant.teaching.marked import Marked
from assistant.teaching.places import ENOUGH, PLACE_OUTCOMES
from store.teaching.options import Arm, PartKind
from tools.intervals import Z95, wilson
from tools.language.described import same_diagnosis, says_normal
from tools.language.sayings import FIRST, say

HOW = (
    "right",
    "in_list",
    "findings",
    "places",
    "time",
    "calibration",
    "brier",
    "hardest",
    "confusions",
    "agreement",
    "parts",
    "arms",
)
"""The keys of the sayings ``teach_how`` that tell how each figure is computed."""
# Ours: fifths of the scale, as learners give confidences in steps of 5 %.
_BINS = ((0, 20), (20, 40), (40, 60), (60, 80), (80, 101))
_TWO = 2
PARTS: tuple[str, ...] = get_args(PartKind)
ARMS: tuple[str, ...] = get_args(Arm)


def how(name: str, language: str = FIRST) -> str:
    """How a figure is computed.

    Args:
        name: one of `HOW`.
        language: to say it in.
    """
    fields = {"enough": ENOUGH} if name == "places" else {}
    return say(f"teach_how.{name}", language, **fields)


@dataclass(frozen=True)
class Share:
    """So many of so many, with a 95 % interval."""

    count: int
    of: int

    @property
    def share(self) -> float:
        """In [0, 1]."""
        return self.count / self.of

    @property
    def interval(self) -> tuple[float, float]:
        """Wilson's 95 % interval."""
        return wilson(self.share, self.of, Z95)


@dataclass(frozen=True)
class Bin:
    """Answers with a confidence in [low, high) per cent: its mean, and how many of them are right."""

    low: int
    high: int
    mean: float
    right: Share


@dataclass(frozen=True)
class Group:
    """Figures of some answers: of one learner, of one case, or of the class.

    Attributes:
        name: pseudonym, number of the case, or "".
        right: the first diagnosis is the truth.
        in_list: the truth is anywhere in the differential.
        findings: how many came out as each outcome.
        seconds: the median from opening to commit.
        brier: mean squared distance of confidence and outcome in [0, 1]; None without confidences.
        places: how many regions and marks came out as each outcome.
    """

    name: str
    right: Share
    in_list: Share
    findings: dict[str, int]
    seconds: float
    brier: float | None
    places: dict[str, int]


@dataclass(frozen=True)
class ClassFigures:
    """Figures of a class.

    Attributes:
        everybody: over all answers; None before the first.
        learners: by number.
        cases: the hardest first.
        bins: calibration of confidence.
        confusions: truth, what was answered instead, how often; the most frequent first.
        agreement: on the first diagnosis, by the name of the coefficient.
        parts: of the session in order; none in one without parts.
        arms: by name; none where only one helped.
    """

    everybody: Group | None
    learners: tuple[Group, ...]
    cases: tuple[Group, ...]
    bins: tuple[Bin, ...]
    confusions: tuple[tuple[str, str, int], ...]
    agreement: dict[str, Agreement | None]
    parts: tuple[Group, ...] = ()
    arms: tuple[Group, ...] = ()


def figures(marked: Sequence[Marked]) -> ClassFigures:
    """The figures of committed answers.

    Args:
        marked: every answer of a session.
    """
    learners = _grouped(marked, lambda one: one.learner.pseudonym)
    cases = _grouped(marked, lambda one: str(one.position))
    return ClassFigures(
        everybody=_group("", marked) if marked else None,
        learners=tuple(_group(name, own) for name, own in learners.items()),
        cases=tuple(sorted((_group(name, own) for name, own in cases.items()), key=_hardness)),
        bins=tuple(calibration(marked)),
        confusions=tuple(_confusions(marked)),
        agreement=_agreement(marked),
        parts=_several([one for one in marked if one.part], lambda one: one.part or "", PARTS, fewest=1),
        arms=_several(marked, lambda one: one.arm, ARMS, fewest=2),
    )


def calibration(marked: Iterable[Marked]) -> list[Bin]:
    """How often answers of each confidence are right; bins without an answer are left out."""
    told = [(one.confidence, one.feedback.right) for one in marked if one.confidence is not None]
    found = []
    for low, high in _BINS:
        here = [(sure, right) for sure, right in told if low <= sure < high]
        if here:
            mean = sum(sure for sure, _ in here) / len(here)
            found.append(Bin(low, min(high, 100), mean, Share(sum(right for _, right in here), len(here))))
    return found


def _several(
    marked: Sequence[Marked], key: Callable[[Marked], str], order: Sequence[str], *, fewest: int
) -> tuple[Group, ...]:
    """Groups in an order; none where there are fewer than that."""
    there = _grouped(marked, key)
    return tuple(_group(name, there[name]) for name in order if name in there) if len(there) >= fewest else ()


def _grouped(marked: Sequence[Marked], key: Callable[[Marked], str]) -> dict[str, list[Marked]]:
    found: dict[str, list[Marked]] = {}
    for one in marked:
        found.setdefault(key(one), []).append(one)
    return found


def _group(name: str, marked: Sequence[Marked]) -> Group:
    times = sorted(one.seconds for one in marked)
    told = [(one.confidence, one.feedback.right) for one in marked if one.confidence is not None]
    distances = [(sure / 100 - right) ** 2 for sure, right in told]
    return Group(
        name,
        Share(sum(one.feedback.right for one in marked), len(marked)),
        Share(sum(one.feedback.rank is not None for one in marked), len(marked)),
        {outcome: sum(one.feedback.count(outcome) for one in marked) for outcome in OUTCOMES},
        (times[(len(times) - 1) // 2] + times[len(times) // 2]) / 2,
        sum(distances) / len(distances) if distances else None,
        {outcome: sum(one.feedback.count_places(outcome) for one in marked) for outcome in PLACE_OUTCOMES},
    )


def _hardness(group: Group) -> tuple[float, float, int]:
    """Fewest right first; of equals the one that is surest to be hard."""
    return group.right.share, group.right.interval[1], int(group.name)


def _confusions(marked: Sequence[Marked]) -> list[tuple[str, str, int]]:
    counted = Counter(
        (one.case.diagnosis, _name(one, marked)) for one in marked if one.first and not one.feedback.right
    )
    return [(truth, said, count) for (truth, said), count in sorted(counted.items(), key=lambda one: -one[1])]


def _name(one: Marked, marked: Sequence[Marked]) -> str:
    """One name for what an answer says first: that of a truth of the session where it is one."""
    if says_normal(one.first, one.answer.language):
        return "normal"
    truths = dict.fromkeys(other.case.diagnosis for other in marked)
    same = (truth for truth in truths if same_diagnosis(one.first, [truth], one.answer.language))
    return next(same, one.first.casefold())


def _agreement(marked: Sequence[Marked]) -> dict[str, Agreement | None]:
    learners = sorted({one.learner.number for one in marked})
    said = {(one.position, one.learner.number): _name(one, marked) for one in marked if one.first}
    positions = sorted({one.position for one in marked})
    grades = [[said.get((at, learner)) for learner in learners] for at in positions]
    return {
        "Cohen": cohen(grades) if len(learners) == _TWO else None,
        "Fleiss": fleiss(grades),
        "Krippendorff": krippendorff(grades),
    }
