"""Arms of learners compared over the same cases: each reader reads in one way.

Readers and cases stand for others. The mean area of each arm is that of `mrmc`; the difference of two arms is
measured against what readers differ within each of them and against what cases make of it, with degrees of
freedom after Satterthwaite. With as many readers in each arm this is the design "reader nested within test".

Source: Hillis, Stat Med 2014;33:330, section 6; Satterthwaite, Biometrics 1946;2:110.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from itertools import combinations
from typing import TYPE_CHECKING

import numpy as np

from assistant.teaching.mrmc import NOTHING, Estimate, areas_of, estimate, mean_area
from assistant.teaching.ratings import Rating, Ratings, whole
from store.errors import CaseError
from tools.language.described import says_normal

if TYPE_CHECKING:
    from collections.abc import Sequence

    from assistant.teaching.marked import Marked
    from tools.intervals import Floats

_ONE_WAY = "all"


@dataclass(frozen=True)
class Difference:
    """The first arm minus the second, with p of the test that they are alike."""

    estimate: Estimate
    p: float


@dataclass(frozen=True)
class ArmsAnalysis:
    """What came out.

    Attributes:
        readers: names by arm.
        areas: AUC in [0, 1] of each reader, by arm.
        means: by arm; None where it cannot be told.
        differences: by two arms; None where it cannot be told.
        cases: that every reader rated.
        left_out: cases that somebody did not rate.
        untold: keys of the sayings ``mrmc`` that tell what could not be told and why.
    """

    readers: dict[str, tuple[str, ...]]
    areas: dict[str, tuple[float, ...]]
    means: dict[str, Estimate | None]
    differences: dict[tuple[str, str], Difference | None]
    cases: int
    left_out: int
    untold: tuple[str, ...]


def arms_compared(rows: Iterable[Rating]) -> ArmsAnalysis:
    """Compare arms.

    Args:
        rows: ratings, `way` the arm; each reader is in one.

    Raises:
        CaseError: a reader is in two arms, there is one arm, or there are too few cases that all rated.
    """
    whose: dict[str, str] = {}
    ratings = []
    for one in rows:
        if whose.setdefault(one.reader, one.way) != one.way:
            raise CaseError(f"Reader {one.reader!r} is in two arms. Let each read in one, or all in all.")
        ratings.append(replace(one, way=_ONE_WAY))
    held, left_out = whole(ratings, fewest_ways=1)
    arms = list(dict.fromkeys(whose[reader] for reader in held.readers))
    if len(arms) < 2:
        raise CaseError("To compare takes two arms with readers; these are of one.")
    where = {arm: [at for at, one in enumerate(held.readers) if whose[one] == arm] for arm in arms}
    areas, covariance = areas_of(held)
    return _analysis(held, where, areas[0], covariance[0, :, 0, :], left_out)


def _analysis(
    held: Ratings, where: dict[str, list[int]], areas: Floats, covariance: Floats, left_out: int
) -> ArmsAnalysis:
    means = {arm: mean_area(areas[at], covariance[np.ix_(at, at)]) for arm, at in where.items()}
    found = {
        (a, b): _difference(areas, covariance, where[a], where[b]) for a, b in combinations(where, 2)
    }  # fmt: skip
    small = any(len(at) < 2 for at in where.values())
    untold = ["one_in_arm"] if small else []
    untold += ["no_spread"] if not small and None in found.values() else []
    untold += ["perfect"] if (areas >= 1).any() else []
    return ArmsAnalysis(
        readers={arm: tuple(held.readers[i] for i in at) for arm, at in where.items()},
        areas={arm: tuple(float(areas[i]) for i in at) for arm, at in where.items()},
        means=means,
        differences=found,
        cases=len(held.truth),
        left_out=left_out,
        untold=tuple(untold),
    )


def _difference(
    areas: Floats, covariance: Floats, first: Sequence[int], second: Sequence[int]
) -> Difference | None:
    from scipy import stats

    if min(len(first), len(second)) < 2:
        return None
    spreads = [float(areas[at].var(ddof=1)) / len(at) for at in (list(first), list(second))]
    within = [_between_readers(covariance, at) for at in (first, second)]
    cases = max(sum(within) - 2 * float(covariance[np.ix_(first, second)].mean()), 0.0)
    variance = sum(spreads) + cases
    free = sum(one**2 / (len(at) - 1) for one, at in zip(spreads, (first, second), strict=True))
    df = np.inf if free <= NOTHING**2 else variance**2 / free
    value = float(areas[list(first)].mean() - areas[list(second)].mean())
    found = estimate(value, variance, df)
    if found is None:
        return None
    size = abs(value) / found.error
    p = 2 * (stats.norm.sf(size) if np.isinf(df) else stats.t.sf(size, df))
    return Difference(found, float(p))


def _between_readers(covariance: Floats, at: Sequence[int]) -> float:
    """The mean covariance of two readers of an arm."""
    own = covariance[np.ix_(at, at)]
    return float(own[~np.eye(len(at), dtype=bool)].mean())


def ratings_of(marked: Iterable[Marked]) -> list[Rating]:
    """Committed answers as ratings of how sure a learner is that a case is not normal.

    The confidence of the first diagnosis counts up where it names something, and down where it says normal.
    Mimics are left out, as their names say nothing of it; so are answers without a confidence.
    """
    return [
        Rating(
            one.learner.pseudonym,
            str(one.position),
            one.arm,
            one.case.kind == "disease",
            -one.confidence if says_normal(one.first, one.answer.language) else one.confidence,
        )
        for one in marked
        if one.confidence is not None and one.case.kind != "mimic"
    ]
