"""What the estimator reaches on pictures that it was not trained on."""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tools.gate.calibration import SURE, choose_curves
from tools.gate.data import OTHER, Sample
from tools.gate.estimator import Estimator
from tools.gate.fit import SEED, fit, modality_of
from tools.gate.scored import Scored, is_right
from tools.gate.table import Table
from tools.gate.verdict import DOMAIN_OF, Verdict, decide, domain_scores, judge

Array = NDArray[Any]
FOLDS = 5
# Ours: fewer pictures than this say little alone.
_FEW = 30
LOG = logging.getLogger("casebook.gate")


@dataclass(frozen=True)
class Held:
    """One picture with what was said of it by a fit that had not seen its group or source."""

    sample: Sample
    verdict: Verdict
    learned: bool = True

    @property
    def modality(self) -> str:
        """The true modality code, or ``other``."""
        return self.sample.label.split()[0]

    @property
    def domain(self) -> str:
        """The true domain."""
        return DOMAIN_OF[self.modality]


def fold_of(samples: list[Sample]) -> Array:
    """A fold for each sample; groups stay whole, and each modality is dealt out evenly."""
    rng = np.random.default_rng(SEED)
    fold: dict[str, int] = {}
    modality = modality_of(np.array([sample.label for sample in samples]))
    for code in np.unique(modality):
        groups = sorted({sample.group for sample, own in zip(samples, modality, strict=True) if own == code})
        rng.shuffle(groups)
        fold |= {group: place % FOLDS for place, group in enumerate(groups)}
    return np.array([fold[sample.group] for sample in samples])


def cross_validate(samples: list[Sample], table: Table) -> list[Scored]:
    """Every sample with the scores of the fit that left its group's fold out."""
    fold = fold_of(samples)
    return [one for number in range(FOLDS) for one in _score(samples, table, fold == number, -1 - number)]


def leave_collections_out(samples: list[Sample], table: Table) -> list[Scored]:
    """Every sample with the scores of a fit that saw nothing of its collection.

    Medical collections of at least `_FEW` pictures are left out one at a time, smaller ones together; each
    time some of the packages are left out as well.
    """
    fold = collection_folds(samples)
    scored = []
    for number in np.unique(fold):
        LOG.info(
            "left out: %s", sorted({s.origin for s, own in zip(samples, fold, strict=True) if own == number})
        )
        scored += _score(samples, table, fold == number, int(number), outside=True)
    return scored


def collection_folds(samples: list[Sample]) -> Array:
    """A fold for each sample, by its collection."""
    counts = Counter(sample.origin for sample in samples if sample.label != OTHER)
    large = sorted(origin for origin, count in counts.items() if count >= _FEW)
    fold = {origin: large.index(origin) if origin in large else len(large) for origin in counts}
    folds = max(fold.values(), default=0) + 1
    packages = sorted({sample.origin for sample in samples if sample.label == OTHER})
    fold |= {origin: place % folds for place, origin in enumerate(packages)}
    return np.array([fold[sample.origin] for sample in samples])


def _score(
    samples: list[Sample], table: Table, out: Array, fold: int, *, outside: bool = False
) -> list[Scored]:
    labels = np.array([sample.label for sample in samples])[table.sample]
    train = ~out[table.sample]
    estimator = Estimator(fit(table.features[train], labels[train]))
    known = set(modality_of(labels[train]).tolist())
    rows = np.flatnonzero(out[table.sample] & (table.copy == 0))
    chosen = [samples[table.sample[row]] for row in rows]
    return [
        Scored(
            sample,
            estimator.estimate_features(table.features[row]),
            fold,
            learned=sample.label.split()[0] in known,
            outside=outside,
        )
        for row, sample in zip(rows, chosen, strict=True)
    ]


@dataclass(frozen=True)
class Rules:
    """What turns raw scores into verdicts.

    Attributes:
        thresholds: see `choose_thresholds`.
        curves: see `tools.gate.calibration.choose_curves`.
    """

    thresholds: dict[str, float]
    curves: dict[str, Array]

    def apply(self, scored: Iterable[Scored]) -> list[Held]:
        """Judge scored samples."""
        return [
            Held(one.sample, judge(one.estimate, self.thresholds, self.curves), one.learned) for one in scored
        ]


def choose_rules(scored: list[Scored], checked: Collection[str]) -> Rules:
    """Thresholds and curves from held-out pictures."""
    thresholds = choose_thresholds(scored)
    return Rules(thresholds, choose_curves(scored, thresholds, checked))


def judge_blind(scored: list[Scored], checked: Collection[str]) -> list[Held]:
    """Judge each collection that was left out by rules chosen without it."""
    held = []
    for number in sorted({one.fold for one in scored if one.outside}):
        rules = choose_rules([one for one in scored if one.fold != number], checked)
        held += rules.apply(one for one in scored if one.fold == number)
    return held


def choose_thresholds(scored: list[Scored]) -> dict[str, float]:
    """Choose thresholds on held-out pictures.

    Returns:
        ``radiology`` and ``dermatology``: the score that 0.3 % of the pictures that are not medical reach;
        ``other``: the score that 1 % of the medical pictures reach; ``distance``: what 98 % of them stay
        within when only their group is left out. ``modality`` and ``part`` are ours: below these shares the
        best is no clear winner.
    """
    strangers = [domain_scores(one.estimate) for one in scored if one.sample.label == OTHER]
    medical = [one for one in scored if one.sample.label != OTHER and one.learned]
    near = [one.estimate.distance for one in medical if not one.outside] or [0.0]
    return {
        "radiology": _reached_by([scores["radiology"] for scores in strangers], 0.003),
        "dermatology": _reached_by([scores["dermatology"] for scores in strangers], 0.003),
        "other": _reached_by([domain_scores(one.estimate)["other"] for one in medical], 0.01),
        "modality": 0.7,
        "part": 0.85,
        "distance": round(float(np.quantile(near, 0.98)), 3),
    }


def _reached_by(scores: list[float], share: float) -> float:
    """The score that `share` reach; never below a half, nor so high that nothing can reach it (both ours)."""
    return round(min(max(float(np.quantile(scores, 1 - share)), 0.5), 0.97), 3)


def raw_reliability(scored: list[Scored], thresholds: dict[str, float]) -> tuple[int, int]:
    """How many answers have a domain's raw score above `SURE`, and how many of them are wrong."""
    answers = [(decide(one.estimate, thresholds), one) for one in scored]
    sure = [
        is_right(verdict, one.sample.label.split()[0])
        for verdict, one in answers
        if verdict.domain != "unknown" and domain_scores(one.estimate)[verdict.domain] > SURE
    ]
    return len(sure), len(sure) - sum(sure)


def reliability(held: list[Held]) -> list[tuple[float, float, int, int]]:
    """For each band of scores: its ends, how many answers, how many of them wrong."""
    rows = []
    for low, high in pairwise((0.0, 0.5, 0.7, 0.8, SURE, 1.0)):
        own = [one for one in held if one.verdict.domain != "unknown" and low < one.verdict.score <= high]
        rows.append((low, high, len(own), sum(not is_right(one.verdict, one.modality) for one in own)))
    return rows


@dataclass(frozen=True)
class Summary:
    """Shares over a list of judged pictures; None where there is nothing to count.

    Attributes:
        medical: how many are medical.
        unknown: share of medical pictures called unknown.
        domain: share of the answered medical pictures whose domain is right.
        modality: share of those with a modality named whose modality is right.
        unnamed: share of the answered medical pictures without a modality named.
        body_part: share of named body parts that are right.
        others: how many are not medical.
        false_alarm: share of those called medical.
    """

    medical: int
    unknown: float | None
    domain: float | None
    modality: float | None
    unnamed: float | None
    body_part: float | None
    others: int
    false_alarm: float | None


def summarise(held: list[Held]) -> Summary:
    """Count."""
    medical = [one for one in held if one.modality != OTHER]
    others = [one for one in held if one.modality == OTHER]
    answered = [one for one in medical if one.verdict.domain != "unknown"]
    named = [one for one in answered if one.verdict.modality or one.verdict.domain == "other"]
    parts = [one for one in answered if one.verdict.body_part]
    return Summary(
        len(medical),
        _share(one.verdict.domain == "unknown" for one in medical),
        _share(one.verdict.domain == one.domain for one in answered),
        _share(one.verdict.modality == one.modality for one in named),
        _share(one.verdict.modality is None and one.verdict.domain != "other" for one in answered),
        _share(one.verdict.body_part == one.sample.label.split()[1] for one in parts),
        len(others),
        _share(one.verdict.domain in ("radiology", "dermatology") for one in others),
    )


def _share(hits: Any) -> float | None:
    values = [bool(hit) for hit in hits]
    return sum(values) / len(values) if values else None
