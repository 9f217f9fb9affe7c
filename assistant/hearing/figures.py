"""How well an ear hears a writer that it has not learned from, and the thresholds that follow."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from assistant.hearing.ear import Heard, heard_with
from assistant.hearing.fit import PEOPLE, fit
from prompts.intents import Example

LOG = logging.getLogger("casebook.ears")

# Ours: how many messages in a thousand that are something else may sound like it, before they are asked of
# the chat and the rules. Missing a person in danger is worse than a notice too many.
_FALSE_PER_THOUSAND = {"danger_body": 15, "danger_self": 7}
_OTHERS_PER_THOUSAND = 10


@dataclass(frozen=True)
class Judged:
    """One example, and what an ear heard that had not learned from its writer."""

    example: Example
    heard: Heard


def left_out(known: Sequence[Example]) -> list[Judged]:
    """Every example, heard by an ear that learned from all other writers."""
    judged = []
    for group in sorted({group_of(one) for one in known}):
        learned = fit([one for one in known if group_of(one) != group])
        here = [Judged(one, heard_with(learned, one.text)) for one in known if group_of(one) == group]
        LOG.info("%s left out: %.3f of %d", group, share_right(here), len(here))
        judged += here
    return judged


def group_of(example: Example) -> str:
    """What is left out together: a writer of English, or a quarter of what is in other languages."""
    if example.language == "en":
        return example.writer
    return f"other languages, part {crc32(example.text.encode()) % 4 + 1} of 4"


def share_right(judged: Sequence[Judged]) -> float:
    """How many were heard as what they are, of 1."""
    return float(np.mean([one.heard.best[0] == one.example.intent for one in judged]))


def thresholds(judged: Sequence[Judged]) -> NDArray[Any]:
    """For each of ``PEOPLE``, the lowest score that few messages of other kinds reach."""
    limits = []
    for axis in PEOPLE:
        others = np.sort([one.heard.people[axis] for one in judged if one.example.intent != axis])
        allowed = len(others) * _FALSE_PER_THOUSAND.get(axis, _OTHERS_PER_THOUSAND) // 1000
        limits.append(min(max(float(others[-allowed - 1]) + 1e-4, 0.05), 0.95))
    return np.array(limits, np.float32)


def alarms(judged: Sequence[Judged], limits: NDArray[Any], axis: str) -> tuple[int, int, int, int]:
    """Of those that are `axis` how many were heard as it, and of the others: heard, all, false, all."""
    limit = limits[PEOPLE.index(axis)]
    of_it = [one.heard.people[axis] >= limit for one in judged if one.example.intent == axis]
    others = [one.heard.people[axis] >= limit for one in judged if one.example.intent != axis]
    return sum(of_it), len(of_it), sum(others), len(others)
