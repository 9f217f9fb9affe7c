"""How the evidence of a chat carries each thing that a sentence says."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Literal

from assistant.grounding.facts import Said
from assistant.grounding.units import OPEN, Senses, Unit, units
from tools.language.doubt import is_softened
from tools.language.evidence import EVIDENCE
from tools.language.lists import whole
from tools.language.sentences import Sentence, sentences
from tools.language.standing import DENIAL

State = Literal["here", "turned", "surer", "other", "apart", "astray", "rival", "asked", "new"]
"""How a thing is carried.

here: of this image, said so. turned: only with the opposite standing. surer: only in doubt. other: only
of another image, or by another reader. apart: of another part of the body. astray: of something else,
while of this another is
said. rival: nowhere, while of this another is said. asked: only by the user. new: nowhere.
"""
Which = Callable[[int], tuple[str, ...]]
_BETWEEN = re.compile(r"[,;:.()]|\b(?:and|but|with|without|no|while|besides)\b")
_SEVERAL, _OTHERWHERE = whole(EVIDENCE.several), whole(EVIDENCE.otherwhere)
_OF_CASES = "|".join((*EVIDENCE.library, *(one for how in EVIDENCE.ranks.values() for one in how)))
_CASES = re.compile(rf"\b(?:{_OF_CASES})\b|\b0\.\d", re.I)
_PARTS = re.compile(r"[,;:]| and | with | but | while ")
_PRONOUN = re.compile(r"\W*its?\b", re.I)
# Ours: in characters, how far what is said of a thing lies from it, a part of the body from what is found
# there, and a denial from what it denies.
_NEAR, _BESIDE, _CLOSE = 12.0, 40, 3
# Ours: how much of the best line's weight another must have to be meant as well.
_ALIKE = 0.85
_FREE_AXES = frozenset({"shape", "amount", "history", "certainty", "level", "picture"})


@dataclass(frozen=True)
class Line:
    """One sentence of the evidence: who said it, by what name, of which image, what it says, its parts."""

    who: str
    name: str
    image_id: str
    units: tuple[Unit, ...]
    parts: tuple[Line, ...] = ()

    @cached_property
    def senses(self) -> Senses:
        """All that its words may mean."""
        return frozenset().union(*(one.senses.union(*one.words) for one in self.units))

    @cached_property
    def axes(self) -> frozenset[tuple[str, str]]:
        """What it says of how things are."""
        return frozenset((one.group, one.name) for one in self.units)

    def has(self, one: Unit) -> bool:
        """Whether it speaks of the same, in whatever words."""
        if one.group not in OPEN and (one.group, one.name) in self.axes:
            return True
        both = one.group == "side" and (
            ("side", "both") in self.axes
            or (one.name == "both" and {("side", "left"), ("side", "right")} <= self.axes)
        )
        return (
            both
            or bool(one.senses & self.senses)
            or (bool(one.words) and all(w & self.senses for w in one.words))
        )


@dataclass(frozen=True)
class Lines:
    """The lines of a chat."""

    all: tuple[Line, ...]

    @cached_property
    def weights(self) -> dict[str, float]:
        """How telling each sense is: the rarer, the more."""
        seen = Counter(sense for one in self.all for sense in one.senses)
        return {sense: math.log(1 + len(self.all) / n) for sense, n in seen.items()}

    @cached_property
    def readers(self) -> frozenset[str]:
        """The reading models that said something."""
        return frozenset(one.name for one in self.all if one.who == "reader")


@lru_cache(maxsize=32)
def lines_of(said: tuple[Said, ...]) -> Lines:
    """The lines of what was said; kept, since every sentence of an answer is held against them."""
    return Lines(tuple(line for one in said for line in _lines(one)))


def _lines(said: Said) -> Iterator[Line]:
    for one in sentences(said.text):
        image = one.images[0] if len(one.images) == 1 else said.image_id
        parts = tuple(
            Line(said.who, said.name, image, units(part)) for part in _PARTS.split(one.text) if part.strip()
        )
        yield Line(said.who, said.name, image, units(one.text), parts if len(parts) > 1 else ())


def states(sentence: Sentence, ids: frozenset[str], known: Lines) -> list[tuple[Unit, State]]:
    """How each thing that a sentence says is carried.

    Args:
        sentence: a sentence of an answer.
        ids: the ids of the chat's images.
        known: the lines of its evidence.
    """
    of_cases = _CASES.search(f"{sentence.before} {sentence.text}") is not None
    ways = [[*_states(sentence.text, which, known, of_cases=of_cases)] for which in _ways(sentence, ids)]
    return min(ways, key=lambda those: sum(state == "other" for _, state in those))


def _ways(sentence: Sentence, ids: frozenset[str]) -> list[Which]:
    """The ways in which the images of a sentence may be meant, each from a place in it to images."""
    groups = [
        (at, those) for at, named in sentence.image_groups() if (those := tuple(i for i in named if i in ids))
    ]
    if not groups:
        carried = tuple(one for one in sentence.images if one in ids)
        return [lambda _: carried]
    first, last = groups[0], groups[-1]
    if len(groups) > 1:
        return [
            lambda at: next((those for start, those in reversed(groups) if start <= at), first[1]),
            lambda at: next((those for start, those in groups if start >= at), last[1]),
        ]
    only: list[Which] = [lambda _: first[1]]
    if len(ids) > 1 and (_OTHERWHERE.search(sentence.text) or _PRONOUN.match(sentence.text)):
        only += [lambda at: first[1] if at > first[0] else (), lambda at: first[1] if at < first[0] else ()]
    return only


def _states(text: str, which: Which, known: Lines, *, of_cases: bool) -> Iterator[tuple[Unit, State]]:
    said = units(text)
    of = [one for one in said if one.group in OPEN]
    soft = is_softened(text)
    named = {name for name in known.readers if name.lower() in text.lower()}
    only = named if len(named) == 1 and len(known.readers) > 1 and not _SEVERAL.search(text) else set()
    for one in said:
        images = which(one.start)
        mine = [line for line in known.all if _is_meant(line, images, only, of_cases=of_cases)]
        where = _Where(one, mine, known, text)
        yield one, where.of_open(of, soft=soft) if one.group in OPEN else where.of_axis(of)


def _is_meant(line: Line, images: tuple[str, ...], only: set[str], *, of_cases: bool) -> bool:
    if line.who == "library" and not of_cases:
        return False
    if line.who == "user" or (line.who == "reader" and only and line.name not in only):
        return False
    return not images or not line.image_id or line.image_id in images


@dataclass(frozen=True)
class _Where:
    """Where one thing of a sentence is looked for."""

    one: Unit
    mine: Sequence[Line]
    known: Lines
    text: str

    def of_open(self, of: Sequence[Unit], *, soft: bool) -> State:
        one = self.one
        have = [line for line in self.mine if line.has(one)]
        if not have:
            return self._elsewhere()
        same = [other for line in have for other in line.units if _meet(one, other)]
        if (
            same
            and one.group != "part"
            and not any({one.stands, s.stands} & {"open"} or one.stands == s.stands for s in same)
        ):
            return "turned" if self._turns() else "here"
        if (
            one.group == "finding"
            and one.stands == "stated"
            and same
            and all(s.doubtful for s in same)
            and not (soft or one.doubtful)
        ):
            return "surer"
        parts = [part for part in of if part.group == "part" and self._is_beside(part)]
        there = any(line.has(part) for part in parts for line in have)
        if (
            one.group == "finding"
            and parts
            and not there
            and any(line.has(part) for part in parts for line in self.mine)
        ):
            return "apart"
        return "here"

    def _turns(self) -> bool:
        """Whether a word that names no finding is denied right before it, or not at all."""
        one = self.one
        if one.group == "finding" or one.stands == "stated":
            return True
        return any(one.start - last.end() < _CLOSE for last in DENIAL.finditer(self.text[: one.start]))

    def of_axis(self, of: Sequence[Unit]) -> State:
        one = self.one
        near = [
            (other.senses.union(*other.words), 1 / (1 + abs(other.start - one.start) / _NEAR)) for other in of
        ]
        scored = [(self._likeness(line, near), line) for line in self.mine]
        best = max((score for score, _ in scored), default=0.0)
        meant = [
            part
            for score, line in scored
            if best and score >= _ALIKE * best
            for part in self._said_of(line, near)
        ]
        meant = meant if best else list(self.mine)
        if any(line.has(one) for line in meant):
            return "here"
        anywhere = any(line.has(one) for line in self.mine)
        others = one.group not in _FREE_AXES and any(
            group == one.group and name != one.name for line in meant for group, name in line.axes
        )
        if not best and (nowhere := self._elsewhere()) == "other":
            return nowhere
        if others or not anywhere:
            return ("astray" if anywhere else "rival") if others else self._elsewhere()
        return "here"

    def _likeness(self, line: Line, near: Sequence[tuple[Senses, float]]) -> float:
        """How much a line speaks of what stands near."""
        weights = self.known.weights
        return sum(
            w * max((weights.get(s, 0.0) for s in senses & line.senses), default=0.0) for senses, w in near
        )

    def _said_of(self, line: Line, near: Sequence[tuple[Senses, float]]) -> Sequence[Line]:
        """The part of a line that is meant, where it says more than one thing of this sort."""
        values = {name for group, name in line.axes if group == self.one.group}
        if len(values) < 2 or not line.parts:
            return [line]
        scored = [(self._likeness(part, near), part) for part in line.parts]
        best = max(score for score, _ in scored)
        told = [
            part
            for score, part in scored
            if score >= _ALIKE * best and any(g == self.one.group for g, _ in part.axes)
        ]
        return told or [line]

    def _elsewhere(self) -> State:
        """Where it is said though not of these images by these readers."""
        if any(line.has(self.one) for line in self.known.all if line.who != "user"):
            return "other"
        return "asked" if any(line.has(self.one) for line in self.known.all) else "new"

    def _is_beside(self, part: Unit) -> bool:
        a, b = sorted((part, self.one), key=lambda unit: unit.start)
        return b.start - a.start < _BESIDE and not _BETWEEN.search(self.text, a.end, b.start)


def _meet(one: Unit, other: Unit) -> bool:
    return bool(
        one.senses & other.senses
        or any(w & other.senses for w in one.words)
        or any(w & one.senses for w in other.words)
    )
