"""Thanks, a greeting and a wish for fewer words: what comes after them leans on what came before them."""

from __future__ import annotations

import re
from functools import lru_cache

from assistant.planning.words import intent_of
from tools.language.rules import heard

_BRIEF, _NUMBER = heard("asides", "brief"), heard("back", "number_only")
_NODS = heard("asides", "nods")
IN_FEW_WORDS = heard("asides", "in_few_words")
# What is left of a wish that was taken out: marks where it stood.
_MARKS = re.compile(r"^[\s,;:–-]+|[\s,;:–-]+(?=[?.!]*$)")
# Ours: a longer message says more than thanks.
_FEW = 8


@lru_cache(maxsize=512)
def is_polite(message: str) -> bool:
    """Whether a message only thanks, greets, nods, or wants the same in fewer words."""
    if len(message.split()) > _FEW:
        return False
    if _NODS.search(message) or _BRIEF.search(message) or _NUMBER.search(message):
        return True
    return intent_of(message)[0] == "greeting"


@lru_cache(maxsize=512)
def at_length(message: str) -> str:
    """A message without its wish for a short answer; as it is, where next to nothing else is left."""
    if not IN_FEW_WORDS.search(message):
        return message
    left = _MARKS.sub("", IN_FEW_WORDS.sub("", message))
    return left if len(left.split()) > 1 else message
