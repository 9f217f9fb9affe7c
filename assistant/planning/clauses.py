"""A question taken apart into clauses, each of which can be answered by itself."""

from __future__ import annotations

import re
from functools import lru_cache

from tools.language import labels
from tools.language.rules import heard

_SPLIT = heard("questions", "split")
_NEXT = heard("questions", "next")


def clauses(question: str) -> list[str]:
    """A question split into what can be answered one by one, in order."""
    return [*_clauses(question)]


@lru_cache(maxsize=256)  # of the questions before it is asked again and again
def _clauses(question: str) -> tuple[str, ...]:
    text = labels.on_one_line(question.replace("’", "'"))
    parts = [part.strip(" ,;") for piece in _SPLIT.split(text) for part in _listed(piece)]
    return tuple(part for part in parts if re.search(r"\w", part)) or (text,)


def _listed(piece: str) -> list[str]:
    """“What is it, how large is it”: questions in a row, each with its question word."""
    return _NEXT.split(piece) if _NEXT.match(f", {piece}") else [piece]
