"""How far learners agree beyond chance: Cohen's and Fleiss' kappa and Krippendorff's alpha for names.

Each with a 95 % interval over cases. No grade at all is never a grade; names have no order, so none is made
of their letters; where all agree on everything the figure is 1, and its interval is as wide as so few cases
leave it. A figure that cannot be told is None: no two learners on one case, or one name alone to give.

Source: Cohen, Educ Psychol Meas 1960;20:37; Fleiss, Psychol Bull 1971;76:378; Krippendorff, Content Analysis,
4th ed., chapter 12.

They are sums of our own, which tests hold against packages and published tables. The package ``krippendorff``
is under the GPL, which stays out of what everybody installs, and tells nothing (NaN) where one name alone was
drawn. ``scikit-learn`` has Cohen's kappa alone, with the same gap, and takes 2 to 3 ms for each of the two
thousand resamples of an interval. Of those with Fleiss', ``irrCAC`` divides by zero where all agree.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from tools.intervals import Floats, bootstrap

Grades = Sequence[Sequence[str | None]]
"""What each learner said of each case, case by case; None or blank where a learner said nothing."""

# Ours: what is nothing but for rounding.
_NOTHING = 1e-12


@dataclass(frozen=True)
class Agreement:
    """A coefficient in [−1, 1], its 95 % interval, and how many cases it rests on."""

    value: float
    low: float
    high: float
    cases: int


def cohen(grades: Grades) -> Agreement | None:
    """Kappa of two learners, over the cases that both answered.

    Args:
        grades: two a case.

    Raises:
        ValueError: a case has not two.
    """
    if any(len(case) != 2 for case in grades):
        raise ValueError("Cohen's kappa is for two")
    table = [case for case in _without_blanks(grades) if None not in case]
    names = _names(table)
    one, other = (_which([[case[at]] for case in table], names) for at in (0, 1))
    agree = (one * other).sum(axis=1)
    return _agreement(np.column_stack([agree, one, other]), len(names), _cohen_of)


def fleiss(grades: Grades) -> Agreement | None:
    """Kappa of any number of learners, over the cases that all of them answered."""
    table = [case for case in _without_blanks(grades) if None not in case and len(case) > 1]
    names = _names(table)
    counts = _which(table, names)
    many = counts.sum(axis=1)
    agree = ((counts * (counts - 1)).sum(axis=1)) / np.maximum(many * (many - 1), 1)
    return _agreement(np.column_stack([agree, counts / np.maximum(many, 1)[:, None]]), len(names), _fleiss_of)


def krippendorff(grades: Grades) -> Agreement | None:
    """Alpha for names, over the cases that two at least answered."""
    table = [case for case in _without_blanks(grades) if sum(one is not None for one in case) > 1]
    names = _names(table)
    counts = _which(table, names)
    many = counts.sum(axis=1)
    agree = (counts * (counts - 1)).sum(axis=1) / np.maximum(many - 1, 1)
    return _agreement(np.column_stack([agree, counts]), len(names), _alpha_of)


def _without_blanks(grades: Grades) -> list[list[str | None]]:
    return [[one.strip() or None if one is not None else None for one in case] for case in grades]


def _names(table: Sequence[Sequence[str | None]]) -> list[str]:
    return sorted({one for case in table for one in case if one is not None})


def _which(table: Sequence[Sequence[str | None]], names: Sequence[str]) -> Floats:
    """How often each name was given to each case, ``(cases, names)``."""
    at = {name: number for number, name in enumerate(names)}
    counts = np.zeros((len(table), len(names)))
    for row, case in enumerate(table):
        for one in case:
            if one is not None:
                counts[row, at[one]] += 1
    return counts


def _agreement(per_case: Floats, names: int, figure: Callable[[Floats, int], Floats]) -> Agreement | None:
    """The figure over all cases, unless one name alone was given: then nobody could have disagreed."""
    if names < 2:
        return None

    def of(sums: Floats) -> Floats:
        return figure(sums, names)

    value = float(of(per_case.sum(axis=0)[None])[0])
    low, high = bootstrap(per_case, of, least=-1.0)
    return Agreement(value, min(low, value), max(high, value), len(per_case))


def _cohen_of(sums: Floats, names: int) -> Floats:
    agree, one, other = sums[:, 0], sums[:, 1 : names + 1], sums[:, names + 1 : 2 * names + 1]
    cases = one.sum(axis=1)
    return _beyond(agree / cases, (one * other).sum(axis=1) / cases**2)


def _fleiss_of(sums: Floats, names: int) -> Floats:
    shares = sums[:, 1 : names + 1]
    cases = shares.sum(axis=1)
    return _beyond(sums[:, 0] / cases, ((shares / cases[:, None]) ** 2).sum(axis=1))


def _alpha_of(sums: Floats, names: int) -> Floats:
    counts = sums[:, 1 : names + 1]
    many = counts.sum(axis=1)
    chance = (counts * (counts - 1)).sum(axis=1) / (many * (many - 1))
    return _beyond(sums[:, 0] / many, chance)


def _beyond(agree: Floats, chance: Floats) -> Floats:
    """How far agreement goes beyond chance; 1 in a resample where one name alone was drawn."""
    left = 1 - chance
    return np.where(left < _NOTHING, 1.0, (agree - chance) / np.maximum(left, _NOTHING))
