"""Whether a clause says that something be left undone, and what: learned from ``prompts/undone``. NumPy only.

``undone.npz`` beside this file holds the numbers; ``assistant.hearing.train`` writes it.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from assistant.hearing.ear import row_of
from assistant.hearing.grams import VERSION
from tools.language.declined import declined
from tools.language.learned import read_learned

if TYPE_CHECKING:
    from numpy.typing import NDArray

OTHER = "other"
"""Something that is not among the deeds by name."""

# Ours: how sure it has to be that something is to be left undone, and that it is this deed. A clause that is
# clear about the one may be less clear about the other; one without a word that takes anything back has to be
# clearer, and so has one that names no deed of Casebook.
_ENOUGH: tuple[tuple[float, float], ...] = ((0.03, 0.9), (0.2, 0.5), (0.5, 0.3), (0.7, 0.1))
_CLEAR = ((0.9, 0.5),)

MODEL_FILE = Path(__file__).with_name("undone.npz")


@lru_cache(maxsize=256)
def undone(clause: str) -> frozenset[str]:
    """What a clause says is to be left undone; empty if it says no such thing.

    Args:
        clause: a part of a message.

    Returns:
        Names of files of ``prompts/undone``; ``other`` is something else.

    Raises:
        SetupError: the trained file is missing or damaged.
    """
    return undone_with(_numbers(), clause)


def undone_with(learned: Mapping[str, NDArray[Any]], clause: str) -> frozenset[str]:
    """What an ear of these numbers hears, as ``fit_undone`` gives them."""
    import numpy as np

    score, *deeds = (1 / (1 + np.exp(-row_of(learned, clause, "")))).tolist()
    words = declined()
    takes_back = words.taking_back.search(clause) or words.denying.search(clause)
    return frozenset(
        name
        for name, sure in zip(learned["deeds"].tolist(), deeds, strict=True)
        for least, so in (_ENOUGH if takes_back and name != OTHER else _CLEAR)
        if score >= least and sure >= so
    )


@cache
def _numbers() -> Mapping[str, NDArray[Any]]:
    return read_learned(MODEL_FILE, VERSION)
