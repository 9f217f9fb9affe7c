"""Numbers and places in an order that are written as words, from ``prompts/language/number_words.toml``."""

from __future__ import annotations

from functools import cache

from tools.language.lists import Patterns, Words, read


class _Lists(Words):
    """The fields of ``number_words.toml``."""

    up_to_19: Patterns
    tens: Patterns
    places: tuple[Patterns, ...]
    one_more: Patterns


@cache
def _lists() -> _Lists:
    return read(_Lists, "number_words")


@cache
def word_numbers() -> dict[str, int]:
    """What a number word counts, in lower case; the longest words first: "twenty-four" is not "twenty"."""
    units, tens = _lists().up_to_19, dict(enumerate(_lists().tens, 2))
    both = {f"{ten}-{units[n]}": 10 * at + n for at, ten in tens.items() for n in range(1, 10)}
    return both | {ten: 10 * at for at, ten in tens.items()} | {word: n for n, word in enumerate(units)}


@cache
def places() -> dict[str, int]:
    """The place that a word for one stands for, counted from 1, in lower case."""
    return {word: place for place, how in enumerate(_lists().places, 1) for word in how}


def number_of(text: str) -> int:
    """A number in digits or as a word; "another" is one.

    Raises:
        ValueError: it is neither.
    """
    known = 1 if text.lower() in _lists().one_more else word_numbers().get(text.lower())
    return int(text) if known is None else known
