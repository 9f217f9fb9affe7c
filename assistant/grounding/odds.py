"""Which things of a sentence cannot stand beside the evidence, whatever else the sentence says."""

from __future__ import annotations

import re
from collections.abc import Sequence

from assistant.grounding.carried import State, clause_of
from assistant.grounding.units import OPEN, Unit, sets
from tools.language.evidence import EVIDENCE
from tools.language.lists import whole
from tools.language.rules import heard

# Ours: in characters, how near a word for how something is stands to what it says that of.
_NEAR, _CLOSE = 25, 20
_APART = heard("checking", "unlike_things")
# Numbers are held against those of each image by themselves.
_DIGIT = re.compile(r"(?<!img-)\b\d")
# "Let a clinician confirm it", "with your symptoms": of what is to be done.
_WISHED = whole(EVIDENCE.wished)
_USER = re.compile(r"\byour?\b", re.I)
_IS_THERE = heard("checking", "is_there")
_NAMED = frozenset({"finding", "term"})
_ADDED = frozenset({"severity", "amount", "age", "level"})
_ABSOLUTE = frozenset({"history", "certainty", "side"})
_OF_SOMETHING = frozenset({"severity", "amount", "place", "age", "level"})


def is_at_odds(one: Unit, state: State, told: Sequence[tuple[Unit, State]], text: str) -> bool:
    """Whether a thing in its state is marked by itself.

    Args:
        one: the thing.
        state: how the evidence carries it.
        told: all things of its sentence.
        text: the sentence.
    """
    if state == "here" or one.stands == "open":
        return False
    if one.stands == "denied":
        return state in ("turned", "other", "surer") and one.group == "finding"
    if one.group in OPEN:
        return _is_open_at_odds(one, state, text)
    if one.group in _OF_SOMETHING:
        return state in ("rival", "other", "astray") or (
            state == "new" and one.group in _ADDED and _is_of_something(one, told, text)
        )
    if one.group in _ABSOLUTE:
        wished = one.group != "side" and _WISHED.search(clause_of(text, one))
        return not wished and state not in (("new", "asked") if one.name == "both" else ("asked",))
    alone = all(other.group != one.group or other.name == one.name for other, _ in told)
    return one.group in sets() and (state in ("rival", "other") or (state == "astray" and alone))


def _is_open_at_odds(one: Unit, state: State, text: str) -> bool:
    if state == "turned":
        there = _IS_THERE.match(text, one.end) is not None
        return there or one.group not in ("part", "word")
    if state == "other":
        return one.group == "finding" or (one.group == "term" and not _DIGIT.search(text))
    if state == "asked":
        return one.group == "finding" and not _USER.search(text)
    return one.group == "finding" and state in ("new", "surer")


def _is_of_something(one: Unit, told: Sequence[tuple[Unit, State]], text: str) -> bool:
    """Whether it stands right before or behind something that the evidence holds."""
    if text[: one.start].rstrip().endswith(","):
        return False
    named = frozenset({"finding"}) if one.group == "amount" else _NAMED
    for other, state in told:
        if other.group in named and state == "here":
            a, b = sorted((one, other), key=lambda unit: unit.start)
            if 0 <= b.start - a.end < (_CLOSE if a is one else _NEAR) and not _APART.search(
                text, a.end, b.start
            ):
                return True
    return False
