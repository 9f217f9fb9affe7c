"""What the estimator reaches on pictures that it was not trained on."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tools.gate.data import OTHER, Sample
from tools.gate.estimator import Estimate, Estimator
from tools.gate.fit import SEED, fit, modality_of
from tools.gate.table import Table
from tools.gate.verdict import DOMAIN_OF, Verdict, domain_scores, judge

Array = NDArray[Any]
FOLDS = 5
# Ours: fewer pictures than this say little alone.
_FEW = 100


@dataclass(frozen=True)
class Held:
    """One picture with what was said of it by a fit that had not seen its group or source."""

    sample: Sample
    verdict: Verdict

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


def cross_validate(samples: list[Sample], table: Table) -> list[tuple[Sample, Estimate]]:
    """Every sample with the scores of the fit that left its fold out."""
    fold = fold_of(samples)
    return [pair for number in range(FOLDS) for pair in _left_out(samples, table, fold == number)]


def choose_thresholds(held_out: list[tuple[Sample, Estimate]]) -> dict[str, float]:
    """Choose thresholds on held-out pictures.

    Returns:
        ``radiology`` and ``dermatology``: the score that 0.3 % of the pictures that are not medical reach;
        ``other``: the score that 1 % of the medical pictures reach; ``distance``: what 99 % of them stay
        within. ``modality`` and ``part`` are ours: below these shares the best is no clear winner.
    """
    medical = [estimate for sample, estimate in held_out if sample.label != OTHER]
    strangers = [domain_scores(estimate) for sample, estimate in held_out if sample.label == OTHER]
    return {
        "radiology": _reached_by([scores["radiology"] for scores in strangers], 0.003),
        "dermatology": _reached_by([scores["dermatology"] for scores in strangers], 0.003),
        "other": _reached_by([domain_scores(estimate)["other"] for estimate in medical], 0.01),
        "modality": 0.55,
        "part": 0.85,
        "distance": round(float(np.quantile([estimate.distance for estimate in medical], 0.99)), 3),
    }


def _reached_by(scores: list[float], share: float) -> float:
    """The score that `share` reach; never below a half, nor so high that nothing can reach it (both ours)."""
    return round(min(max(float(np.quantile(scores, 1 - share)), 0.5), 0.97), 3)


def by_source(samples: list[Sample], table: Table) -> Iterator[tuple[str, list[tuple[Sample, Estimate]]]]:
    """For each source, its samples scored by a fit that saw nothing of that source.

    Packages with few pictures are left out together.
    """
    counts = Counter(sample.source for sample in samples)
    rare = {s.source for s in samples if s.label == OTHER and counts[s.source] < _FEW}
    sources = np.array(["small packages" if s.source in rare else s.source for s in samples])
    for source in sorted(set(sources.tolist())):
        yield source, _left_out(samples, table, sources == source)


def apply(pairs: list[tuple[Sample, Estimate]], thresholds: Mapping[str, float]) -> list[Held]:
    """Judge scored samples."""
    return [Held(sample, judge(estimate, thresholds)) for sample, estimate in pairs]


def _left_out(samples: list[Sample], table: Table, out: Array) -> list[tuple[Sample, Estimate]]:
    labels = np.array([sample.label for sample in samples])[table.sample]
    train = ~out[table.sample]
    estimator = Estimator(fit(table.features[train], labels[train]))
    rows = np.flatnonzero(out[table.sample] & (table.copy == 0))
    return [(samples[table.sample[row]], estimator.estimate_features(table.features[row])) for row in rows]


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
