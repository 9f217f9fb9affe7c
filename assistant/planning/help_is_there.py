"""Whether a message says that a danger is over or help on its way, also in words that no rule knows."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Literal

from assistant.hearing.talk import ON_THE_WAY, OVER, heard_as_talk
from assistant.planning.alarms import hear
from assistant.planning.danger_told import danger_of
from tools.language.rules import heard

Ending = Literal["over", "on_the_way", ""]
"""How a message ends an alarm: there is no danger any more, help is on its way, or it does not."""

_OVER, _RECOVERS = heard("people", "over"), heard("people", "recovers")
_STILL_ASKS, _SOMEBODY = heard("people", "still_asks"), heard("people", "somebody")
_NOT_QUITE, _WAS_NOTHING = heard("people", "not_quite_over"), heard("people", "was_nothing")
_GOES_ANYWAY, _MEDICINE = heard("people", "goes_anyway"), heard("people", "medicine")
_HOW_SOON = heard("soon", "how_soon")
_BETWEEN = re.compile(r"(?<=[.!?;])\s+|\n+|\s[–—-]\s")
# Ours: a sentence that is longer says more than that; and from which score on the ear is believed.
_BRIEF, _ENOUGH = 16, 0.33


@lru_cache(maxsize=256)  # of every message it is asked again in the turns after it
def ending(message: str) -> Ending:
    """How a message ends an alarm: it tells of no other danger, nor asks whether to call or to wait."""
    asked = _GOES_ANYWAY.sub(" ", message)
    if any(one.search(asked) for one in (_STILL_ASKS, _HOW_SOON)) or danger_of(_without_ends(message)):
        return ""
    by_part = {part: _sounds(part) for part in _BETWEEN.split(message)}
    if any(_takes_back(part) for part, how in by_part.items() if not how):
        return ""
    if OVER in by_part.values():
        return "over"
    if ON_THE_WAY in by_part.values():
        return "" if _MEDICINE.search(message) else "on_the_way"
    return "over" if _OVER.search(message) else ""


def beside_ending(said: str, question: str) -> tuple[str, str]:
    """What a message says besides the sentences that end an alarm.

    Args:
        said: as it was written.
        question: what the rules hear of it; it is left whole where its sentences are others.
    """
    parts, heard_in = _BETWEEN.split(said), _BETWEEN.split(question)
    left = [at for at, part in enumerate(parts) if not (_sounds(part) or _OVER.search(part))]
    if len(parts) != len(heard_in):
        return " ".join(parts[at] for at in left), question if left else ""
    return " ".join(parts[at] for at in left), " ".join(heard_in[at] for at in left)


@lru_cache(maxsize=256)
def _sounds(part: str) -> Ending:
    """How a sentence ends an alarm to the ear; of what asks, or says “but”, it is not asked."""
    told = _WAS_NOTHING.sub(" ", _GOES_ANYWAY.sub(" ", part))
    if "?" in part or len(part.split()) > _BRIEF or _NOT_QUITE.search(told):
        return ""
    if _GOES_ANYWAY.search(part):
        return "on_the_way"
    said = heard_as_talk(part, hear(part).languages[0][0])
    if said.score < _ENOUGH or said.lead <= 0:
        return ""
    return "over" if said.kind == OVER else "on_the_way" if said.kind == ON_THE_WAY else ""


def _without_ends(message: str) -> str:
    return _RECOVERS.sub(" ", _OVER.sub(" ", message))


def _takes_back(part: str) -> bool:
    """Whether a sentence beside tells that somebody is not well: “we are driving. he says nothing now”."""
    told = _WAS_NOTHING.sub(" ", _OVER.sub(" ", part))
    return "?" not in part and bool(_NOT_QUITE.search(told) and _SOMEBODY.search(told))
