"""What a message asks of what was said before: shorter, all in short, where it is from, and more. NumPy only.

``harks.npz`` beside this file holds the numbers, learned from ``prompts/harks``, a file a kind;
``assistant.hearing.train`` writes it. It hears the words, and what the ear makes of them.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from assistant.hearing.ear import hear
from assistant.hearing.general import beside_the_ear
from assistant.hearing.grams import VERSION
from tools.language.learned import read_learned

if TYPE_CHECKING:
    from numpy.typing import NDArray

MODEL_FILE = Path(__file__).with_name("harks.npz")


@lru_cache(maxsize=256)
def harks(message: str, language: str) -> Mapping[str, float]:
    """What a message asks of what was said before, each kind with a score in [0, 1]; no probabilities.

    Args:
        message: the user's words.
        language: what they are in (ISO 639-1).

    Returns:
        Scores by the names of the files of ``prompts/harks``; ``none`` asks nothing of it.

    Raises:
        SetupError: a trained file is missing or damaged.
    """
    import numpy as np

    learned = _numbers()
    row = beside_the_ear(learned, message, language, hear(message))
    shares = np.exp(row - row.max())
    return dict(zip(learned["kinds"].tolist(), (shares / shares.sum()).tolist(), strict=True))


@cache
def _numbers() -> Mapping[str, NDArray[Any]]:
    return read_learned(MODEL_FILE, VERSION)
