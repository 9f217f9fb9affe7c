"""Answers about several images that are equal but for the image: told once, with the images meant."""

from __future__ import annotations

import re
from collections.abc import Sequence

from tools.language.sayings import FIRST, in_a_row, say

# Ours: two answers side by side are easily compared; from three on the same words tire.
_FEW = 3


def told_once(answers: Sequence[tuple[str, str]], language: str = FIRST) -> list[str]:
    """The answers in order, equal ones as one.

    Args:
        answers: (image id, its answer) pairs.
        language: that of the answers.
    """
    groups: dict[str, list[tuple[str, str]]] = {}
    for image_id, text in answers:
        groups.setdefault(re.sub(rf"\b{re.escape(image_id)}\b", "it", text), []).append((image_id, text))
    told = []
    for words, group in groups.items():
        if not words or len(group) < _FEW:
            told += [text for _, text in group]
        else:
            named = _named([image_id for image_id, _ in group], language)
            told.append(say("comparing.for_each", language, images=named, said=words))
    return told


def _named(ids: Sequence[str], language: str) -> str:
    """“img-2 to img-5” where they follow one another, else all of them."""
    first = int(ids[0].removeprefix("img-"))
    if list(ids) == [f"img-{first + n}" for n in range(len(ids))]:
        return say("comparing.from_to", language, first=ids[0], last=ids[-1])
    return in_a_row(ids, language)
