"""Which cases a session gets by lot, and in which order each learner gets them; the same for a seed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from store.errors import CaseError
from store.teaching.case import Kind
from store.teaching.options import Arm, SessionOptions

SHARE = 0.4
"""Normals and mimics among the cases. Ours; that they are to be a large share: PMC4830375."""


@dataclass(frozen=True)
class Lot:
    """A case that may be drawn: its id, what kind it is, and its diagnosis."""

    id: str
    kind: Kind
    diagnosis: str


def balanced(lots: Sequence[Lot], number: int, seed: int, share: float = SHARE) -> list[str]:
    """Cases by lot: a stated share of normals and mimics, the rest spread evenly over the diagnoses.

    Args:
        lots: all that may be drawn.
        number: how many, at least 1.
        seed: of the lots.
        share: of normals and mimics, in [0, 1]; rounded to whole cases.

    Returns:
        The ids in an order by lot.

    Raises:
        CaseError: there are too few of either kind; the text says how many there are.
    """
    without = round(number * share)
    groups = {"disease": number - without, "normal or mimic": without}
    random = np.random.default_rng(seed)
    drawn: list[str] = []
    for name, wanted in groups.items():
        there = [lot for lot in lots if (lot.kind == "disease") == (name == "disease")]
        if number < 1 or wanted > len(there):
            raise CaseError(
                f"{number} cases with a share of {share:.0%} normals and mimics take {wanted} of the kind "
                f"“{name}”; there are {len(there)}. Take fewer cases or another share, or add cases."
            )
        drawn += _evenly(there, wanted, random)
    return [drawn[at] for at in random.permutation(len(drawn))]


def _evenly(lots: Sequence[Lot], number: int, random: np.random.Generator) -> list[str]:
    """So many of them, in rounds over the diagnoses, so that none has two more than another has to give."""
    by_diagnosis: dict[str, list[str]] = {}
    for lot in sorted(lots, key=lambda one: one.id):
        by_diagnosis.setdefault(lot.diagnosis.casefold(), []).append(lot.id)
    stacks = [[ids[at] for at in random.permutation(len(ids))] for _, ids in sorted(by_diagnosis.items())]
    drawn: list[str] = []
    while len(drawn) < number:
        for at in random.permutation(len(stacks)):
            if stacks[at] and len(drawn) < number:
                drawn.append(stacks[at].pop())
    return drawn


def order_for(options: SessionOptions, cases: int, learner: int) -> list[int]:
    """The positions of a session's cases, counted from 1, as a learner gets them.

    Args:
        options: of the session.
        cases: how many it has.
        learner: the learner's number.
    """
    if options.order == "given":
        return list(range(1, cases + 1))
    random = np.random.default_rng([options.seed, learner])
    order: list[int] = []
    for count in [part.cases for part in options.parts] or [cases]:
        order += [len(order) + int(at) + 1 for at in random.permutation(count)]
    return order


def arm_for(options: SessionOptions, learner: int) -> Arm:
    """Who helps a learner: by lot in blocks, in each of which every arm comes equally often.

    Source: permuted blocks, as in CONSORT 2010, item 8b.

    Args:
        options: of the session.
        learner: the learner's number, counted from 1.
    """
    if not options.arms:
        return "planner"
    size = options.block or 2 * len(options.arms)
    block, at = divmod(learner - 1, size)
    arms = options.arms * (size // len(options.arms))
    # The 1 keeps these lots apart from those of the order.
    lots = np.random.default_rng([options.seed, block, 1]).permutation(size)
    return arms[int(lots[at])]
