"""A message in parts: a danger may stand in one sentence of a long letter about something else."""

from __future__ import annotations

import re

_BETWEEN = re.compile(r"(?<=[.!?;])\s+|(?<=[।。！？])\s*|\n+|\s[–—-]\s")
# Ours.
_FEWEST_WORDS, _FEWEST_LETTERS = 3, 4


def sentences_of(message: str) -> list[str]:
    """The sentences of a message that has more than one, without those too short to tell anything."""
    parts = [part.strip() for part in _BETWEEN.split(message) if part and part.strip()]
    if len(parts) < 2:
        return []
    return [
        part
        for part in parts
        if len(part.split()) >= _FEWEST_WORDS or (not part.isascii() and len(part) >= _FEWEST_LETTERS)
    ]
