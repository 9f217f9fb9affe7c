"""Shares with 95 % intervals over groups, and paired differences."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from tools.intervals import Floats, bootstrap

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
    values: Floats, groups: Sequence[str], *, least: float
) -> tuple[float | None, float | None, int]:
    """Both ends of the interval, and the number of groups; `least` is what a value may be."""
    names, codes = np.unique(np.array(groups), return_inverse=True)
    if (count := len(names)) < LEAST_GROUPS:
        return None, None, count
    per_group = np.stack([np.bincount(codes, weights=values), np.bincount(codes).astype(float)], axis=1)
    return *bootstrap(per_group, lambda drawn: drawn[:, 0] / drawn[:, 1], least=least), count
