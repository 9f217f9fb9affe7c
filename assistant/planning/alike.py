"""Answers about several images that are equal but for the image: told once, with the images meant."""

from __future__ import annotations

import re
from collections.abc import Sequence

# Ours: two answers side by side are easily compared; from three on the same words tire.
_FEW = 3


def told_once(answers: Sequence[tuple[str, str]]) -> list[str]:
    """The answers in order, equal ones as one.

    Args:
        answers: (image id, its answer) pairs.
    """
    groups: dict[str, list[tuple[str, str]]] = {}
    for image_id, text in answers:
        groups.setdefault(re.sub(rf"\b{re.escape(image_id)}\b", "it", text), []).append((image_id, text))
    told = []
    for words, group in groups.items():
        if not words or len(group) < _FEW:
            told += [text for _, text in group]
        else:
            told.append(f"For each of {_named([image_id for image_id, _ in group])}: {words}")
    return told


def _named(ids: Sequence[str]) -> str:
    """“img-2 to img-5” where they follow one another, else all of them."""
    first = int(ids[0].removeprefix("img-"))
    if list(ids) == [f"img-{first + n}" for n in range(len(ids))]:
        return f"{ids[0]} to {ids[-1]}"
    return f"{', '.join(ids[:-1])} and {ids[-1]}"
