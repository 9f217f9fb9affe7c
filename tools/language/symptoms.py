"""Complaints, and a message without those that it denies: “no fever, vomiting or seizure”."""

from __future__ import annotations

import re
from functools import cache

from tools.language.lists import Patterns, Words, read


class _Lists(Words):
    denial: Patterns
    between: Patterns
    joining: Patterns
    denied_after: Patterns
    after: Patterns
    symptoms: Patterns


def without_denied(text: str) -> str:
    """A text without the complaints that it denies, and without the words that deny them."""
    return _denied().sub(" ", text)


@cache
def _denied() -> re.Pattern[str]:
    words = read(_Lists, "symptoms")
    between, symptom = "|".join(words.between), "|".join(words.symptoms)
    one = rf"(?:(?:{between})\s+)*(?:{symptom})\b"
    joined = rf"(?:\s*(?:{'|'.join(words.joining)})\s*)+(?=\S)"
    before = rf"(?:{'|'.join(words.denial)})\s+{one}(?:{joined}{one})*"
    after = rf"(?:{symptom})\s+(?:(?:{'|'.join(words.after)})\s+)?(?:{'|'.join(words.denied_after)})\b"
    return re.compile(rf"\b(?:{before}|{after})", re.I)
