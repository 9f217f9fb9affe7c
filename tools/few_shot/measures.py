"""What cross-validation says of a few-shot classifier: accuracy with interval, confusion, calibration.

All of it is counted on answers to cases whose group (patient or lesion) the answering model never saw.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tools.intervals import Z95, Z99, Floats, bootstrap, wilson

Codes = NDArray[np.int64]

# Ours: two groups of every label in each of five folds. Published learning curves reach acceptable
# classifiers with 5 to 25 independent samples per class, while 75 to 100 are needed to measure one well.
# Source: Beleites et al., Sample size planning for classification models, Anal. Chim. Acta 2013;760:25.
LEAST_GROUPS = 10
MEASURED_WELL = 75
FOLDS = 5

# Ours: five bins of equal numbers of cases; each then holds at least 20 of the 100 cases of a small head.
_BINS = 5
# A calibration curve takes at least 200 events and 200 non-events. Source: Van Calster et al.,
# Calibration: the Achilles heel of predictive analytics, BMC Medicine 2019;17:230.
LEAST_EVENTS = 200


@dataclass(frozen=True)
class Bin:
    """Cases with scores close together: mean score, share of right answers, its 95 % interval, count."""

    score: float
    right: float
    low: float
    high: float
    count: int


@dataclass(frozen=True)
class Figures:
    """The figures of one head.

    Attributes:
        balanced_accuracy: mean over labels of the share that was recognised, in [0, 1].
        low: lower end of its 95 % interval.
        high: upper end.
        chance: the same for guessing.
        confusion: ``confusion[i][j]`` cases of label i were called label j.
        cases: cases per label.
        groups: groups per label.
        bins: the calibration curve of the first label's score, lowest scores first.
        calibrated: the curve is made of enough cases and agrees with its scores.
        temperature: what logits are divided by.
    """

    balanced_accuracy: float
    low: float
    high: float
    chance: float
    confusion: tuple[tuple[int, ...], ...]
    cases: tuple[int, ...]
    groups: tuple[int, ...]
    bins: tuple[Bin, ...]
    calibrated: bool
    temperature: float

    @property
    def n(self) -> int:
        """How many cases it was measured on."""
        return sum(self.cases)

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> Figures:
        """Rebuild from what `dataclasses.asdict` and JSON made of it."""
        return cls(
            **{
                **data,
                "confusion": tuple(tuple(row) for row in data["confusion"]),
                "cases": tuple(data["cases"]),
                "groups": tuple(data["groups"]),
                "bins": tuple(Bin(**one) for one in data["bins"]),
            }
        )


def measure(logits: Floats, truth: Codes, groups: Codes, folds: Codes, count: int) -> Figures:
    """Measure a classifier on its out-of-fold answers.

    Args:
        logits: ``(N, count)``, each row by a model that saw neither the case nor its group.
        truth: ``(N,)`` the label of each case, as its number.
        groups: ``(N,)`` the group of each case, as its number.
        folds: ``(N,)`` in which fold each case was answered.
        count: how many labels there are.
    """
    said = logits.argmax(axis=1)
    per_group = np.zeros((int(groups.max()) + 1, count, count))
    np.add.at(per_group, (groups, truth, said), 1)
    low, high = _interval(per_group)
    confusion = per_group.sum(axis=0)
    bins, calibrated = calibration(_cross_fitted(logits, truth, folds), said == truth)
    return Figures(
        balanced_accuracy=float(balanced(confusion)),
        low=low,
        high=high,
        chance=1 / count,
        confusion=tuple(tuple(int(n) for n in row) for row in confusion),
        cases=tuple(int(n) for n in confusion.sum(axis=1)),
        groups=tuple(len(np.unique(groups[truth == code])) for code in range(count)),
        bins=bins,
        calibrated=calibrated,
        temperature=temperature(logits, truth),
    )


def balanced(confusion: Floats) -> Floats:
    """Balanced accuracy of confusion tables ``(…, L, L)``; labels without a case do not count.

    Source: Brodersen et al., The balanced accuracy and its posterior distribution, ICPR 2010.
    """
    cases = confusion.sum(axis=-1)
    right = np.diagonal(confusion, axis1=-2, axis2=-1)
    recall = np.divide(right, cases, out=np.full(cases.shape, np.nan), where=cases > 0)
    found: Floats = np.nanmean(recall, axis=-1)
    return found


def _interval(per_group: Floats) -> tuple[float, float]:
    """The 95 % interval of balanced accuracy over groups; of one that never errs, with few groups a wide one.

    Every label weighs the same in it, so that it is known as well as a share of so many groups: labels times
    the harmonic mean of their groups.
    """
    labelled = np.count_nonzero(per_group.sum(axis=2), axis=0)
    there = labelled[labelled > 0]
    count = min(len(there) ** 2 / float((1 / there).sum()), len(per_group))
    return bootstrap(per_group, balanced, count=count)


def temperature(logits: Floats, truth: Codes) -> float:
    """The number, 1 or more, that makes the scores of ``logits / number`` fit best: least log loss.

    Source: Guo et al., On Calibration of Modern Neural Networks, ICML 2017, section 4.2.
    """
    from scipy.optimize import minimize_scalar

    rows = np.arange(len(truth))

    def loss(log_t: float) -> float:
        scaled = logits / np.exp(log_t)
        scaled = scaled - scaled.max(axis=1, keepdims=True)
        return float((np.log(np.exp(scaled).sum(axis=1)) - scaled[rows, truth]).mean())

    # Ours: scores are made flatter by at most twenty, never sharper: on a few dozen cases without an error
    # the best fit would be endlessly sure.
    return float(np.exp(minimize_scalar(loss, bounds=(0.0, 3.0), method="bounded").x))


def _cross_fitted(logits: Floats, truth: Codes, folds: Codes) -> Floats:
    """The first label's score of every case, with a temperature found on the other folds."""
    best = np.zeros(len(truth))
    for fold in np.unique(folds):
        here = folds == fold
        scaled = logits[here] / temperature(logits[~here], truth[~here])
        shares = np.exp(scaled - scaled.max(axis=1, keepdims=True))
        best[here] = (shares / shares.sum(axis=1, keepdims=True)).max(axis=1)
    return best


def calibration(scores: Floats, right: NDArray[np.bool_]) -> tuple[tuple[Bin, ...], bool]:
    """The calibration curve, and whether the scores may be called calibrated on this collection.

    They may with at least 200 right and 200 wrong answers, when the mean score of every bin lies within the
    99 % interval of its share of right answers: 95 % for the five of them together (Bonferroni).

    Args:
        scores: ``(N,)`` score of the first label of each case.
        right: ``(N,)`` whether that label is the case's.
    """
    bins = tuple(_bins(scores, right))
    enough = min(int(right.sum()), int((~right).sum())) >= LEAST_EVENTS
    return bins, enough and all(_agrees(one) for one in bins)


def _agrees(one: Bin) -> bool:
    low, high = wilson(one.right, one.count, Z99)
    return low <= one.score <= high


def _bins(scores: Floats, right: NDArray[np.bool_]) -> Iterator[Bin]:
    for rows in np.array_split(np.argsort(scores, kind="stable"), _BINS):
        if len(rows):
            share = float(right[rows].mean())
            low, high = wilson(share, len(rows), Z95)
            yield Bin(float(scores[rows].mean()), share, low, high, len(rows))
