"""A text → numbers of the words, pairs of words and pieces of words in it."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from zlib import crc32

VERSION = 1
"""Raise it with every change of what counts as a piece: a trained file fits one version only."""
BINS = 1 << 16
"""Places that pieces are hashed to. Ours: with twice as many the held-out figures stay the same."""

_TOKEN = re.compile(r"[^\W_]+|[?!]")
_SHORTEST, _LONGEST = 2, 5
# Ours: what stands after this many words of a letter changes nothing that matters, and costs time.
_WORDS = 600


def words(text: str) -> list[str]:
    """The words of a text in lower case without accents, and its question and exclamation marks."""
    plain = unicodedata.normalize("NFKD", text.replace("’", "'").replace("'", "")).casefold()
    if not plain.isascii():
        plain = "".join(one for one in plain if not unicodedata.combining(one))
    return _TOKEN.findall(plain)[:_WORDS]


def grams(text: str) -> tuple[list[int], list[int]]:
    """Where the pieces of a text are, each place once: words and their pairs, and letters in a row.

    Returns:
        Two lists of places below ``BINS``.
    """
    found = words(text)
    whole = {crc32(one.encode()) % BINS for one in _whole(found)}
    pieces = {crc32(one.encode()) % BINS for word in set(found) for one in _pieces(f"\x01{word}\x02")}
    return sorted(whole), sorted(pieces)


def _whole(found: list[str]) -> Iterator[str]:
    for before, word in zip(["\x01", *found], [*found, "\x02"], strict=True):
        yield f"w {word}"
        yield f"w {before} {word}"


def _pieces(word: str) -> Iterator[str]:
    for size in range(_SHORTEST, _LONGEST + 1):
        for at in range(len(word) - size + 1):
            yield f"c {word[at : at + size]}"
