"""Whether a message wants no tool, and which kind of talk it is: a joke, what Casebook is, what is only told.

``talk.npz`` beside this file holds the numbers, learned from ``prompts/talk``, a file a kind;
``assistant.hearing.train`` writes it. NumPy only.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from assistant.hearing.ear import Heard, hear
from assistant.hearing.general import beside_the_ear
from assistant.hearing.grams import VERSION
from tools.language.learned import read_learned

if TYPE_CHECKING:
    from numpy.typing import NDArray

OTHER = "other"
"""The kind of what is no such talk."""

OVER = "over"
"""The kind of what says that a danger is over, or that help is there."""

ON_THE_WAY = "on_the_way"
"""The kind of what says that help is called, or that they are on their way to it."""

MODEL_FILE = Path(__file__).with_name("talk.npz")


@dataclass(frozen=True)
class Talk:
    """What talk a message sounds like most.

    Attributes:
        kind: a file of ``prompts/talk``, never `OTHER`.
        score: how much; about 1 for what was learned, 0 for what sounds like nothing of it. No probability.
        lead: by how much more than like anything else.
    """

    kind: str
    score: float
    lead: float


@lru_cache(maxsize=256)
def heard_as_talk(message: str, language: str) -> Talk:
    """What talk a message sounds like most.

    Args:
        message: the user's words.
        language: what they are in (ISO 639-1).

    Raises:
        SetupError: a trained file is missing or damaged.
    """
    return talk_with(_numbers(), message, language, hear(message))


def talk_with(learned: Mapping[str, NDArray[Any]], message: str, language: str, heard: Heard) -> Talk:
    """The same by these numbers, as ``fit_talk`` gives them, and what the ear hears."""
    row = beside_the_ear(learned, message, language, heard)
    scores = dict(zip(learned["kinds"].tolist(), row.tolist(), strict=True))
    kind = max(scores.keys() - {OTHER}, key=lambda one: scores[one])
    return Talk(kind, scores[kind], scores[kind] - max(scores[one] for one in scores if one != kind))


@cache
def _numbers() -> Mapping[str, NDArray[Any]]:
    return read_learned(MODEL_FILE, VERSION)
