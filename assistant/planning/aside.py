"""Turns that are no question others lean on: thanks, and what was said while somebody was in danger."""

from __future__ import annotations

from assistant.planning.conversation import PastTurn
from assistant.planning.polite import is_polite
from tools.language.replies import alarm_in, reply
from tools.language.sayings import languages, was_said


def is_aside(turn: PastTurn) -> bool:
    """Whether a turn only thanked, or was answered as an emergency; what comes next leans on those before."""
    in_danger = any(reply(one).body in turn.text for one in languages())
    only_a_line = bool(turn.text) and turn.text == alarm_in(turn.text)
    ended = was_said("care.over", turn.text) or was_said("care.on_the_way", turn.text)
    return in_danger or only_a_line or ended or is_polite(turn.question)
