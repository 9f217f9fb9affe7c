"""How like two texts are in meaning, in any language that is answered. NumPy only.

A text is a sum of vectors: of its words, and of their runs of four letters, which hold what is misspelt,
joined or bent. ``meaning.npz`` beside this file holds them; ``assistant.hearing.train_meaning`` writes it and
says how they were learned.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING
from zlib import crc32

from tools.language.grams import words
from tools.language.learned import read_learned

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

MODEL_FILE = Path(__file__).with_name("meaning.npz")
VERSION = 1
"""Raise it with every change of what counts as a piece: a trained file fits one version only."""
BINS = 1 << 15
"""Places for words, and as many for runs of letters. Ours."""
_RUN = 4
# Ours: the words of all cards in three languages are fewer.
_WORDS_AT_HAND = 1 << 16


def meanings(texts: Sequence[str]) -> NDArray[np.float32]:
    """The meanings of texts as unit vectors, ``(N, D)``: their products are likenesses in [-1, 1].

    Raises:
        SetupError: the trained file is missing or damaged.
    """
    import numpy as np

    pieces = [pieces_of(text) for text in texts]
    starts = np.cumsum([0, *map(len, pieces[:-1])])
    rows = _vectors()[[one for held in pieces for one in held]].astype(np.float32)
    summed: NDArray[np.float32] = np.add.reduceat(rows, starts, axis=0)
    summed /= np.maximum(np.linalg.norm(summed, axis=1, keepdims=True), 1e-9)
    return summed


def pieces_of(text: str) -> list[int]:
    """Where the pieces of a text are among the vectors, as often as they stand in it; at least one."""
    return [place for word in words(text) for place in _places(word)] or [0]


@lru_cache(maxsize=_WORDS_AT_HAND)
def _places(word: str) -> tuple[int, ...]:
    whole = f"<{word}>"
    runs = (whole[at : at + _RUN] for at in range(len(whole) - _RUN + 1)) if len(word) >= _RUN else ()
    return (crc32(word.encode()) % BINS, *[BINS + crc32(one.encode()) % BINS for one in runs])


@cache
def _vectors() -> NDArray[np.int8]:
    vectors: NDArray[np.int8] = read_learned(MODEL_FILE, VERSION)["vectors"]
    return vectors
