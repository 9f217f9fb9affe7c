"""A message without what only leads up to its wish, and ends it: “ok thanks. why is fat dark?”, “… pls”."""

from __future__ import annotations

import re
from functools import lru_cache

from assistant.hearing.ear import hear
from assistant.planning.words import intent_of
from tools.language.glosses import heard_as
from tools.language.rules import heard

_OPENING, _ENDING = heard("openings", "opening"), heard("openings", "ending")
_ASKS = heard("openings", "asks")
# What is heard of words that want nothing by themselves: then the opening is what the message is about.
_POLITE = ("thanks", "greeting")
_UNHEARD = frozenset({"unclear", *_POLITE})
# Ours: from this score on a whole message is thanks, whatever its parts sound like; and what is a wish.
_SURELY, _ENOUGH = 0.9, 0.4
# Ours: so little is left of a message that only looked as if it had an opening.
_LEAST = 2


@lru_cache(maxsize=512)  # the questions before are heard again with every question
def without_opening(message: str, language: str) -> str:
    """A message without its opening and ending; as it is, where nothing is wished besides.

    Args:
        message: the user's words.
        language: what they are in, a folder of ``prompts/sayings``.
    """
    whole, surely = hear(message).best
    if whole in _POLITE and surely >= _SURELY:
        return message
    left = _ENDING.sub("", message) or message
    found = _OPENING.match(left)
    rest = left[found.end() :].strip() if found else ""
    return rest if _wishes(rest, language) else left if len(left.split()) >= _LEAST else message


def _wishes(rest: str, language: str) -> bool:
    """Whether the rest of a message asks for something by itself."""
    if len(re.findall(r"[^\W\d_]{2,}", rest)) < _LEAST:
        return False
    if "?" in rest or _ASKS.search(rest) or intent_of(heard_as(rest, language))[0] not in _UNHEARD:
        return True
    said, share = hear(rest).best
    return said not in _POLITE and share >= _ENOUGH
