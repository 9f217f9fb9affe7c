"""What a message says of a region of a picture, in three languages: place, shape, size, and what of it."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from functools import lru_cache

from tools.language.lists import Heard
from tools.language.rules import heard

# Ours: so much larger or smaller becomes a region of which no more is said.
_STEP = 1.5
_EARS = {
    name: heard("regions", name)
    for name in (
        "values", "average", "noise", "snr", "compares", "of_two", "that_one", "again", "twice", "half_as",
        "bigger", "smaller", "moves", "rectangle", "ellipse", "point", "roi", "whole", "half", "image",
    )
}  # fmt: skip
_LENGTHS = {name: heard("regions", name) for name in ("area_of", "radius", "diameter", "sides", "one_length")}
_PAIRS = tuple(heard("regions", one) for one in ("named", "named_row_first", "bracketed", "placed"))
_BARE, _SLICE, _TIMES = heard("regions", "bare"), heard("regions", "slice"), heard("regions", "times")
_WHERE = {one: heard("regions", one) for one in ("middle", "up", "down", "left", "right")}
_WAYS = {
    (-1, 0): heard("regions", "leftwards"),
    (1, 0): heard("regions", "rightwards"),
    (0, -1): heard("regions", "upwards"),
    (0, 1): heard("regions", "downwards"),
}
_IDLE = heard("regions", "idle")
_OF_PIXELS = {"values", "average", "noise", "snr", "roi"}
_PLACES = {"up": "upper", "down": "lower", "left": "left", "right": "right"}
Pair = tuple[float, float]


@dataclass(frozen=True)
class Said:
    """What a message says of regions.

    Attributes:
        at: columns and rows that it names.
        place: a place by word, of ``tools.region.places``; empty where it names none.
        shape: rectangle, ellipse or point; empty where it names none.
        size: width and height.
        unit: of size, px or mm.
        slice: counted from 1.
        ways: the way that it moves something, to the right and down; (0, 0) for none.
        times: how many times as large it makes something; 1 for none.
        named: which of the other words it holds: values, average, noise, snr, compares, again, roi …
        rest: the words that say anything else.
    """

    at: tuple[Pair, ...] = ()
    place: str = ""
    shape: str = ""
    size: Pair | None = None
    unit: str = "px"
    slice: int | None = None
    ways: tuple[int, int] = (0, 0)
    times: float = 1.0
    named: frozenset[str] = frozenset()
    rest: str = ""

    @property
    def asks(self) -> bool:
        """Whether it names what only pixels have, or a shape to look in."""
        return bool(self.named & {"values", "average", "noise", "snr", "roi"}) or bool(self.shape)


@lru_cache(maxsize=256)
def said_of(message: str) -> Said:
    """What a message says of regions, word by word."""
    left = _Left(message)
    number = left.take(_SLICE)
    image = left.take(_EARS["image"])
    at = left.pairs()
    size, unit, round_one = left.size()
    times = left.times()
    first = ("snr", "whole", "of_two", "again", "that_one", "average", "noise", "compares")
    named = {name for name in first if left.take_all(_EARS[name])}
    shape = left.shape(round_one=round_one)
    moves = left.take_all(_EARS["moves"])
    named |= {name for name in ("values", "roi", "point") if left.take_all(_EARS[name])}
    named |= {"image"} if image else set()
    named |= {"moves"} if moves else set()
    while (at or named & _OF_PIXELS) and (bare := left.take(_BARE)):
        at = (*at, _numbers(bare))
    ways = left.ways()
    place = "whole picture" if "whole" in named else left.place()
    return Said(
        at=at,
        place=place,
        shape=shape or ("point" if "point" in named and at else ""),
        size=size,
        unit=unit,
        slice=int(number["n"]) if number else None,
        ways=ways,
        times=times,
        named=frozenset(named),
        rest=" ".join(re.findall(r"[^\W_]+", left.idle_out())),
    )


def only_measures(message: str) -> bool:
    """Whether a message is about values at a place, or a change of a region, and nothing else."""
    told = said_of(message)
    changes = told.times not in (1, _STEP, 1 / _STEP) or (told.size and told.ways != (0, 0))
    placed = told.asks and (told.at or told.place or told.size)
    return not told.rest and bool(placed or changes)


def _numbers(found: re.Match[str]) -> Pair:
    return float(found["column"]), float(found["row"])


class _Left:
    """The words of a message of which nothing is known yet."""

    def __init__(self, message: str) -> None:
        self.words = self.whole = message

    def take(self, ear: Heard) -> re.Match[str] | None:
        """What is heard first, which is then no more among the words."""
        found = ear.search(self.words)
        if found:
            self.words = f"{self.words[: found.start()]} {self.words[found.end() :]}"
        return found

    def take_all(self, ear: Heard) -> bool:
        """Whether anything is heard, which is then no more among the words."""
        found = False
        while self.take(ear):
            found = True
        return found

    def pairs(self) -> tuple[Pair, ...]:
        """The places in numbers, column and row of each, in the order of the message."""
        found: list[tuple[int, Pair]] = []
        for ear in _PAIRS:
            while one := self.take(ear):
                found.append((self.whole.find(one[0].strip()), _numbers(one)))
        return tuple(pair for _, pair in sorted(found, key=lambda one: one[0]))

    def size(self) -> tuple[Pair | None, str, bool]:
        """Width and height, their unit, and whether it is that of a circle."""
        for name, ear in _LENGTHS.items():
            if found := self.take(ear):
                held = {key: value for key, value in found.groupdict().items() if value}
                unit = (held.get("unit") or held.get("unit2") or "px").lower()
                wide = _length(held.get("n") or held.get("n2") or held["width"])
                high = _length(held["height"]) if "height" in held else wide
                round_one = name in ("radius", "diameter")
                if name == "area_of":
                    wide, high, round_one = self._side(wide)
                times = (2 if name == "radius" else 1) * (10 if unit.startswith(("c", "z")) else 1)
                return (wide * times, high * times), "px" if unit.startswith("p") else "mm", round_one
        return None, "px", False

    def _side(self, area: float) -> tuple[float, float, bool]:
        """Width and height of an area, a circle's where one is named."""
        round_one = _EARS["ellipse"].search(self.words) is not None
        side = round(math.sqrt(max(area, 0.0) * (4 / math.pi if round_one else 1)), 3)
        return side, side, round_one

    def times(self) -> float:
        """How many times as large something is to be."""
        if found := self.take(_TIMES):
            return _length(found["n"])
        known = (("twice", 2.0), ("half_as", 0.5), ("bigger", _STEP), ("smaller", 1 / _STEP))
        return next((times for name, times in known if self.take(_EARS[name])), 1.0)

    def shape(self, *, round_one: bool) -> str:
        """The shape that is named, or that a radius has."""
        if self.take_all(_EARS["rectangle"]):
            return "rectangle"
        return "ellipse" if self.take_all(_EARS["ellipse"]) or round_one else ""

    def ways(self) -> tuple[int, int]:
        """The way to the right and down that is named."""
        found = [way for way, ear in _WAYS.items() if ear.search(self.words)]
        return sum(one[0] for one in found), sum(one[1] for one in found)

    def place(self) -> str:
        """The place by word."""
        half = self.take(_EARS["half"]) is not None
        found = {name for name, ear in _WHERE.items() if self.take_all(ear)}
        sides = [_PLACES[one] for one in ("up", "down", "left", "right") if one in found]
        if len(sides) == 1 and half:
            return f"{sides[0]} half"
        place = " ".join(sides)
        return place or ("centre" if "middle" in found else "")

    def idle_out(self) -> str:
        """What is left without words that say nothing by themselves."""
        words = self.words
        for ear in _WAYS.values():
            words = ear.sub(" ", words)
        return _IDLE.sub(" ", words)


def _length(written: str) -> float:
    return float(written.replace(",", "."))
