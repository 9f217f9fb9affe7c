"""What a message wants in a quiz: an answer, a hint, the question again, the score, and more. NumPy only.

``quiz.npz`` beside this file holds the numbers, learned from ``prompts/quiz``, a file a kind;
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

MODEL_FILE = Path(__file__).with_name("quiz.npz")


@lru_cache(maxsize=256)
def quiz_moves(message: str, language: str) -> Mapping[str, float]:
    """How much a message sounds like each thing that is wanted in a quiz.

    Args:
        message: the user's words.
        language: what they are in (ISO 639-1).

    Returns:
        Scores by the names of the files of ``prompts/quiz``: about 1 for what was learned, 0 for what sounds
        like nothing of it; no probabilities. ``none`` is about something else.

    Raises:
        SetupError: a trained file is missing or damaged.
    """
    learned = _numbers()
    row = beside_the_ear(learned, message, language, hear(message))
    return dict(zip(learned["kinds"].tolist(), row.tolist(), strict=True))


@cache
def _numbers() -> Mapping[str, NDArray[Any]]:
    return read_learned(MODEL_FILE, VERSION)
