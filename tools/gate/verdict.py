"""Scores to a verdict: a domain, a modality and a body part, or the reason why not."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, get_args

import numpy as np
from numpy.typing import NDArray

from store.records import MODALITY_WORDS, Domain, Modality
from tools.gate.estimator import Estimate

Array = NDArray[Any]

DOMAIN_OF: dict[str, Domain] = {
    "CT": "radiology",
    "DX": "radiology",
    "MR": "radiology",
    "US": "radiology",
    "XC": "dermatology",
    "DMS": "dermatology",
    "other": "other",
}
"""Class of the estimator → domain."""

WORTH_NAMING = 0.3
"""A kind that was right less often than this on held-out pictures is not named. Ours."""

LEANING = 0.5
"""Raw score from which an unknown picture leans to radiology: more than all other domains together.

Ours. Of 34 pictures that are not medical (documents, histology, the eye's ground,
animals, the moon, textures) none does, and of their grey copies and middles one of 68, a flower. Of 19 slices
and radiographs without a header that were unknown, six do. To skin nothing leans: a cat's face came to 0.60.
"""

NO_KIND = "estimated from its pixels, which do not tell its kind surely enough"

_WORDS: dict[Domain, str] = {
    "radiology": "radiology",
    "dermatology": "skin",
    "other": "neither radiology nor skin",
}


@dataclass(frozen=True)
class Verdict:
    """What the pixels say.

    Attributes:
        domain: ``unknown`` when no domain is a clear winner or the picture is unlike the training set.
        modality: DICOM code, or None.
        body_part: lower-case word, or None when not clear.
        score: of the modality where one is named, else of the domain; 0 when unknown.
        reason: one clause, without a full stop.
        leans: ``radiology`` when `domain` is unknown, radiology is nearest by more than half and the picture
            is like the training set; else None.
    """

    domain: Domain
    modality: Modality | None
    body_part: str | None
    score: float
    reason: str
    leans: Domain | None = None


def judge(estimate: Estimate, thresholds: Mapping[str, float], curves: Mapping[str, Array]) -> Verdict:
    """Decide, and say what the score was worth on pictures of sets left out.

    Args:
        estimate: raw scores.
        thresholds: `Estimator.thresholds`.
        curves: `Estimator.curves`.
    """
    verdict = decide(estimate, thresholds)
    if verdict.domain == "unknown":
        return verdict
    worth = _worth(verdict.score, curves[verdict.modality or verdict.domain])
    if verdict.modality is not None and worth < WORTH_NAMING:
        raw = domain_scores(estimate)[verdict.domain]
        verdict = replace(verdict, modality=None, body_part=None, reason=NO_KIND)
        worth = _worth(raw, curves[verdict.domain])
    return replace(verdict, score=worth)


def _worth(raw: float, curve: Array) -> float:
    return round(float(np.interp(raw, *curve)), 4)


def decide(estimate: Estimate, thresholds: Mapping[str, float]) -> Verdict:
    """Apply thresholds to raw scores; the verdict's score is the raw one of what it names."""
    totals = domain_scores(estimate)
    first, second = sorted(totals, key=totals.__getitem__, reverse=True)[:2]
    score = round(totals[first], 4)
    needed = thresholds[first]
    if score < needed:
        reason = (
            f"the pixel estimate is not clear: {score:.2f} for {_WORDS[first]}, "
            f"{totals[second]:.2f} for {_WORDS[second]}"
        )
        near = first == "radiology" and score >= LEANING and estimate.distance <= thresholds["distance"]
        return Verdict("unknown", None, None, 0.0, reason, "radiology" if near else None)
    if first != "other" and estimate.distance > thresholds["distance"]:
        reason = (
            f"it comes nearest to {_WORDS[first]} but is unlike all pictures the estimator was trained on"
        )
        return Verdict("unknown", None, None, 0.0, reason)
    if first == "other":
        return Verdict("other", None, None, score, "its pixels look like no radiology or skin image")
    modality = _modality(estimate, first, thresholds["modality"])
    part = _body_part(estimate, modality, thresholds["part"])
    raw = score if modality is None else estimate.scores[modality]
    return Verdict(first, modality, part, raw, "estimated from its pixels")


def domain_scores(estimate: Estimate) -> dict[Domain, float]:
    """Scores of ``radiology``, ``dermatology`` and ``other``; they add up to 1."""
    totals: dict[Domain, float] = {}
    for code, score in estimate.scores.items():
        totals[DOMAIN_OF[code]] = totals.get(DOMAIN_OF[code], 0.0) + score
    return totals


def _modality(estimate: Estimate, domain: Domain, share: float) -> Modality | None:
    own = {code: score for code, score in estimate.scores.items() if DOMAIN_OF[code] == domain}
    best = max(own, key=own.__getitem__)
    if own[best] < share * sum(own.values()):
        return None
    return next(code for code in get_args(Modality) if code == best and code in MODALITY_WORDS)


def _body_part(estimate: Estimate, modality: Modality | None, needed: float) -> str | None:
    if modality in ("XC", "DMS"):
        return "skin"
    # A modality trained on one body part only cannot tell that part from any other.
    if modality is None or len(estimate.parts) < 2:
        return None
    best = max(estimate.parts, key=estimate.parts.__getitem__)
    return best if estimate.parts[best] >= needed else None
