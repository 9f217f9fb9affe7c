"""What a text says of findings besides their names, and which of them each word is said of."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from assistant.grounding.named import Named
from tools.language.attributes import Axis, attributes, shapes

_STOPS_AFTER = re.compile(r"[,;:.()?!]|\b(?:with|but|no|without|while|whereas|than)\b", re.I)
_STOPS_BEFORE = re.compile(r"[;:.()?!]|, |\b(?:but|with|while|whereas|and|than|no|without)\b", re.I)
_WORD = re.compile(r"\S+")
# Ours: in words, how far a finding follows or precedes what is said of it.
_AFTER, _BEFORE = 4, 6
# These are said of a lesion as a whole too, and of its border.
_OF_LESION = re.compile(
    r"\b(?:lesions?|borders?|margins?|edges?|outlines?|shape|mole|spot|patch|colou?rs?|colou?ring|pigment\w*|surface|skin)\b",
    re.I,
)
_SHAPE = re.compile(rf" (?:{'|'.join(shapes())})\b", re.I)
_SCORE = re.compile(r"\b(?:score|pixel|blur|sharp)", re.I)
_FREE: frozenset[Axis] = frozenset({"history", "level", "picture"})
_OF_SKIN: frozenset[Axis] = frozenset({"shape", "colour"})


@dataclass(frozen=True)
class Described:
    """A word of one axis, by its one name, and the findings that it is said of."""

    axis: Axis
    name: str
    near: frozenset[Named] = frozenset()


def described(text: str, findings: Sequence[tuple[Named, int, int]]) -> Iterator[tuple[Described, int, int]]:
    """Every such word of a sentence that is said of one of its findings, or needs none."""
    for axis, name, start, end in attributes(text):
        inside = next((one for one, a, b in findings if a < end and start < b), None)
        part = inside and axis not in ("history", "certainty", "picture")
        if part and not (axis == "severity" and text[start:end].endswith("ly")):
            continue
        if axis == "certainty":
            near = frozenset(one for one, _, _ in findings)
            if _SCORE.search(text):
                yield Described(axis, name), start, end
        elif inside and axis == "severity":
            near = frozenset({inside})
        elif axis in _FREE:
            near = frozenset()
        else:
            near = _near(text, findings, start, end)
        near_shape = axis == "severity" and _SHAPE.match(text, end) is not None
        if near_shape or near or axis in _FREE or (axis in _OF_SKIN and _is_of_lesion(text, start, end)):
            yield Described(axis, name, near), start, end


def is_beside(text: str, findings: Sequence[tuple[Named, int, int]], start: int, end: int) -> bool:
    """Whether a finding stands right before or after a word of a sentence."""
    return bool(_near(text, findings, start, end))


def _near(text: str, findings: Sequence[tuple[Named, int, int]], start: int, end: int) -> frozenset[Named]:
    after = min((one for one in findings if one[1] >= end), key=lambda one: one[1], default=None)
    if after and _is_joined(text[end : after[1]], _STOPS_AFTER, _AFTER):
        return frozenset({after[0]})
    before = max((one for one in findings if one[2] <= start), key=lambda one: one[2], default=None)
    if before and _is_joined(text[before[2] : start], _STOPS_BEFORE, _BEFORE):
        return frozenset({before[0]})
    return frozenset()


def _is_joined(between: str, stops: re.Pattern[str], most: int) -> bool:
    return not stops.search(between) and len(_WORD.findall(between)) <= most


def _is_of_lesion(text: str, start: int, end: int) -> bool:
    after = _STOPS_AFTER.split(text[end : end + 40])[0]
    before = _STOPS_BEFORE.split(text[max(0, start - 40) : start])[-1]
    return bool(_OF_LESION.search(after) or _OF_LESION.search(before))
