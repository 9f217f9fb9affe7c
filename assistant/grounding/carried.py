"""How the evidence of a chat carries each thing that a sentence says."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Literal

from assistant.grounding.facts import Said
from assistant.grounding.scope import scope_of
from assistant.grounding.units import OPEN, Senses, Unit, sets, units
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
_BETWEEN = re.compile(r"[,;:.()]|\b(?:and|but|with|without|no|while|besides)\b")
_OF_CASES = "|".join((*EVIDENCE.library, *(one for how in EVIDENCE.ranks.values() for one in how)))
_CASES = re.compile(rf"\b(?:{_OF_CASES})\b|\b0\.\d", re.I)
_OWN = whole(EVIDENCE.own_image)
_PARTS = re.compile(r"[,;:]| and | with | but | while ")
_STOPS = re.compile(r"[;.—]|\b(?:but|while|whereas)\b", re.I)
# Ours: in characters, how far what is said of a thing lies from it, a part of the body from what is found
# there, and a denial from what it denies.
_NEAR, _BESIDE, _CLOSE = 12.0, 40, 3
# Ours: how much of the best line's weight another must have to be meant as well.
_ALIKE = 0.85
# Axes of which a word stands for no other thing: "marked" is no mark.
_EXACT = frozenset({"severity", "amount", "age", "certainty", "history"})
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
        if one.group in sets() or (one.group not in OPEN and (one.group, one.name) in self.axes):
            return (one.group, one.name) in self.axes
        if one.group == "side":
            return ("side", "both") in self.axes or (
                one.name == "both" and {("side", "left"), ("side", "right")} <= self.axes
            )
        if one.group == "level":
            return any(one.group == other.group and _is_level(one.name, other.name) for other in self.units)
        if one.group in _EXACT:
            return any(one.group == other.group and one.senses & other.senses for other in self.units)
        return bool(one.senses & self.senses) or (bool(one.words) and all(w & self.senses for w in one.words))

    def names(self, one: Unit) -> bool:
        """Whether it states as a thing what `one` says of how things are: a fracture, of broken."""
        return any(
            other.group in OPEN and other.stands == "stated" and other.senses & one.senses
            for other in self.units
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


@lru_cache(maxsize=2048)
def _lines(said: Said) -> tuple[Line, ...]:
    found = []
    for one in sentences(said.text):
        whose = (said.who, said.name, one.images[0] if len(one.images) == 1 else said.image_id)
        parts = tuple(Line(*whose, units(part)) for part in _PARTS.split(one.text) if part.strip())
        found.append(Line(*whose, units(one.text), parts if len(parts) > 1 else ()))
    return tuple(found)


def states(sentence: Sentence, ids: frozenset[str], known: Lines) -> list[tuple[Unit, State]]:
    """How each thing that a sentence says is carried.

    Args:
        sentence: a sentence of an answer.
        ids: the ids of the chat's images.
        known: the lines of its evidence.
    """
    before = "" if _OWN.search(sentence.text) else sentence.before
    of_cases = _CASES.search(f"{before} {sentence.text}") is not None
    scope = scope_of(sentence, ids, known.readers)
    said = units(sentence.text)
    of = [one for one in said if one.group in OPEN or one.group in sets()]
    found: list[tuple[Unit, State]] = []
    for one in said:
        part = scope.at(one.start)
        ways = [(image,) for image in part.images] if part.every else [part.images]
        told = [
            _state(one, of, _meant(known, way, part.readers, of_cases), known, sentence.text) for way in ways
        ]
        state: State = next((state for state in told if state != "here"), "here")
        if state != "here" and (part.images or part.readers):
            free = _meant(known, (), frozenset(), of_cases)
            elsewhere = _state(one, of, free, known, sentence.text) == "here"
            # What has changed is told of two images.
            state = ("here" if one.group == "history" else "other") if elsewhere else state
        found.append((one, state))
    return found


def _state(one: Unit, of: Sequence[Unit], mine: Sequence[Line], known: Lines, text: str) -> State:
    where = _Where(one, mine, known, text)
    return where.of_open(of) if one.group in OPEN else where.of_axis(of)


def _meant(known: Lines, images: tuple[str, ...], readers: frozenset[str], of_cases: bool) -> list[Line]:
    """The lines of these images, by these readers if one of them speaks."""
    return [
        line
        for line in known.all
        if line.who != "user"
        and (of_cases or line.who != "library")
        and (line.who != "reader" or not readers or line.name in readers)
        and (not images or not line.image_id or line.image_id in images)
    ]


@dataclass(frozen=True)
class _Where:
    """Where one thing of a sentence is looked for."""

    one: Unit
    mine: Sequence[Line]
    known: Lines
    text: str

    def of_open(self, of: Sequence[Unit]) -> State:
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
            and all(s.doubtful for s in ([s for s in same if s.name == one.name] or same))
            and not (one.doubtful or is_softened(clause_of(self.text, one)))
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
        if one.group == "finding":
            return True
        if one.stands == "stated":  # "No enlarged nodes" is "nodes are not enlarged"
            return not DENIAL.search(clause_of(self.text, one).partition(one.name)[2])
        return any(one.start - last.end() < _CLOSE for last in DENIAL.finditer(self.text[: one.start]))

    def of_axis(self, of: Sequence[Unit]) -> State:
        one = self.one
        near = [
            (other.senses.union(*other.words), 1 / (1 + abs(other.start - one.start) / _NEAR))
            for other in of
            if other is not one
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
        if any(line.has(one) or (one.group in sets() and line.names(one)) for line in meant):
            return "here"
        anywhere = any(line.has(one) for line in self.mine)
        others = one.group not in _FREE_AXES and any(
            group == one.group and name != one.name for line in meant for group, name in line.axes
        )
        if one.group in sets() and not anywhere and not others:
            others = not any(line.names(one) for line in self.mine) and any(
                group == one.group for line in self.mine if line.who == "reader" for group, _ in line.axes
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


def _is_level(one: str, other: str) -> bool:
    """Whether of two places in a row one lies within the other: L4 in L4–L5, but not L5–S1."""
    a, b = ({*re.split(r"[\W_]+", name)} for name in (one, other))
    return a <= b or b <= a or one.split(maxsplit=1)[0] == other.split(maxsplit=1)[0]


def clause_of(text: str, one: Unit) -> str:
    """The part of a sentence between turns that a thing stands in."""
    since = max((cut.end() for cut in _STOPS.finditer(text, 0, one.start)), default=0)
    until = _STOPS.search(text, one.end)
    return text[since : until.start() if until else len(text)]


def _meet(one: Unit, other: Unit) -> bool:
    return bool(
        one.senses & other.senses
        or any(w & other.senses for w in one.words)
        or any(w & one.senses for w in other.words)
    )
