"""How the evidence of a chat carries each thing that a sentence says."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Literal

from assistant.grounding.lines import PARTS, Line, Lines
from assistant.grounding.scope import scope_of
from assistant.grounding.units import OPEN, Unit, sets, units
from tools.language.doubt import is_softened
from tools.language.evidence import EVIDENCE
from tools.language.lists import whole
from tools.language.rules import heard
from tools.language.sentences import Sentence
from tools.language.standing import DENIAL

State = Literal["here", "turned", "surer", "other", "apart", "astray", "rival", "asked", "new"]
"""How a thing is carried.

here: of this image, said so. turned: only with the opposite standing. surer: only in doubt. other: only
of another image, or by another reader. apart: of another part of the body. astray: of something else,
while of this another is
said. rival: nowhere, while of this another is said. asked: only by the user. new: nowhere.
"""
_BETWEEN = heard("checking", "stands_between")
_OF_CASES = "|".join((*EVIDENCE.library, *(one for how in EVIDENCE.ranks.values() for one in how)))
_CASES = re.compile(rf"\b(?:{_OF_CASES})\b|\b0\.\d", re.I)
_OWN = whole(EVIDENCE.own_image)
_STOPS = heard("checking", "turn")
# Ours: in characters, how far what is said of a thing lies from it, a part of the body from what is found
# there, and a denial from what it denies.
_NEAR, _BESIDE, _CLOSE = 12.0, 40, 3
# Ours: how much of the best line's weight another must have to be meant as well.
_ALIKE = 0.85
# Ours: what is left of nearness across a mark; how telling a side or a severity is that is said of both,
# and by how much a finding tells more than a part of the body.
_PARTED, _AXIS, _FOUND = 0.2, 1.0, 2.5
_TOGETHER = frozenset({"side", "severity", "place", "level", "age"})
_FREE_AXES = frozenset({"shape", "amount", "history", "certainty", "level", "picture"})


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
    meant = cache(lambda images, readers: _meant(known, images, readers, of_cases))
    said = units(sentence.text)
    found: list[tuple[Unit, State]] = []
    for one in said:
        part = scope.at(one.start)
        ways = [(image,) for image in part.images] if part.every else [part.images]
        told = [_state(one, said, meant(way, part.readers), known, sentence.text) for way in ways]
        state: State = next((state for state in told if state != "here"), "here")
        if state != "here" and (part.images or part.readers):
            free = meant((), frozenset())
            elsewhere = _state(one, said, free, known, sentence.text) == "here"
            # What has changed is told of two images.
            state = ("here" if one.group == "history" else "other") if elsewhere else state
        found.append((one, state))
    return found


def _state(one: Unit, said: Sequence[Unit], mine: Sequence[Line], known: Lines, text: str) -> State:
    where = _Where(one, said, mine, known, text)
    return where.of_open() if one.group in OPEN else where.of_axis()


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
    said: Sequence[Unit]
    mine: Sequence[Line]
    known: Lines
    text: str

    def of_open(self) -> State:
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
        if one.group == "finding" and one.stands == "denied" and self._is_left_open(same):
            return "surer"
        if (
            one.group == "finding"
            and one.stands == "stated"
            and same
            and all(s.doubtful for s in ([s for s in same if s.name == one.name] or same))
            and not (one.doubtful or is_softened(clause_of(self.text, one)))
        ):
            return "surer"
        parts = [part for part in self.said if part.group == "part" and self._is_beside(part)]
        there = any(line.has(part) for part in parts for line in have)
        if (
            one.group == "finding"
            and parts
            and not there
            and any(line.has(part) for part in parts for line in self.mine)
        ):
            return "apart"
        return "here"

    def _is_left_open(self, same: Sequence[Unit]) -> bool:
        """Whether what is denied without a doubt was only said not to be ruled out."""
        softened = self.one.doubtful or is_softened(clause_of(self.text, self.one))
        return bool(same) and not softened and all(one.stands == "open" for one in same)

    def _turns(self) -> bool:
        """Whether a word that names no finding is denied right before it, or not at all."""
        one = self.one
        if one.group == "finding":
            return True
        if one.stands == "stated":  # "No enlarged nodes" is "nodes are not enlarged"
            return not DENIAL.search(clause_of(self.text, one).partition(one.name)[2])
        return any(one.start - last.end() < _CLOSE for last in DENIAL.finditer(self.text[: one.start]))

    def of_axis(self) -> State:
        one = self.one
        near = [
            (other, self._nearness(other)) for other in self.said if other is not one and self._is_told(other)
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
        if one.name == "both" and {("side", "left"), ("side", "right")} <= {
            a for line in meant for a in line.axes
        }:
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

    def _is_told(self, other: Unit) -> bool:
        """Whether something else tells which line is meant."""
        return other.group in OPEN or other.group in sets() or other.group != self.one.group

    def _nearness(self, other: Unit) -> float:
        """How near another thing stands, from 0 to 1; less where a mark or an “and” parts the two."""
        a, b = sorted((self.one, other), key=lambda unit: unit.start)
        parted = PARTS.search(self.text, a.end, b.start)
        return (_PARTED if parted else 1.0) / (1 + (b.start - a.start) / _NEAR)

    def _likeness(self, line: Line, near: Sequence[tuple[Unit, float]]) -> float:
        """How much a line speaks of what stands near."""
        marks = line.marks
        return sum(
            near_by * self._weight(line, other)
            for other, near_by in near
            if not marks.isdisjoint(other.marks)
        )

    def _weight(self, line: Line, other: Unit) -> float:
        """How telling it is that a line has another thing; 0 if it has not."""
        if other.group in OPEN or other.group in sets():
            weights = self.known.weights
            shared = other.meanings & line.senses
            telling = _FOUND if other.group == "finding" else 1.0
            return telling * max((weights.get(one, 0.0) for one in shared), default=0.0)
        return _AXIS if other.group in _TOGETHER and (other.group, other.name) in line.axes else 0.0

    def _said_of(self, line: Line, near: Sequence[tuple[Unit, float]]) -> Sequence[Line]:
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


def clause_of(text: str, one: Unit) -> str:
    """The part of a sentence between turns that a thing stands in."""
    since = max((cut.end() for cut in _STOPS.finditer(text, 0, one.start)), default=0)
    until = _STOPS.search(text, one.end)
    return text[since : until.start() if until else len(text)]


def _meet(one: Unit, other: Unit) -> bool:
    """Whether either means what the other or one of the other's words does."""
    return not (one.senses.isdisjoint(other.meanings) and other.senses.isdisjoint(one.meanings))
