"""How well an ear hears a writer that it has not learned from, and the thresholds that follow."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from assistant.hearing.ear import Heard, heard_with
from assistant.hearing.examples import Example
from assistant.hearing.fit import PEOPLE, fit, fit_general, fit_talk
from assistant.hearing.general import in_general_with
from assistant.hearing.talk import Talk, talk_with

LOG = logging.getLogger("casebook.ears")

PARTS = 4
_FIFTHS = 5
_LANGUAGES = {"de": "German", "es": "Spanish"}
# Found on ten rounds of strangers, nine of which the ear has learned from: of the tenth 86 of 90 dangers were
# heard and 3 of 100 others taken for one; at 0.15 and 0.2, 87 and 5.
_OF_DANGERS = {"danger_body": 0.25, "danger_self": 0.35}
# Ours: how many messages in a thousand that are something else may sound like it, before they are asked of
# the chat and the rules.
_OTHERS_PER_THOUSAND = 10
# Ours: below this nothing is heard that anybody would call it.
_LOWEST = 0.33


@dataclass(frozen=True)
class Judged:
    """One example, and what an ear heard that had not learned from its writer."""

    example: Example
    heard: Heard


def left_out(known: Sequence[Example]) -> list[Judged]:
    """Every example, heard by an ear that learned from three quarters of the writers, without its own."""
    part = _parts(known)
    judged = []
    for one in range(PARTS):
        learned = fit([example for example in known if part(example) != one])
        here = [
            Judged(example, heard_with(learned, example.text)) for example in known if part(example) == one
        ]
        LOG.info("part %d of %d left out: %.3f of %d", one + 1, PARTS, share_right(here), len(here))
        judged += here
    return judged


def general_left_out(known: Sequence[Example], heard: Sequence[Heard]) -> list[float]:
    """How general every message is to one that learned from all writers but its own.

    Args:
        known: messages of chats, by what they are about.
        heard: what the ear makes of each.
    """
    scores = [0.0] * len(known)
    for writer in sorted({one.writer for one in known}):
        pairs = [(one, said) for one, said in zip(known, heard, strict=True) if one.writer != writer]
        learned = fit_general([one for one, _ in pairs], [said for _, said in pairs])
        for at, one in enumerate(known):
            if one.writer == writer:
                scores[at] = in_general_with(learned, one.text, one.language, heard[at])
    return scores


def talk_left_out(known: Sequence[Example], heard: Sequence[Heard]) -> list[Talk]:
    """What talk every message sounds like to one that learned from the others, a fifth left out at a time.

    Args:
        known: messages by their kind.
        heard: what the ear makes of each.
    """
    found: dict[int, Talk] = {}
    parts = [crc32(one.text.encode()) % _FIFTHS for one in known]
    for part in range(_FIFTHS):
        pairs = [(one, said) for one, said, its in zip(known, heard, parts, strict=True) if its != part]
        learned = fit_talk([one for one, _ in pairs], [said for _, said in pairs])
        found |= {
            at: talk_with(learned, one.text, one.language, heard[at])
            for at, one in enumerate(known)
            if parts[at] == part
        }
    return [found[at] for at in range(len(known))]


def _parts(known: Sequence[Example]) -> Callable[[Example], int]:
    """Which part of all an example is in: whole writers of English, and a share of every other language."""
    writers = sorted({one.writer for one in known if one.language == "en"})

    def part(example: Example) -> int:
        if example.language == "en":
            return writers.index(example.writer) % PARTS
        return crc32(example.text.encode()) % PARTS

    return part


def group_of(example: Example) -> str:
    """What examples are told apart by: the writer of English, or the language."""
    return example.writer if example.language == "en" else _LANGUAGES.get(example.language, "other languages")


def share_right(judged: Sequence[Judged]) -> float:
    """How many were heard as what they are, of 1."""
    return float(np.mean([one.heard.best[0] == one.example.intent for one in judged]))


def thresholds(judged: Sequence[Judged]) -> NDArray[Any]:
    """For each of ``PEOPLE``, the lowest score that few of other kinds reach; of dangers a set one."""
    limits = []
    for axis in PEOPLE:
        if axis in _OF_DANGERS:
            limits.append(_OF_DANGERS[axis])
            continue
        others = np.sort([one.heard.people[axis] for one in judged if one.example.intent != axis])
        allowed = len(others) * _OTHERS_PER_THOUSAND // 1000
        limits.append(min(max(float(others[-allowed - 1]) + 1e-4, _LOWEST), 0.95))
    return np.array(limits, np.float32)


def alarms(judged: Sequence[Judged], limits: NDArray[Any], axis: str) -> tuple[int, int, int, int]:
    """Of those that are `axis` how many were heard as it, and of the others: heard, all, false, all."""
    limit = limits[PEOPLE.index(axis)]
    of_it = [one.heard.people[axis] >= limit for one in judged if one.example.intent == axis]
    others = [one.heard.people[axis] >= limit for one in judged if one.example.intent != axis]
    return sum(of_it), len(of_it), sum(others), len(others)
