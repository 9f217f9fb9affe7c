"""Turns that are no question others lean on: thanks, and what was said while somebody was in danger."""

from __future__ import annotations

from assistant.planning.conversation import PastTurn
from assistant.planning.polite import is_polite
from tools.language.replies import reply
from tools.language.sayings import languages, was_said


def is_aside(turn: PastTurn) -> bool:
    """Whether a turn only thanked, or was answered as an emergency; what comes next leans on those before."""
    in_danger = any(reply(one).body in turn.text for one in languages())
    return in_danger or was_said("care.over", turn.text) or is_polite(turn.question)
