"""A message as it would be spelt: “roentgen”, “que region”, “q” → “röntgen”, “qué región”, “que”.

For hearing alone: what somebody wrote is quoted and kept as it was written.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache, lru_cache

from tools.language.lists import Words, read

_WORD = re.compile(r"[^\W\d_]+")
# What people type in place of letters with marks.
_AS_TWO = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss"})
_AS_ONE = str.maketrans("äöüáéíóúñ", "aouaeioun") | str.maketrans({"ß": "ss"})
# Between these stand words of somebody's own.
_QUOTED = re.compile('["“”„«»]')


class _Spelling(Words):
    """The fields of ``spelling.toml``."""

    words: dict[str, str]
    two_letters: dict[str, str]
    inside: dict[str, str]
    short: dict[str, dict[str, str]]
    asks: dict[str, str]
    marked: dict[str, dict[str, str]]


@lru_cache(maxsize=512)  # the questions before are heard again with every question
def as_spelt(text: str, language: str) -> str:
    """A message with its words spelt out; one that quotes is left as it is.

    Args:
        text: the user's words.
        language: what they are in (ISO 639-1).
    """
    if _QUOTED.search(text):
        return text
    held = _spelling()
    if language in held.asks:
        marked = held.marked[language]
        text = _asking(language).sub(lambda found: _last_word(found[0], marked), text)
    whole, inside = _whole(language), _inside(language)
    return _WORD.sub(lambda found: _spelt(found[0], whole, inside), text)


def _spelt(word: str, whole: Mapping[str, str], inside: Mapping[str, str]) -> str:
    small = word.lower()
    proper = whole.get(small)
    if proper is None and any(one in small for one in inside):
        proper = small
        for typed, meant in inside.items():
            proper = proper.replace(typed, meant)
    if proper is None:
        return word
    return proper[0].upper() + proper[1:] if word[0].isupper() else proper


def _last_word(said: str, marked: Mapping[str, str]) -> str:
    return _WORD.sub(
        lambda one: marked.get(one[0].lower(), one[0]) if one.end() == len(said) else one[0], said
    )


@cache
def _whole(language: str) -> Mapping[str, str]:
    held = _spelling()
    listed, two = held.words.get(language, "").split(), held.two_letters.get(language, "").split()
    as_one = _typed([one for one in listed if one not in two], _AS_ONE)
    return as_one | _typed(listed, _AS_TWO) | held.short.get(language, {})


@cache
def _inside(language: str) -> Mapping[str, str]:
    listed = _spelling().inside.get(language, "").split()
    return _typed(listed, _AS_ONE) | _typed(listed, _AS_TWO)


def _typed(words: list[str], table: Mapping[int, int | str]) -> dict[str, str]:
    """The words by what people type for them."""
    pairs = ((one.translate(table), one) for one in words)
    return {typed: meant for typed, meant in pairs if typed != meant}


@cache
def _asking(language: str) -> re.Pattern[str]:
    return re.compile(_spelling().asks[language], re.I)


@cache
def _spelling() -> _Spelling:
    return read(_Spelling, "spelling")
