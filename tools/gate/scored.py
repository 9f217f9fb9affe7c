"""Held-out pictures as a fit scored them, and when an answer about one is right."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from tools.gate.data import OTHER, Sample
from tools.gate.estimator import Estimate
from tools.gate.verdict import DOMAIN_OF, Verdict


@dataclass(frozen=True)
class Scored:
    """One picture as scored by a fit that had not seen it.

    Attributes:
        sample: the picture.
        estimate: its scores.
        fold: which fit; pictures of one fold were left out together.
        learned: whether that fit had seen other pictures of the same kind.
        outside: whether its whole collection was left out, not only its own group.
    """

    sample: Sample
    estimate: Estimate
    fold: int
    learned: bool
    outside: bool


def is_right(verdict: Verdict, truth: str) -> bool:
    """Whether a verdict names the truth (a modality code or ``other``), as far as it names anything."""
    if verdict.modality is not None:
        return verdict.modality == truth
    return verdict.domain == DOMAIN_OF[truth]


def kinds_of_several(samples: Sequence[Sample]) -> set[str]:
    """The modalities that were learned from more than one collection."""
    origins = defaultdict(set)
    for sample in samples:
        origins[sample.label.split()[0]].add(sample.origin)
    return {code for code, own in origins.items() if code != OTHER and len(own) > 1}
