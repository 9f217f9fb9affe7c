"""Shares with 95 % intervals, and paired differences: a bootstrap over groups, the same each time.

Where every resample comes to the same, as at 0 % and at 100 %, the interval is Wilson's with the groups as
its count: groups are what is independent.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tools.few_shot.measures import Z95, wilson

# Ours: at two thousand an end of the interval moves by less than a tenth of its width between seeds.
_RESAMPLES = 2_000
LEAST_GROUPS = 5
"""Ours: four groups make 35 different resamples, too few to cut off the outer 2.5 % on either side."""


@dataclass(frozen=True)
class Share:
    """A share of items, or the difference of two, in [−1, 1].

    Attributes:
        value: over all items.
        low: lower end of its 95 % interval; None with fewer than `LEAST_GROUPS` groups.
        high: upper end.
        items: how many.
        groups: in how many groups.
        differing: of a difference, the items that are right in one and wrong in the other; None of a share.
    """

    value: float
    low: float | None
    high: float | None
    items: int
    groups: int
    differing: int | None = None


def share(right: Sequence[bool], groups: Sequence[str]) -> Share | None:
    """The share of items that are right, with its interval; None without items.

    Args:
        right: whether each item is.
        groups: the group of each item; items of one group are drawn together.
    """
    if not right:
        return None
    values = np.array(right, float)
    low, high, count = _interval(values, groups, least=0.0)
    return Share(float(values.mean()), low, high, len(values), count)


def difference(right: Sequence[bool], other: Sequence[bool], groups: Sequence[str]) -> Share | None:
    """The share of `right` minus that of `other` on the same items, with its interval; None without items.

    Where no item differs, the ends are how much of the groups could differ, in favour of either.
    """
    if not right:
        return None
    values = np.array(right, float) - np.array(other, float)
    low, high, count = _interval(values, groups, least=-1.0)
    return Share(float(values.mean()), low, high, len(values), count, int(np.count_nonzero(values)))


def _interval(
    values: NDArray[np.float64], groups: Sequence[str], *, least: float
) -> tuple[float | None, float | None, int]:
    """Both ends of the percentile interval, and the number of groups; `least` is what a value may be.

    Source: Efron and Tibshirani, An Introduction to the Bootstrap, 1993, chapter 13.
    """
    names, codes = np.unique(np.array(groups), return_inverse=True)
    sums = np.bincount(codes, weights=values)
    sizes = np.bincount(codes)
    if (count := len(names)) < LEAST_GROUPS:
        return None, None, count
    if np.ptp(sums / sizes) == 0:
        return *_of_equal_groups(float(values.mean()), count, least), count
    drawn = np.random.default_rng(0).multinomial(count, np.full(count, 1 / count), size=_RESAMPLES)
    low, high = (float(end) for end in np.percentile(drawn @ sums / (drawn @ sizes), [2.5, 97.5]))
    return low, high, count


def _of_equal_groups(value: float, count: int, least: float) -> tuple[float, float]:
    """The interval where the value is the same in every group, so that resamples cannot differ."""
    low, high = wilson(abs(value), count, Z95)
    # Rounding may leave an end beside 0 or 1.
    low, high = min(low, abs(value)), max(high, abs(value))
    if value < 0:
        return -high, -low
    return (max(-high, least), high) if value == 0 else (low, high)
