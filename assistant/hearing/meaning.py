"""How like two texts are in meaning, in any language that is answered. NumPy only.

A text is a sum of vectors: of its words, and of their runs of four letters, which hold what is misspelt,
joined or bent. ``meaning.npz`` beside this file holds them; ``assistant.hearing.train_meaning`` writes it and
says how they were learned.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache, lru_cache
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Any
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

    held = [words(text) or [""] for text in texts]
    known = {word: at for at, word in enumerate(dict.fromkeys(word for found in held for word in found))}
    of_words = _summed(_vectors(), [_places(word) for word in known])
    summed = _summed(of_words, [[known[word] for word in found] for found in held])
    summed /= np.maximum(np.linalg.norm(summed, axis=1, keepdims=True), 1e-9)
    return summed


def _summed(vectors: NDArray[Any], places: Sequence[Sequence[int]]) -> NDArray[Any]:
    """For each list of places the sum of the vectors there."""
    import numpy as np

    starts = np.cumsum([0, *map(len, places[:-1])])
    every = np.fromiter(chain.from_iterable(places), np.intp)
    summed: NDArray[Any] = np.add.reduceat(vectors[every], starts, axis=0, dtype=np.float32)
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
