"""The language of a message."""

from __future__ import annotations

from functools import lru_cache

from assistant.hearing.ear import hear
from assistant.planning.lexicon import mostly_english

# Ours: a short message, full of names and numbers, is English unless its words say otherwise.
_FEW_WORDS, _CLEARLY = 4, 0.9


@lru_cache(maxsize=256)
def language_of(text: str) -> str:
    """The language of a message (ISO 639-1); English where it is not clear."""
    code, score = hear(text).languages[0]
    if not mostly_english(text):
        return code if code != "en" else hear(text).languages[1][0]
    return code if score >= _CLEARLY and len(text.split()) >= _FEW_WORDS else "en"
