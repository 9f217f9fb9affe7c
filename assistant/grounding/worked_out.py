"""Whether one number is another one rounded, in another unit, or worked out of several known ones."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import lru_cache
from itertools import combinations

from assistant.grounding.claims import Claim
from assistant.grounding.facts import Facts
from tools.language.anatomy import stem
from tools.language.evidence import EVIDENCE
from tools.language.lists import whole
from tools.language.numbers import Number, numbers
from tools.language.units import in_unit

# Ours: a number this short stands in many sentences, so one about the same thing must hold it.
_SHORT = 100
# Stems of what is given as a part of one and may be written in per cent, and of what is none of these.
_SHARES, _LIKE = (frozenset(map(stem, words)) for words in (EVIDENCE.shares, EVIDENCE.likeness))
# Ours: in a passage with more numbers than these nobody can follow what was worked out of which.
_MOST_OPERANDS, _TWO = 6, 2
_WORDS = re.compile(r"[^\W\d_]{4,}")
# Words that no quantity is told by.
_OF_ANY = frozenset(map(stem, EVIDENCE.of_any_number))
_WINDOW = whole(EVIDENCE.window)
# Ours: in millimetres, no pixel is wider.
_WIDEST = 2.0


def _half_a_digit(number: Number) -> float:
    return 0.5 * 10.0**-number.decimals + 1e-9


def rounds(value: Number, number: Number) -> bool:
    """Whether `value` in the unit of `number` becomes it when it is rounded to the digits that it shows."""
    as_written = in_unit(value.value, value.unit, number.unit or value.unit)
    if as_written is None and number.unit == "%" and _is_share(value, number):
        as_written = 100 * value.value
    return as_written is not None and abs(as_written - number.value) <= _half_a_digit(number)


def _is_share(value: Number, number: Number) -> bool:
    """Whether a value is a part of one, which its words and those of the number call by one name."""
    if value.unit or not value.decimals or not 0 <= value.value <= 1:
        return False
    named, given = ({*one.context} & (_SHARES | _LIKE) for one in (number, value))
    if given & _LIKE:
        return bool(named & _LIKE)
    return not named or bool(named & _SHARES)


def is_short(number: Number) -> bool:
    """Whether it stands in many sentences, so that only one about the same thing can hold it."""
    return not number.unit and not number.decimals and abs(number.value) < _SHORT


def is_worked_out(number: Number, claim: Claim, facts: Facts) -> bool:
    """Whether a number is worked out of known ones: how far apart they are, how much together, how long."""
    passage, alone = _around(claim), is_short(number)
    if alone and not _WINDOW.search(passage):
        return False
    known = [one.claim.what for one in facts.numbers if one.said.who != "user"]
    near = [one for one in _numbers_of(passage) if (one.value, one.unit) != (number.value, number.unit)]
    units = [next((k.unit for k in known if rounds(k, one)), None) for one in near]
    there = [
        replace(one, unit=one.unit or unit) for one, unit in zip(near, units, strict=True) if unit is not None
    ]
    ways = [how for how in (_apart, _summed, _window) if _SAYS[how].search(claim.clause)]
    pairs = [*combinations(there, 2)]
    if len(near) > _MOST_OPERANDS or not ways:
        pairs = []
    elif len(there) < _TWO and ways == [_apart]:
        pairs = [*_named_together(passage, known)]
    made = {n for a, b in pairs for how in ways for n in how(a, b, number.unit)}
    made |= _lengths(number, near, known)
    return any(abs(one - number.value) <= _half_a_digit(number) for one in made)


@lru_cache(maxsize=1)  # every number of a passage asks, one after the other
def _numbers_of(passage: str) -> tuple[Number, ...]:
    return tuple(one for one, _, _ in numbers(passage))


def _named_together(passage: str, known: Sequence[Number]) -> Iterator[tuple[Number, Number]]:
    """Two known numbers of one quantity, in one unit, that a passage names without giving them."""
    words = frozenset(stem(one) for one in _WORDS.findall(passage)) - _OF_ANY
    named = [one for one in known if one.context & words]
    for one, other in combinations(named, 2):
        if one.unit == other.unit and one.context & other.context & words:
            yield one, other


def _lengths(number: Number, near: Sequence[Number], known: Sequence[Number]) -> set[float]:
    """How long so many pixels, or so many slices, are at a spacing or thickness that is known."""
    if number.unit != "px" and in_unit(1.0, number.unit, "mm") is None:
        return set()
    spacings = [one for one in known if one.unit in ("mm", "cm", "µm")]
    if number.unit == "px":  # "10 pixels are 7 mm"
        return {
            number.value
            for step in spacings
            for one in near
            if (length := in_unit(number.value * step.value, step.unit, one.unit)) is not None
            and abs(length - one.value) <= _half_a_digit(one)
        }
    pixels = [n for one in (*known, *near) if one.unit == "px" for n in (one.value, one.times) if n]
    slices = [one.value for one in near if one.noun == "slice" and any(rounds(k, one) for k in known)]
    each = [(n, step) for n in pixels for step in spacings if _mm(step) < _WIDEST]
    each += [(n, step) for n in slices for step in spacings]
    found = (in_unit(n * step.value, step.unit, number.unit) for n, step in each)
    return {one for one in found if one is not None and number.unit}


def _mm(length: Number) -> float:
    return in_unit(length.value, length.unit, "mm") or 0.0


def _apart(one: Number, other: Number, unit: str) -> set[float]:
    if unit == "pp" and one.unit == other.unit == "%":
        return {abs(one.value - other.value)}
    a, b = in_unit(one.value, one.unit, unit), in_unit(other.value, other.unit, unit)
    return set() if a is None or b is None else {abs(a - b)}


def _summed(one: Number, other: Number, unit: str) -> set[float]:
    a, b = in_unit(one.value, one.unit, unit), in_unit(other.value, other.unit, unit)
    return set() if a is None or b is None else {a + b}


def _window(one: Number, other: Number, unit: str) -> set[float]:
    """The edges of a window, by its width and its level."""
    a, b = one.value, other.value
    plain = {one.unit, other.unit} <= {"", "HU"} and unit in ("", "HU")
    return {a + b / 2, abs(a - b / 2), b + a / 2, abs(b - a / 2)} if plain else set()


# How one number is worked out of two, and what says so.
_SAYS = {_apart: whole(EVIDENCE.apart), _summed: whole(EVIDENCE.summed), _window: _WINDOW}


def _around(claim: Claim) -> str:
    """The sentence of a claim with the one before it."""
    return f"{claim.sentence.before} {claim.sentence.text}"
