"""Whether a message asks something in general, or of a picture, the chat or a person. NumPy only.

``general.npz`` beside this file holds the numbers, learned from the chats in ``prompts/chats``, where people
ask “and left?” in a row of questions; ``assistant.hearing.train`` writes it. It hears the words, and what the
ear makes of them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from assistant.hearing.ear import Heard, hear, row_of
from assistant.hearing.grams import VERSION
from tools.language.learned import read_learned

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

MODEL_FILE = Path(__file__).with_name("general.npz")

# Ours: shares below this say no more than that a message is not meant so.
_LEAST_SHARE = 1e-3


@lru_cache(maxsize=256)
def in_general(message: str, language: str) -> float:
    """How much a message sounds like one that a textbook answers, without a look at any picture.

    Args:
        message: the user's words.
        language: what they are in (ISO 639-1).

    Returns:
        A score in [0, 1]; no probability.

    Raises:
        SetupError: a trained file is missing or damaged.
    """
    return in_general_with(_numbers(), message, language, hear(message))


def in_general_with(learned: Mapping[str, NDArray[Any]], message: str, language: str, heard: Heard) -> float:
    """The same by these numbers, as ``fit_general`` gives them, and what the ear hears."""
    import numpy as np

    return float(1 / (1 + np.exp(-beside_the_ear(learned, message, language, heard)[0])))


def beside_the_ear(
    learned: Mapping[str, NDArray[Any]], message: str, language: str, heard: Heard
) -> NDArray[np.float32]:
    """What each head of a file makes of the words of a message, and of what the ear hears in it."""
    said = logs(heard, learned["intents"].tolist()) @ learned["of_intents"]
    row: NDArray[np.float32] = row_of(learned, message, language) + said
    return row


def logs(heard: Heard, intents: Sequence[str]) -> NDArray[np.float32]:
    """The logarithms of the shares of intents that the ear hears, in this order."""
    import numpy as np

    shares = dict(heard.intents)
    row: NDArray[np.float32] = np.array([shares[one] + _LEAST_SHARE for one in intents], np.float32)
    np.log(row, out=row)
    return row


@cache
def _numbers() -> Mapping[str, NDArray[Any]]:
    return read_learned(MODEL_FILE, VERSION)
