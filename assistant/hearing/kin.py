"""The kin of a word: those of like meaning in 16 languages, so that “finestra” counts as “window”.

``kin.npz`` beside this file holds the groups; ``assistant.hearing.kin_of_words`` writes it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING

from tools.language.learned import read_learned

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

KIN_VERSION = 1
"""Raise it with every change of the groups: a trained file fits one version only."""

MODEL_FILE = Path(__file__).with_name("kin.npz")


def kin_of(found: list[str]) -> Iterator[str]:
    """What the words of a message are kin to, alone and in rows of two and three; other words as they stand.

    Args:
        found: its words, as ``grams.words`` gives them.

    Raises:
        SetupError: the file of the groups is missing or damaged.
    """
    for size, groups in enumerate(zip(*map(_groups_of, found), strict=True)):
        row = (
            "\x01",
            *("#" if one.isdigit() else group for one, group in zip(found, groups, strict=True)),
            "\x02",
        )
        named = f"n{size}"
        yield from (f"{named} {one}" for one in row[1:-1])
        yield from (f"{named} {before} {one}" for before, one in pairwise(row))
        yield from (f"{named} {' '.join(three)}" for three in zip(row, row[1:], row[2:], strict=False))


def _groups_of(word: str) -> tuple[str, str]:
    """The numbers of a word's groups, a wide one and a narrow one, or twice the word, which is in none."""
    places, wide, narrow = _held()
    place = places.get(word)
    return (word, word) if place is None else (f"{wide[place]}", f"{narrow[place]}")


@cache
def _held() -> tuple[Mapping[str, int], NDArray[np.uint16], NDArray[np.uint16]]:
    """Each word with its place among the groups, and the wide and narrow groups."""
    held = read_learned(MODEL_FILE, KIN_VERSION)
    words = held["words"].tobytes().decode().split("\n")
    return dict(zip(words, range(held["wide"].size), strict=True)), held["wide"], held["narrow"]
