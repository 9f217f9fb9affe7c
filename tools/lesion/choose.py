"""Which candidate is the lesion: a weighted sum, and a vote of the best."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tools.lesion.candidates import Candidate
from tools.lesion.planes import Mask, Plane

# Ours: ridge regression of a candidate's Dice on its numbers over 73 photographs with masks
# (19 ISIC 2017, 54 PAD-UFES-20), printed by `python -m tests.bench.lesion DATA_DIR --fit`.
WEIGHTS = np.array([-0.2352, -0.0241, 0.6857, 0.1224, 0.5296, 0.0449])
OFFSET = -0.6717

# Ours: how much more each number counts when the question is not how good an outline is but whether there is
# a lesion: a small one is as much a lesion as a large one, and bare skin is found anywhere. Logistic
# regression over half of those photographs and of the boxes of bare skin cut from them.
PRESENCE = np.array([-0.12, 0.0, 0.5, 0.0, 0.0, 0.0])

# Ours, by the same command: the twelve best vote, a vote falling to a third 0.1 below the best score.
VOTERS = 12
SOFTNESS = 0.1


@dataclass(frozen=True, eq=False)
class Choice:
    """The winner.

    Attributes:
        share: ``(h, w)`` float32 in [0, 1], weight of the voters that hold each pixel inside.
        best: ``(h, w)`` bool, the best candidate alone.
        score: expected Dice against a hand-drawn mask, roughly; uncalibrated.
        presence: `score`, and what speaks for a lesion of any size; see `PRESENCE`.
        rival: the best score among candidates that do not touch the winner, or None.
        rival_likeness: smaller over larger area of winner and rival, 0 without a rival.
    """

    share: Plane
    best: Mask
    score: float
    presence: float
    rival: float | None
    rival_likeness: float


def scores_of(candidates: list[Candidate]) -> NDArray[np.float64]:
    """One score per candidate."""
    return np.asarray(np.stack([c.numbers for c in candidates]) @ WEIGHTS + OFFSET)


def choose(candidates: list[Candidate]) -> Choice:
    """Pick among at least one candidate."""
    scores = scores_of(candidates)
    order = np.argsort(scores)[::-1]
    best, score = candidates[order[0]].mask, float(scores[order[0]])
    presence = score + float(candidates[order[0]].numbers @ PRESENCE)
    share = vote([candidates[i].mask for i in order[:VOTERS]], scores[order[:VOTERS]])
    for i in order[1:]:
        other = candidates[i].mask
        if not (other & best).any():
            sizes = sorted([int(other.sum()), int(best.sum())])
            return Choice(share, best, score, presence, float(scores[i]), sizes[0] / sizes[1])
    return Choice(share, best, score, presence, None, 0.0)


def vote(masks: list[Mask], scores: NDArray[np.float64]) -> Plane:
    """Share of the vote for each pixel; masks that overlap the first by less than 0.3 do not vote."""
    first = masks[0]
    total = np.zeros(first.shape, np.float32)
    weights = 0.0
    for mask, score in zip(masks, scores, strict=True):
        if (mask & first).sum() / (mask | first).sum() >= 0.3:
            weight = float(np.exp((score - scores[0]) / SOFTNESS))
            total += weight * mask
            weights += weight
    return total / weights
