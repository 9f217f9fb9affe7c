"""The trained ear: a message to scores of what it is about. NumPy only.

``ear.npz`` beside this file holds the numbers; ``assistant.hearing.train`` writes it and ``CARD.md``.
A score says how alike a message is to the examples of an intent; it is no probability.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from assistant.hearing.grams import BLOCKS, VERSION, grams
from tools.language.learned import read_learned

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

# Ours: from this share on a message may be in a language.
_MAY_BE = 0.15
# Ours: so few words may be in any language, and are most often in this one.
_FEW_WORDS, _OFTEN = 5, "en"

MODEL_FILE = Path(__file__).with_name("ear.npz")


@dataclass(frozen=True)
class Heard:
    """What a message sounds like.

    Attributes:
        intents: every intent with its score, the likeliest first; the scores add up to 1.
        people: danger, harm, personal and the like → score in [0, 1], each by itself.
        alarms: those of `people` whose score reaches its threshold.
        languages: every language with its score, the likeliest first (ISO 639-1); they add up to 1.
    """

    intents: tuple[tuple[str, float], ...]
    people: Mapping[str, float]
    alarms: frozenset[str]
    languages: tuple[tuple[str, float], ...]

    @property
    def best(self) -> tuple[str, float]:
        """The likeliest intent and its score."""
        return self.intents[0]


@lru_cache(maxsize=256)
def hear(text: str) -> Heard:
    """What a message sounds like.

    Raises:
        SetupError: the trained file is missing or damaged.
    """
    return heard_with(numbers(), text)


def heard_with(learned: Mapping[str, NDArray[Any]], text: str) -> Heard:
    """What a message sounds like to an ear of these numbers, as ``fit`` gives them.

    Its language is heard first, and then the subjects that words of that language speak of as well. “want to
    die” may be two languages: people are then heard in both, and the louder counts.
    """
    same = _in_any_language(learned, text)
    first = _scored(_row(learned, text, "", same), learned)
    few = len(text.split()) <= _FEW_WORDS
    spoken = [
        one
        for at, (one, share) in enumerate(first.languages)
        if share >= _MAY_BE or not at or (few and one == _OFTEN)
    ]
    heard = [_scored(_row(learned, text, language, same), learned) for language in spoken]
    return Heard(
        heard[0].intents,
        {axis: max(one.people[axis] for one in heard) for axis in heard[0].people},
        frozenset().union(*(one.alarms for one in heard)),
        first.languages,
    )


def row_of(learned: Mapping[str, NDArray[Any]], text: str, language: str) -> NDArray[np.float32]:
    """What each head of a learned file makes of a text in a language, before it is made a score."""
    return _row(learned, text, language, _in_any_language(learned, text))


def _row(
    learned: Mapping[str, NDArray[Any]], text: str, language: str, same: Sequence[NDArray[np.float32]]
) -> NDArray[np.float32]:
    row: NDArray[np.float32] = learned["bias"].astype("float32")
    row = row + _block(learned, BLOCKS[0], grams(text, language)[0])
    for more in same:
        row = row + more
    return row


def _in_any_language(learned: Mapping[str, NDArray[Any]], text: str) -> list[NDArray[np.float32]]:
    """What letters and kin add to a row: the same whatever the language, and most of the work."""
    return [_block(learned, *one) for one in zip(BLOCKS[1:], grams(text)[1:], strict=True)]


def _block(learned: Mapping[str, NDArray[Any]], name: str, places: list[int]) -> NDArray[np.float32]:
    import numpy as np

    weights = learned[f"idf_{name}"][places].astype(np.float32)
    norm = float(np.sqrt((weights**2).sum())) or 1.0
    told: NDArray[np.float32] = (weights / norm) @ (
        learned[name][places].astype(np.float32) * learned["step"]
    )
    return told


def _scored(row: NDArray[np.float32], learned: Mapping[str, NDArray[Any]]) -> Heard:
    import numpy as np

    intents, people, languages = (learned[one].tolist() for one in ("intents", "people", "languages"))
    shown, alone, spoken = np.split(row, np.cumsum([len(intents), len(people)]))
    scores = dict(zip(people, (1 / (1 + np.exp(-alone))).tolist(), strict=True))
    limits = dict(zip(people, learned["thresholds"].tolist(), strict=True))
    return Heard(
        _shares(intents, shown),
        scores,
        frozenset(axis for axis, score in scores.items() if score >= limits[axis]),
        _shares(languages, spoken),
    )


def _shares(names: list[str], row: NDArray[np.float32]) -> tuple[tuple[str, float], ...]:
    import numpy as np

    shares = np.exp(row - row.max())
    shares = shares / shares.sum()
    return tuple((names[i], float(shares[i])) for i in np.argsort(-shares, kind="stable"))


@cache
def numbers() -> Mapping[str, NDArray[Any]]:
    """The arrays of the shipped file.

    Raises:
        SetupError: it is missing, damaged, or of another version of ``grams``.
    """
    return read_learned(MODEL_FILE, VERSION)
