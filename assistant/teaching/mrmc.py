"""Readers compared over cases in two or more ways of reading, after Obuchowski, Rockette and Hillis.

Every reader has read every case in every way (modality). The area under the ROC curve (AUC) of each reader in
each way is the share of pairs that are in order; how these areas go together over cases is estimated by
leaving out one case at a time. What cannot be told is None, with the reason in `ORAnalysis.untold`.

Source: Obuchowski and Rockette, Commun Stat Simul Comput 1995;24:285; Hillis, Stat Med 2007;26:596;
Hillis, Berbaum and Metz, Acad Radiol 2008;15:647.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations
from typing import TYPE_CHECKING

import numpy as np

from assistant.teaching.ratings import Ratings

if TYPE_CHECKING:
    from tools.intervals import Floats

_LEVEL = 0.975  # of a two-sided interval of 95 %
NOTHING = 1e-14
"""What is nothing but for rounding. Ours."""


@dataclass(frozen=True)
class Estimate:
    """A figure, its standard error, degrees of freedom (infinity for a normal law) and 95 % interval."""

    value: float
    error: float
    df: float
    low: float
    high: float


@dataclass(frozen=True)
class Test:
    """A test that all ways are alike: statistic, degrees of freedom and p; `df2` is None for chi square."""

    name: str
    statistic: float
    df1: float
    df2: float | None
    p: float


@dataclass(frozen=True)
class Components:
    """Mean squares over ways, readers and both, and the covariances of areas that are due to cases.

    Attributes:
        way: mean square of ways.
        reader: of readers; None for one reader.
        both: of ways and readers; None for one reader.
        error: variance of an area over cases.
        same_reader: covariance of two ways of one reader (Cov1).
        same_way: of two readers in one way (Cov2); None for one reader.
        neither: of two readers in two ways (Cov3); None for one reader.
    """

    way: float
    reader: float | None
    both: float | None
    error: float
    same_reader: float
    same_way: float | None
    neither: float | None


@dataclass(frozen=True)
class ORAnalysis:
    """What came out.

    Attributes:
        ways: names in order.
        readers: names in order.
        areas: ``(ways, readers)`` AUC in [0, 1].
        components: what the rest is made of.
        tests: for readers and cases by lot, these readers, and these cases; those that can be told.
        means: the mean area of each way, for readers and cases by lot; None where it cannot be told.
        differences: first way minus second, for readers and cases by lot; None where it cannot be told.
        untold: keys of the sayings ``mrmc`` that tell what could not be told and why.
    """

    ways: tuple[str, ...]
    readers: tuple[str, ...]
    areas: Floats
    components: Components
    tests: tuple[Test, ...]
    means: dict[str, Estimate | None]
    differences: dict[tuple[str, str], Estimate | None]
    untold: tuple[str, ...]


def analysed(ratings: Ratings) -> ORAnalysis:
    """Compare the ways of reading.

    Args:
        ratings: complete.
    """
    areas, covariance = areas_of(ratings)
    parts = _components(areas, covariance)
    tests = [_both_by_lot(areas, parts), _these_readers(areas, parts), _these_cases(areas, parts)]
    means = {way: mean_area(areas[at], covariance[at, :, at, :]) for at, way in enumerate(ratings.ways)}
    pairs = combinations(range(len(ratings.ways)), 2)
    found = {(ratings.ways[a], ratings.ways[b]): _difference(areas, parts, a, b) for a, b in pairs}
    return ORAnalysis(
        ratings.ways, ratings.readers, areas, parts, tuple(one for one in tests if one), means, found,
        tuple(_untold(areas, parts, tests[0])),
    )  # fmt: skip


def areas_of(ratings: Ratings) -> tuple[Floats, Floats]:
    """AUC by way and reader, and their covariance over cases by the jackknife.

    Returns:
        ``(W, R)`` in [0, 1], and ``(W, R, W, R)``.
    """
    ill, well = ratings.scores[..., ratings.truth], ratings.scores[..., ~ratings.truth]
    many_ill, many_well = ill.shape[2], well.shape[2]
    above, below = _placed(ill, well), many_ill - _placed(well, ill)
    pairs = above.sum(axis=2, keepdims=True)
    without_ill = (pairs - above) / ((many_ill - 1) * many_well)
    without_well = (pairs - below) / (many_ill * (many_well - 1))
    left_out = np.concatenate([without_ill, without_well], axis=2)
    apart = left_out - left_out.mean(axis=2, keepdims=True)
    cases = left_out.shape[2]
    covariance = (cases - 1) / cases * np.einsum("abn,cdn->abcd", apart, apart)
    return pairs[..., 0] / (many_ill * many_well), covariance


def _placed(scores: Floats, others: Floats) -> Floats:
    """Of each score, how many of the others are below it, those that are equal counted half."""
    found = np.empty_like(scores)
    for at in np.ndindex(scores.shape[:2]):
        row = np.sort(others[at])
        found[at] = (np.searchsorted(row, scores[at], "left") + np.searchsorted(row, scores[at], "right")) / 2
    return found


def _components(areas: Floats, covariance: Floats) -> Components:
    ways, readers = areas.shape
    same_way, same_reader = np.eye(ways, dtype=bool), np.eye(readers, dtype=bool)

    def mean(way: bool, reader: bool) -> float | None:
        which = (same_way == way)[:, None, :, None] & (same_reader == reader)[None, :, None, :]
        return float(covariance[which].mean()) if which.any() else None

    by_way, by_reader, all_ = areas.mean(axis=1), areas.mean(axis=0), areas.mean()
    rest = areas - by_way[:, None] - by_reader[None, :] + all_
    many = readers > 1
    return Components(
        way=float(readers * ((by_way - all_) ** 2).sum() / (ways - 1)),
        reader=float(ways * ((by_reader - all_) ** 2).sum() / (readers - 1)) if many else None,
        both=float((rest**2).sum() / ((ways - 1) * (readers - 1))) if many else None,
        error=mean(True, True) or 0.0,
        same_reader=mean(False, True) or 0.0,
        same_way=mean(True, False),
        neither=mean(False, False),
    )


def _both_by_lot(areas: Floats, parts: Components) -> Test | None:
    """Readers and cases stand for all others."""
    from scipy import stats

    spread, df2 = _spread(areas, parts)
    if spread is None or df2 is None:
        return None
    df1 = areas.shape[0] - 1
    value = parts.way / spread
    p = stats.chi2.sf(value * df1, df1) if np.isinf(df2) else stats.f.sf(value, df1, df2)
    return Test("both", value, df1, df2, float(p))


def _spread(areas: Floats, parts: Components) -> tuple[float | None, float | None]:
    """What the mean square of ways is measured against, and Hillis' degrees of freedom of it."""
    ways, readers = areas.shape
    if parts.both is None or parts.same_way is None or parts.neither is None:
        return None, None
    spread = parts.both + readers * max(parts.same_way - parts.neither, 0.0)
    if spread <= NOTHING:
        return None, None
    if parts.both <= NOTHING:
        return spread, np.inf
    return spread, spread**2 / (parts.both**2 / ((ways - 1) * (readers - 1)))


def _these_readers(areas: Floats, parts: Components) -> Test | None:
    """Only cases stand for others: what is found holds for these readers."""
    from scipy import stats

    ways, readers = areas.shape
    spread = parts.error - parts.same_reader
    if parts.same_way is not None and parts.neither is not None:
        spread += (readers - 1) * (parts.same_way - parts.neither)
    if spread <= NOTHING:
        return None
    value = (ways - 1) * parts.way / spread
    return Test("readers", value, ways - 1, None, float(stats.chi2.sf(value, ways - 1)))


def _these_cases(areas: Floats, parts: Components) -> Test | None:
    """Only readers stand for others: what is found holds for these cases."""
    from scipy import stats

    ways, readers = areas.shape
    if parts.both is None or parts.both <= NOTHING:
        return None
    df1, df2 = ways - 1, (ways - 1) * (readers - 1)
    value = parts.way / parts.both
    return Test("cases", value, df1, df2, float(stats.f.sf(value, df1, df2)))


def mean_area(areas: Floats, covariance: Floats) -> Estimate | None:
    """The mean area of one way: ``(R,)`` areas and their ``(R, R)`` covariance."""
    readers = len(areas)
    if readers == 1:
        return None
    spread = float(((areas - areas.mean()) ** 2).sum() / (readers - 1))
    between = float(covariance[~np.eye(readers, dtype=bool)].mean())
    whole = spread + readers * max(between, 0.0)
    df = np.inf if spread <= NOTHING else whole**2 / (spread**2 / (readers - 1))
    return estimate(float(areas.mean()), whole / readers, df)


def _difference(areas: Floats, parts: Components, a: int, b: int) -> Estimate | None:
    spread, df = _spread(areas, parts)
    if spread is None or df is None:
        return None
    value = float(areas[a].mean() - areas[b].mean())
    return estimate(value, 2 * spread / areas.shape[1], df)


def estimate(value: float, variance: float, df: float) -> Estimate | None:
    """With an interval of Student's t; None where nothing varies: one without width tells nothing."""
    from scipy import stats

    if variance <= NOTHING:
        return None
    error = float(np.sqrt(variance))
    half = float(stats.norm.ppf(_LEVEL) if np.isinf(df) else stats.t.ppf(_LEVEL, df)) * error
    return Estimate(value, error, float(df), value - half, value + half)


def _untold(areas: Floats, parts: Components, both: Test | None) -> list[str]:
    """What is to be said of figures that are missing."""
    found = []
    if areas.shape[1] == 1:
        found.append("one_reader")
    elif both is None:
        found.append("alike" if parts.way <= NOTHING else "no_spread")
    if (areas >= 1).any():
        found.append("perfect")
    return found
