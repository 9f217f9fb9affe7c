"""Plain words for something wrong with a part of the body, ``plain_findings.toml``: “the bone is broken”."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Annotated

from pydantic import Field

from tools.language.anatomy import INNER
from tools.language.lists import Patterns, Words, read, whole
from tools.language.terms import mentions
from tools.language.vocabulary import even


class _Neutral(Words):
    words: tuple[str, ...]


class _SaidOf(Words):
    one: Patterns
    of: Patterns
    verb: Patterns
    how: Patterns


class _There(Words):
    is_: Patterns = Field(alias="is")
    idle: Patterns
    counting: Patterns


class _Lists(Words):
    there: _There
    said_of: _SaidOf
    changes: Annotated[dict[str, Patterns], Field(min_length=1)]
    neutral: _Neutral


_LISTS = read(_Lists, "plain_findings")
_CHANGES = [(name, whole(how)) for name, how in _LISTS.changes.items()]
_ANY = re.compile("|".join(how.pattern for _, how in _CHANGES), re.I)
_NEUTRAL = frozenset(map(even, _LISTS.neutral.words))
# Where a part of the body and what is said of it may stand apart.
_BREAK = re.compile(r"[,;:.()]|\b(?:and|but|while|whereas|although)\b")
# Ours: how near they stand, in characters.
_REACH = 45
_SAID_OF = re.compile(
    rf"\b(?:{'|'.join(_LISTS.said_of.one)}) (?:[\w-]+ ){{0,2}}?(?:{INNER.pattern})"
    rf"(?: (?:{'|'.join(_LISTS.said_of.of)}))? (?:{'|'.join(_LISTS.said_of.verb)})"
    rf"(?: (?:{'|'.join(_LISTS.said_of.how)}))* (?P<said>(?!img-)[a-z][\w-]+)",
    re.I,
)


_THERE = re.compile(rf"\b(?:{'|'.join(_LISTS.there.is_)}) (?P<what>[^.,;:()?!]{{3,60}})", re.I)
_IDLE = re.compile(rf"(?:{'|'.join(_LISTS.there.idle)})", re.I)
_ENDS = re.compile(
    r"\b(?:in|on|at|of|with|for|that|which|to|and|but|or|here|between|by|from|about|over|near|behind|as|so|when|where)\b"
)


def said_to_be_there(text: str) -> Iterator[tuple[int, int]]:
    """What a text says that there is, in any word: “there is a bright spot”."""
    for one in _THERE.finditer(text):
        words = _ENDS.split(one["what"])[0].rstrip()
        told = [
            word
            for word in re.findall(r"[\w-]+", words)
            if len(word) > len("an") and word.lower() not in _LISTS.there.counting
        ]
        if told and not any(_IDLE.fullmatch(word) for word in re.findall(r"[\w-]+", words)):
            yield one.start("what"), one.start("what") + len(words)


def changes(text: str) -> Iterator[tuple[str, int, int]]:
    """Plain findings next to a part of the body: the one name of each, and where it begins and ends."""
    if not _ANY.search(text):
        return
    parts = [one.span() for one in INNER.finditer(text)]
    parts += [(one.start, one.end) for one in mentions(text) if not one.found]
    for name, how in _CHANGES:
        for one in how.finditer(text):
            if any(_is_near(text, part, one.span()) for part in parts):
                yield name, *one.span()


def said_of_parts(text: str) -> Iterator[tuple[int, int]]:
    """What is said of a part of the body in a word that says anything of it: “the heart is boxy”."""
    for one in _SAID_OF.finditer(text):
        if even(one["said"]) not in _NEUTRAL:
            yield one.span("said")


def _is_near(text: str, part: tuple[int, int], word: tuple[int, int]) -> bool:
    if part[0] < word[1] and word[0] < part[1]:
        return False
    between = text[min(part[1], word[1]) : max(part[0], word[0])]
    return len(between) <= _REACH and not _BREAK.search(between)
