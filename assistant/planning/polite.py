"""Thanks, a greeting and a wish for fewer words: what comes after them leans on what came before them."""

from __future__ import annotations

from functools import lru_cache

from assistant.planning.words import intent_of
from tools.language.rules import heard

_BRIEF, _NUMBER = heard("asides", "brief"), heard("back", "number_only")
_NODS = heard("asides", "nods")
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
