"""What was said in a chat, line by line, each as the things that it says."""

from __future__ import annotations

import math
import re
from collections import Counter
from dataclasses import dataclass
from functools import cached_property, lru_cache

from assistant.grounding.facts import Said
from assistant.grounding.units import OPEN, Senses, Unit, sets, units
from tools.language.number_words import places
from tools.language.rules import heard
from tools.language.sentences import sentences

PARTS = heard("checking", "line_parts")
"""Where a line falls into its parts."""
_LEVEL = heard("checking", "level")
# Axes of which a word stands for no other thing: "marked" is no mark.
_EXACT = frozenset({"severity", "amount", "age", "certainty", "history"})


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
        return frozenset().union(*(one.meanings for one in self.units))

    @cached_property
    def axes(self) -> frozenset[tuple[str, str]]:
        """What it says of how things are."""
        return frozenset((one.group, one.name) for one in self.units)

    @cached_property
    def marks(self) -> frozenset[str | tuple[str, str]]:
        """The marks of all that it says."""
        return frozenset().union(*(one.marks for one in self.units))

    def has(self, one: Unit) -> bool:
        """Whether it speaks of the same, in whatever words."""
        if one.group in OPEN:  # Of these there are most, of lines, too: nothing is made to answer.
            return not one.senses.isdisjoint(self.senses) or (
                bool(one.words) and not any(self.senses.isdisjoint(w) for w in one.words)
            )
        if one.group in sets() or (one.group, one.name) in self.axes:
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
            other.group in OPEN and other.stands == "stated" and one.senses & other.meanings
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
        parts = tuple(Line(*whose, units(part)) for part in PARTS.split(one.text) if part.strip())
        found.append(Line(*whose, units(one.text), parts if len(parts) > 1 else ()))
    return tuple(found)


def _is_level(one: str, other: str) -> bool:
    """Whether of two places in a row one lies within the other: L4 in L4–L5, but not L5–S1."""
    one, other = (_LEVEL.sub(_short_level, name) for name in (one, other))
    a, b = ({*re.split(r"[\W_]+", name)} for name in (one, other))
    return a <= b or b <= a or one.split(maxsplit=1)[0] == other.split(maxsplit=1)[0]


def _short_level(named: re.Match[str]) -> str:
    """“Fifth lumbar” is l5."""
    place = places().get(named[1].lower())
    return f"{named[2][0].lower()}{place}" if place else named[0]
