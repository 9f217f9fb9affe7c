"""Where a text names concepts of the vocabulary: what is found, how it looks, where in the body.

The longest name counts. An abbreviation counts as it is written; words of every day (``naming.toml``) do not.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache

from tools.language.lists import Words, read
from tools.language.vocabulary import Kind, even, vocabulary

FOUND: frozenset[Kind] = frozenset(
    {"finding", "diagnosis", "sign", "morphology", "distribution", "dermoscopic structure"}
)
"""Kinds of concepts that are found in an image, and not where or how."""
_WORD = re.compile(r"[\w+*%]+")
# Ours: an abbreviation is no longer than this.
_ABBREVIATION = 5


class _Lists(Words):
    everyday: tuple[str, ...]
    wide: tuple[str, ...]
    devices: tuple[str, ...]


@dataclass(frozen=True)
class Mention:
    """Concepts that a text names at ``start:end``, by id; `tokens` are its words as they are compared."""

    ids: frozenset[str]
    tokens: tuple[str, ...]
    found: bool
    start: int
    end: int


@dataclass(frozen=True)
class _Name:
    tokens: tuple[str, ...]
    ids: frozenset[str]
    found: bool
    capitals: bool


def mentions(text: str) -> Iterator[Mention]:
    """Every finding and part of the body that a text names, in order; none overlaps another."""
    names = _names()
    words = [(one.group(), one.start(), one.end()) for one in _WORD.finditer(text)]
    tokens = [_even(word) for word, _, _ in words]
    at = 0
    while at < len(tokens):
        name = _longest(names.get(tokens[at], ()), tokens, at, words[at][0])
        if name is None:
            at += 1
            continue
        last = at + len(name.tokens)
        yield Mention(name.ids, name.tokens, name.found, words[at][1], words[last - 1][2])
        at = last


@cache
def wide() -> frozenset[str]:
    """Parts of the body that are named for where an image is of, and need no evidence."""
    return frozenset(read(_Lists, "naming").wide)


@cache
def devices() -> frozenset[str]:
    """Tubes, lines and the like, which are seen in a picture as they are named."""
    return frozenset(read(_Lists, "naming").devices)


def _longest(names: tuple[_Name, ...], tokens: list[str], at: int, written: str) -> _Name | None:
    for name in names:
        if name.capitals and not written.isupper():
            continue
        if len(name.tokens) == 1 or tuple(tokens[at : at + len(name.tokens)]) == name.tokens:
            return name
    return None


@lru_cache(maxsize=16384)
def _even(word: str) -> str:
    return even(word) or word


@cache
def _names() -> Mapping[str, tuple[_Name, ...]]:
    """Names by their first word, the longest first."""
    everyday = {even(one) for one in read(_Lists, "naming").everyday}
    found: defaultdict[tuple[str, ...], set[str]] = defaultdict(set)
    written: dict[tuple[str, ...], bool] = {}
    concepts = vocabulary().concepts
    for one in concepts.values():
        if one.kind not in FOUND and one.kind != "anatomy" and one.id not in devices():
            continue
        for name in (one.term, *one.also):
            tokens = tuple(even(name).split())
            if tokens and even(name) not in everyday:
                found[tokens].add(one.id)
                capitals = len(name) <= _ABBREVIATION and name.isupper()
                written[tokens] = written.get(tokens, True) and capitals
    by_first: defaultdict[str, list[_Name]] = defaultdict(list)
    for tokens, ids in found.items():
        are_found = any(concepts[one].kind in FOUND or one in devices() for one in ids)
        by_first[tokens[0]].append(_Name(tokens, frozenset(ids), are_found, written[tokens]))
    return {
        first: tuple(sorted(those, key=lambda one: -len(one.tokens))) for first, those in by_first.items()
    }
