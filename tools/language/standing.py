"""How words stand in their sentence: stated, denied, or left open. The words for it: ``standing.toml``.

A denial or a doubt covers what follows it up to a turn ("but", a semicolon, a clause of its own), and a few
stand behind what they deny ("a fracture is not seen"). A question leaves all its words open.
"""

from __future__ import annotations

import re
from functools import cache
from typing import Literal

from tools.language.lists import Heard, Patterns, Words, either, read

Standing = Literal["stated", "denied", "open"]


class _Lists(Words):
    denial: Patterns
    no_denial: Patterns
    denied_after: Patterns
    open: Patterns
    open_after: Patterns
    told_of: Patterns
    turns: Patterns
    denies_first: Patterns
    of_a_course: Patterns


@cache
def _lists() -> _Lists:
    return read(_Lists, "standing")


def _either(patterns: Patterns) -> str:
    return "|".join(patterns)


DENIAL = Heard(lambda: either(_lists().denial))
DENIES_FIRST = Heard(lambda: either(_lists().denies_first))
"""What a diagnosis begins with that says of no more than it names that it is not there."""
OF_A_COURSE = Heard(lambda: either(_lists().of_a_course))
"""What speaks of how something went on, or of one more of it, and not of whether it is there."""
_NO_DENIAL = Heard(lambda: either(_lists().no_denial))
_DENIED_AFTER = Heard(lambda: re.compile(rf"^[^,;.]{{0,40}}?\b(?:{_either(_lists().denied_after)})\b", re.I))
_OPEN = Heard(lambda: re.compile(rf"\b(?:{_either(_lists().open)})", re.I))
_OPEN_AFTER = Heard(
    lambda: re.compile(
        rf"^[^;.]{{0,60}}?\b(?:{_either(_lists().open_after)})|"
        rf"^[*”\"’]*(?: \([^)]*\))? (?:{_either(_lists().told_of)})\b",
        re.I,
    )
)
_TURN = Heard(
    lambda: re.compile(
        rf"\b(?:{_either(_lists().turns)})\b|[;:—]|"
        r", and (?:it|there|the)\b|, and (?=\w+ (?:is|are|was|were)\b)|"
        r", (?:it|there|this|that)(?:['’]s| is| are| was| were)\b|, (?:so |and )?I\b|"
        r"\b(?:is|are|was|were) (?:seen|visible|present|identified|noted|found),? and\b",
        re.I,
    )
)


_JOINED = re.compile(r",? and (?:(?:the|an?) (?:\w+ )?)?$", re.I)
_OWN_VERB = re.compile(r" (?:\w+ )?(?:is|are|was|were|should|must|needs?|has|have|can|may|shows?)\b")


def standing(sentence: str, start: int, end: int) -> Standing:
    """How the words at `start`:`end` of a sentence stand."""
    before, after = _since_turn(sentence[:start]), sentence[end:]
    if _JOINED.search(before) and _OWN_VERB.match(after):
        before = ""
    if sentence.rstrip(' ”")').endswith("?") or _OPEN.search(before) or _OPEN_AFTER.match(after):
        return "open"
    return "denied" if DENIAL.search(before) or _DENIED_AFTER.match(after) else "stated"


def is_denied(sentence: str, start: int, end: int, *, reach: int | None = None) -> bool:
    """Whether the words at `start`:`end` of a sentence are denied, be it in a question.

    Args:
        sentence: the sentence.
        start: where the words begin.
        end: where they end.
        reach: how many characters a denial reaches over; None for any number.
    """
    before = _since_turn(sentence[:start])
    last = [one.end() for one in DENIAL.finditer(before)]
    covered = bool(last) and (reach is None or len(before) - last[-1] <= reach)
    return covered or _DENIED_AFTER.match(sentence[end:]) is not None


def denies(text: str) -> bool:
    """Whether anything is denied in a text."""
    return DENIAL.search(without_idioms(text)) is not None


def _since_turn(before: str) -> str:
    """What is left of a beginning of a sentence since its last turn, without what sounds like a denial."""
    turns = list(_TURN.finditer(before))
    return without_idioms(before[turns[-1].end() :] if turns else before)


def without_idioms(text: str) -> str:
    """A text with blanks for what sounds like a denial and is none: “no doubt”."""
    return _NO_DENIAL.sub(lambda found: " " * len(found[0]), text)
