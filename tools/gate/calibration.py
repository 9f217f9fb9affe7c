"""Raw scores to scores that say how often such an answer was right on whole sets the fit had not seen.

A curve is ``(2, K)``: raw scores and what they are worth. It never falls, and it goes above 0.9 only where at
most 1 in 100 answers were wrong. A kind that was learned from one collection only could not be tried
on another one, so its scores stay at 0.9 or below.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tools.gate.data import OTHER
from tools.gate.scored import Scored, is_right
from tools.gate.verdict import DOMAIN_OF, decide

Array = NDArray[Any]

SURE = 0.9
"""Above this at most `_WRONG` of the answers were wrong on sets left out."""

_WRONG = 0.01
_MOST = 0.99
# Ours: quantiles kept of a curve; and with fewer answers, the curve of all kinds of the domain stands in.
_KNOTS, _ENOUGH = 12, 30


def choose_curves(
    scored: Sequence[Scored], thresholds: Mapping[str, float], checked: Collection[str]
) -> dict[str, Array]:
    """A curve for every modality and every domain.

    Args:
        scored: held-out pictures; those whose collection was left out decide, except for kinds that only
            one collection has.
        thresholds: as `tools.gate.verdict.decide` takes them.
        checked: see `tools.gate.scored.kinds_of_several`.
    """
    answers: dict[str, list[tuple[float, bool, Scored]]] = defaultdict(list)
    for one in scored:
        verdict = decide(one.estimate, thresholds)
        right = is_right(verdict, one.sample.label.split()[0])
        answers[verdict.modality or verdict.domain].append((verdict.score, right, one))
    return {name: _curve_of(name, answers, checked) for name in [*DOMAIN_OF, "radiology", "dermatology"]}


def _curve_of(
    name: str, answers: Mapping[str, list[tuple[float, bool, Scored]]], checked: Collection[str]
) -> Array:
    domain = DOMAIN_OF.get(name, name)
    kinds = [code for code in DOMAIN_OF if DOMAIN_OF[code] == domain]
    alone = name != OTHER and not set(checked) & ({name} if name in DOMAIN_OF else set(kinds))
    own = answers[name]
    if len(own) < _ENOUGH:
        own = [row for code in {*kinds, name} for row in answers[code]]
    # Of a kind that one collection has, that collection left out tells nothing.
    own = [row for row in own if row[2].learned] if alone else own
    return curve(own, alone=alone)


def curve(answers: Sequence[tuple[float, bool, Scored]], *, alone: bool) -> Array:
    """The curve of some answers.

    Pictures like those learned from and pictures of collections left out count as much in all. Where the
    curve goes above `SURE` is decided by the latter alone.

    Args:
        answers: raw score, whether the answer was right, and of what.
        alone: whether one collection only has the kind: then every picture counts the same, and `SURE` is
            never exceeded.

    Returns:
        ``(2, K)`` float32. Without answers, every raw score is worth 0.5.
    """
    from sklearn.isotonic import IsotonicRegression

    if not answers:
        return np.array([[0.0, 1.0], [0.5, 0.5]], np.float32)
    raw, right, outside = (
        np.array(column, float)
        for column in zip(*((raw, right, one.outside) for raw, right, one in answers), strict=True)
    )
    shares = np.where(outside == 1, 1 / max(1, outside.sum()), 1 / max(1, (1 - outside).sum()))
    weight = np.ones(len(raw)) if alone else shares
    rising = IsotonicRegression(y_min=0, y_max=1, out_of_bounds="clip").fit(raw, right, weight)
    cut = 2.0 if alone else _sure_from(raw[outside == 1], right[outside == 1])
    places = np.quantile(raw[raw < cut], np.linspace(0, 1, _KNOTS)) if (raw < cut).any() else np.zeros(1)
    knots = [*zip(places, np.minimum(rising.predict(places), SURE), strict=True)]
    if cut <= 1:
        above = (raw >= cut) & (outside == 1)
        worth = 1 - (np.sum(1 - right[above]) + 0.5) / (above.sum() + 1)
        knots += [(cut - 1e-6, SURE), (cut, float(worth)), (1.0, float(worth))]
    table = np.array(knots).T
    table[1] = np.minimum(np.maximum.accumulate(table[1]), _MOST)
    return table.astype(np.float32)


def _sure_from(raw: Array, right: Array) -> float:
    """From which raw score on at most `_WRONG` were wrong, half an answer added; 2 if there is none."""
    order = np.argsort(raw)
    raw, wrong = raw[order], np.cumsum((1 - right[order])[::-1])[::-1]
    count = np.arange(len(raw), 0, -1)
    first = np.diff(raw, prepend=-1) > 0
    good = np.flatnonzero(first & ((wrong + 0.5) / (count + 1) <= _WRONG))
    return float(raw[good[0]]) if good.size else 2.0
