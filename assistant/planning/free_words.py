"""What a wish needs besides, in words of no fixed shape: the labels to rank, the slice to go to."""

from __future__ import annotations

import re
from functools import cache

from assistant.planning.conversation import ImageRow
from tools.language.labels import labels_in
from tools.language.lists import Patterns, Words, read, whole
from tools.language.rules import heard
from tools.language.vocabulary import vocabulary

_BETWEEN = heard("judging", "between_labels")
# Ours: few concepts have more words.
_LONGEST_NAME = 4
_NAMED = ("finding", "diagnosis", "sign", "morphology")
_BESIDES = frozenset({"normal", "none", "nothing", "benign", "malignant", "healthy"})
_MOST_DIGITS = 6
# “On img-1” points to no slice further on.
_WHERE = heard("judging", "where_of_labels")


class _Steps(Words):
    first: Patterns
    last: Patterns
    middle: Patterns
    back: Patterns
    on: Patterns
    counts: dict[str, Patterns]


def labels_of(clause: str) -> tuple[str, ...]:
    """The labels that a clause names to be ranked, by its form or as names of the vocabulary in a row."""
    found = labels_in(clause)
    return found if len(found) > 1 else _concepts_in_a_row(clause)


def slice_meant(clause: str, row: ImageRow) -> int | None:
    """The slice that a wish to see another one points to, counted from 1; None where it does not say.

    Args:
        clause: the wish.
        row: the image with its slice in view. The slice may be one that it does not have.
    """
    words, here = _steps(), row.index + 1
    text = _WHERE.sub(" ", clause)
    places = {"first": 1, "last": row.frames, "middle": (row.frames + 1) // 2}
    ways = [way for way in ("back", "on") if words[way].search(text)]
    digits = re.search(rf"\d{{1,{_MOST_DIGITS}}}", text)
    if digits and not ways:
        return int(digits[0])
    for name, place in places.items():
        if words[name].search(text) and not digits:
            return place
    count = int(digits[0]) if digits else _count(text)
    if not ways:
        return count if count > 1 else None  # “slice twenty”
    return here - count if ways[0] == "back" else here + count


def _count(text: str) -> int:
    words = _steps()
    return max((int(n) for n in words if n.isdigit() and words[n].search(text)), default=1)


@cache
def _steps() -> dict[str, re.Pattern[str]]:
    held = read(_Steps, "steps")
    lists = {"first": held.first, "last": held.last, "middle": held.middle, "back": held.back, "on": held.on}
    return {name: whole(patterns) for name, patterns in {**lists, **held.counts}.items()}


def _concepts_in_a_row(clause: str) -> tuple[str, ...]:
    parts = [part for part in _BETWEEN.split(clause) if part]
    named = tuple(dict.fromkeys(name for part in parts if (name := _name_in(part))))
    return named if len(named) > 1 else ()


def _name_in(part: str) -> str:
    """The longest name of a finding or a diagnosis at the end of a part, or at its beginning."""
    words = re.findall(r"[\w'’+-]+", part)
    for size in range(min(_LONGEST_NAME, len(words)), 0, -1):
        for name in (" ".join(words[-size:]), " ".join(words[:size])):
            if name.lower() in _BESIDES or any(one.kind in _NAMED for one in vocabulary().find(name)):
                return name
    return ""
