"""A question taken apart into clauses, each of which can be answered by itself."""

from __future__ import annotations

import re

from assistant.planning import labels

_SPLIT = re.compile(
    r"(?<=[?!;])\s+|(?<=[a-z)\d])\.\s+(?=[A-Z])|\n+|,?\s+(?:and then|then|and also)\s+|"
    r",?\s+also\s+(?=(?:what|which|is|are|how|find|measure|compare|describe|show|where|does|tell|treat)\b)|"
    r",?\s+and\s+(?=(?:what|which|is|are|how|find|measure|compare|describe|show|where|does|do|can|"
    r"tell|treat|save|store|quiz|list)\b)|"
    r",\s+(?=(?:measure|describe|compare|find|tell me)\b)",
    re.I,
)
_NEXT = re.compile(r",\s+(?=(?:what|which|how|is|are|does|do|where)\b)", re.I)


def clauses(question: str) -> list[str]:
    """A question split into what can be answered one by one, in order."""
    text = labels.on_one_line(question.replace("’", "'"))
    parts = [part.strip(" ,;") for piece in _SPLIT.split(text) for part in _listed(piece)]
    return [part for part in parts if re.search(r"\w", part)] or [text]


def _listed(piece: str) -> list[str]:
    """“What is it, how large is it”: questions in a row, each with its question word."""
    return _NEXT.split(piece) if _NEXT.match(f", {piece}") else [piece]
