"""Turns that are no question others lean on: thanks, and what was said while somebody was in danger."""

from __future__ import annotations

from functools import lru_cache

from assistant.planning.conversation import PastTurn
from assistant.planning.polite import is_polite
from tools.language.replies import alarm_in, reply
from tools.language.sayings import languages, was_said


def is_aside(turn: PastTurn) -> bool:
    """Whether a turn only thanked, or was answered as an emergency; what comes next leans on those before."""
    return _is_of_an_emergency(turn.text) or is_polite(turn.question)


@lru_cache(maxsize=256)  # the answers before are looked at again with every question
def _is_of_an_emergency(answer: str) -> bool:
    in_danger = any(reply(one).body in answer for one in languages())
    only_a_line = bool(answer) and answer == alarm_in(answer)
    return in_danger or only_a_line or was_said("care.over", answer) or was_said("care.on_the_way", answer)
