"""What a message in any language speaks of, in a small number of subjects: ``prompts/lexicon``.

A message in a language with few examples shares with those of all others that somebody does not breathe.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Annotated

from pydantic import ConfigDict, Field

from prompts import LEXICON
from store.errors import SetupError
from tools.language.grams import words
from tools.language.lists import Words, read_file

# Written without blanks between words.
_RUN_ON = ("zh", "ja", "ko")

Stems = Mapping[str, tuple[tuple[tuple[str, ...], str], ...]]
"""Stems by their first two letters: the words that begin so, and the subject."""


class _File(Words):
    """Subjects, each with the beginnings of the words that speak of it."""

    model_config = ConfigDict(extra="allow", frozen=True)
    __pydantic_extra__: dict[str, Annotated[tuple[str, ...], Field(min_length=1)]]


def subjects(found: list[str], language: str) -> list[str]:
    """The subjects that the words of a message speak of, in the order in which they do.

    Args:
        found: its words, as ``grams.words`` gives them.
        language: which one it is in (ISO 639-1); nothing is found in one without a file.
    """
    if language not in _languages():
        return []
    if language in _RUN_ON:
        return _anywhere("".join(found), language)
    return [subject for at in range(len(found)) for subject in _at(found, at, _stems(language))]


def _at(found: list[str], at: int, stems: Stems) -> Iterator[str]:
    for parts, subject in stems.get(found[at][:2], ()):
        if len(found) - at >= len(parts) and all(
            word.startswith(part) for word, part in zip(found[at:], parts, strict=False)
        ):
            yield subject
            return


def _anywhere(text: str, language: str) -> list[str]:
    places = [
        (text.find("".join(parts)), subject)
        for stems in _stems(language).values()
        for parts, subject in stems
        if "".join(parts) in text
    ]
    return [subject for _, subject in sorted(places)]


@cache
def _languages() -> frozenset[str]:
    return frozenset(path.stem for path in LEXICON.glob("*.toml"))


@cache
def _stems(language: str) -> Stems:
    """The stems of a language, the longest first.

    Raises:
        SetupError: the file is not as it should be, or leaves out a subject that English has.
    """
    held = _held(language)
    if missing := sorted(set(_held("en")) ^ set(held)):
        raise SetupError(f"The words in {language}.toml are not as they should be: {missing[0]}.")
    made: defaultdict[str, list[tuple[tuple[str, ...], str]]] = defaultdict(list)
    for subject, stems in held.items():
        for stem in stems:
            parts = tuple(words(stem))
            made[parts[0][:2]].append((parts, subject))
    return {start: tuple(sorted(some, key=lambda one: -len("".join(one[0])))) for start, some in made.items()}


def _held(language: str) -> Mapping[str, tuple[str, ...]]:
    return read_file(_File, LEXICON / f"{language}.toml").model_extra or {}
