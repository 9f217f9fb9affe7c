"""Of which image, by whose word, each part of a sentence speaks.

A sentence is cut at its marks and at "and", "but", "while". A part that names an image or a reader speaks of
that one; one that names none goes on with the part before it, or, before the first name, with the part after.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from tools.language.evidence import EVIDENCE
from tools.language.lists import whole
from tools.language.rules import heard
from tools.language.sentences import Sentence

_CUT = heard("checking", "scope_ends")
_OTHER, _OTHERS, _EACH, _EVERY_READER = map(
    whole, (EVIDENCE.other_image, EVIDENCE.other_images, EVIDENCE.each_image, EVIDENCE.each_reader)
)
# "Unlike img-1", "than babydoctor": whom or what something is only held against.
_BESIDE = re.compile(
    rf"\b(?:{'|'.join(EVIDENCE.held_against)}) (?:(?:{'|'.join(EVIDENCE.in_which)}) )?$", re.I
)
_THERE = heard("checking", "of_the_one_before")
_PAIR = 2


@dataclass(frozen=True)
class Part:
    """One part of a sentence: where it ends, the images and the readers that it speaks of.

    Empty means any. With `every`, what is said holds of each of the images.
    """

    end: int
    images: tuple[str, ...] = ()
    readers: frozenset[str] = frozenset()
    every: bool = False


@dataclass(frozen=True)
class Scope:
    """The parts of a sentence, in order."""

    parts: tuple[Part, ...]

    def at(self, place: int) -> Part:
        """The part that a place of the sentence lies in."""
        return next((one for one in self.parts if place < one.end), self.parts[-1])


def scope_of(sentence: Sentence, ids: frozenset[str], readers: frozenset[str]) -> Scope:
    """The parts of a sentence.

    Args:
        sentence: a sentence of an answer.
        ids: the ids of the chat's images.
        readers: the names of the reading models that said something.
    """
    text = sentence.text
    ends = [*(one.start() for one in _CUT.finditer(text)), len(text) + 1]
    own = tuple(one for one in sentence.images if one in ids)
    images = _handed_on(ends, _images(sentence, ids), own, leaves_open=_THERE.search(text) is not None)
    spoken = _handed_on(ends, _readers(text, readers), ())
    each = [one.start() for one in _EACH.finditer(text)] if len(ids) > 1 else []
    parts = []
    for start, end, of, by in zip([0, *ends], ends, images, spoken, strict=False):
        every = not of and any(start <= at < end for at in each)
        parts.append(Part(end, tuple(sorted(ids)) if every else of, frozenset(by), every))
    return Scope(tuple(parts))


def _images(sentence: Sentence, ids: frozenset[str]) -> list[tuple[int, tuple[str, ...]]]:
    """Where images are named: by id, by place, or as the other one of two."""
    found = [
        (at, those) for at, named in sentence.image_groups() if (those := tuple(i for i in named if i in ids))
    ]
    known = {one for _, those in found for one in those} or ({*sentence.images} & ids)
    rest = tuple(sorted(ids - known))
    if other := (_OTHER if len(rest) == 1 else _OTHERS).search(sentence.text) if known and rest else None:
        found.append((other.start(), rest))
    return sorted(one for one in found if not _BESIDE.search(sentence.text[: one[0]]))


def anchors(sentence: Sentence, ids: frozenset[str], readers: frozenset[str]) -> list[tuple[int, int]]:
    """Where a sentence says of which image, or by whose word, it speaks."""
    text = sentence.text
    images = [(at, at + len(those[0])) for at, those in _images(sentence, ids)]
    every = [one.span() for one in _EACH.finditer(text)] if len(ids) > 1 else []
    return [*images, *every, *((at, at + len(those[0])) for at, those in _readers(text, readers))]


def _readers(text: str, readers: frozenset[str]) -> list[tuple[int, tuple[str, ...]]]:
    if len(readers) < _PAIR or _EVERY_READER.search(text):
        return []
    return sorted(
        (one.start(), (name,))
        for name in readers
        for one in re.finditer(re.escape(name), text, re.I)
        if not _BESIDE.search(text[: one.start()])
    )


def _handed_on(
    ends: Sequence[int],
    named: Sequence[tuple[int, tuple[str, ...]]],
    unnamed: tuple[str, ...],
    *,
    leaves_open: bool = False,
) -> list[tuple[str, ...]]:
    """The names of each part; where it has none, those of the one before, or of the one after."""
    if not named:
        return [unnamed] * len(ends)
    starts = [0, *ends[:-1]]
    own = [
        tuple(dict.fromkeys(one for at, those in named if a <= at < b for one in those))
        for a, b in zip(starts, ends, strict=True)
    ]
    first = () if leaves_open else next(one for one in own if one)
    told: list[tuple[str, ...]] = []
    for one in own:
        told.append(one or (told[-1] if told else first))
    return told
