"""A message → numbers of what is in it: words and letters, kinds of words, and what they speak of.

The kinds are those of the vocabulary: “lipoma or cyst?” and “oedema or effusion?” have a pair of findings.
Words of like meaning count as one another too, in any language.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cache, lru_cache
from itertools import pairwise
from zlib import crc32

from assistant.hearing.kin import kin_of
from assistant.hearing.lexicon import subjects
from tools.language.grams import BINS, words
from tools.language.grams import grams as plain_grams
from tools.language.vocabulary import even, vocabulary

VERSION = 4
"""Raise it with every change of what counts as a piece: a trained file fits one version only."""

# Ours: few concepts have names of more words; an abbreviation of two letters is too often another word.
_LONGEST_NAME, _SHORTEST_NAME = 4, 3


BLOCKS = ("words", "pieces", "kin")
"""What is counted: words, kinds and subjects; letters in a row; and what the words are kin to."""


def grams(text: str, language: str = "") -> tuple[list[int], ...]:
    """Where the pieces of a message are, each place once.

    Args:
        text: a message, or a part of one.
        language: what it is in (ISO 639-1); without it no subject is found.

    Returns:
        For each of `BLOCKS` a list of places below ``BINS``.
    """
    found, whole, pieces, kin = _in_any_language(text)
    return sorted(whole.union(_places(_spoken_of(found, language)))), [*pieces], [*kin]


@lru_cache(maxsize=32)  # asked again for each language that a message may be in
def _in_any_language(text: str) -> tuple[list[str], set[int], list[int], list[int]]:
    """The words of a message, and what of its pieces is the same whatever its language."""
    found = words(text)
    whole, pieces = plain_grams(text)
    return found, _places(_kinds_of(found)).union(whole), pieces, sorted(_places(kin_of(found)))


def _places(pieces: Iterable[str]) -> set[int]:
    return {crc32(one.encode()) % BINS for one in pieces}


def _spoken_of(found: list[str], language: str) -> Iterator[str]:
    said = ("\x01", *subjects(found, language), "\x02")
    yield from (f"s {one}" for one in said[1:-1])
    yield from (f"s {before} {one}" for before, one in pairwise(said))


def _kinds_of(found: list[str]) -> Iterator[str]:
    named = ("\x01", *_with_kinds(found), "\x02")
    for parts in (*pairwise(named), *zip(named, named[1:], named[2:], strict=False)):
        if any(one.startswith("<") for one in parts):
            yield f"k {' '.join(parts)}"
    yield from (f"k {one}" for one in named if one.startswith("<"))


def _with_kinds(found: list[str]) -> Iterator[str]:
    """The words, names of concepts replaced by their kind and numbers by a mark, the longest names first."""
    bare, kinds, at = [even(word) for word in found], _kinds(), 0
    while at < len(found):
        for size in range(min(_LONGEST_NAME, len(found) - at), 0, -1):
            kind = kinds.get(" ".join(bare[at : at + size]))
            if kind:
                yield f"<{kind}>"
                at += size
                break
        else:
            yield "<number>" if found[at].isdigit() else found[at]
            at += 1


@cache
def _kinds() -> dict[str, str]:
    """The kind of what each name of the vocabulary stands for: of the first, where it stands for several."""
    known = vocabulary()
    return {
        name: known.concepts[ids[0]].kind for name, ids in known.named.items() if len(name) >= _SHORTEST_NAME
    }
