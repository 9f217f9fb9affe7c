"""Whether a message says, in words that no rule knows, that a danger is over: “handed him to the team”."""

from __future__ import annotations

from assistant.hearing.talk import OVER, heard_as_talk
from assistant.planning.alarms import hear
from tools.language.rules import heard

_NOT_QUITE = heard("people", "not_quite_over")
# Ours: what is longer says more than that; and from which score on the ear is believed.
_BRIEF, _ENOUGH = 12, 0.4


def sounds_over(message: str) -> bool:
    """Whether the ear hears that help is there; of what asks, or says “but”, it is not asked."""
    if "?" in message or len(message.split()) > _BRIEF or _NOT_QUITE.search(message):
        return False
    said = heard_as_talk(message, hear(message).languages[0][0])
    return said.kind == OVER and said.score >= _ENOUGH and said.lead > 0
