"""What a question in a language without rules may ask for: the ear alone hears it, by kin of its words."""

from __future__ import annotations

from assistant.planning.alarms import hear, named
from assistant.planning.at_once import POLITE
from assistant.planning.conversation import Conversation
from assistant.planning.doubt import TO_ASK_BACK, two_of
from assistant.planning.judge import LOOSE
from assistant.planning.possible import surely
from assistant.planning.scene import weighed
from assistant.planning.task import Task
from assistant.planning.words import Intent


def _readings_of(question: str, talk: Conversation) -> tuple[Intent, ...]:
    """What a question in a language without rules may ask for, by the ear; empty where that is unclear."""
    named_here = weighed([*named(hear(question))], talk)
    if not named_here or named_here[0][2] < LOOSE or named_here[0][1] not in TO_ASK_BACK:
        return ()
    return two_of(said for _, said, _ in named_here)


def in_another_language(talk: Conversation) -> Task:
    """A question that no rule reads: thanks, or what it may ask for."""
    polite = surely(talk.question)
    if polite in POLITE:
        return Task(polite, talk.question)
    return Task("unclear", talk.question, either=_readings_of(talk.question, talk))
