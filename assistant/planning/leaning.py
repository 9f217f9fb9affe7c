"""What goes on from a lesson and no card answers: “and in zebra fish?”, “und bei Pferden?”.

It is said so with what was talked of, which the message leaves to it.
"""

from __future__ import annotations

from collections.abc import Sequence

from assistant.hearing.general import in_general
from assistant.planning.aside import is_aside
from assistant.planning.by_card import is_a_word
from assistant.planning.conversation import Conversation
from assistant.planning.earlier import card_of
from assistant.planning.follow_on import is_as_well, joins
from assistant.planning.task import Task
from assistant.planning.teaching import told_of
from assistant.planning.words import Intent
from tools.language.pictures import names_picture
from tools.language.rules import heard

NOT_OF_BOTH = "besides:"
"""How the detail of a task begins that is of no card; what was talked of follows."""
_LEANS, _GO_ON = heard("follow_on", "of_what_was_named"), heard("going_on", "go_on")
_POINTS_OUT = heard("judging", "points_out")
# Ours: what is longer stands by itself.
_LONGEST = 12
# Ours: by what a message sounds like general from here on, and where rules hear something of the picture.
_JOINED, _SURELY = 0.25, 0.7
_OPEN: tuple[Intent, ...] = ("unclear", "textbook")
# What is heard in a few words that may as well go on from a lesson.
_OF_LITTLE = frozenset({*_OPEN, "read", "limit", "advice", "glossary", "describe", "treat_as", "what_is"})


def of_no_card(tasks: Sequence[Task], talk: Conversation) -> list[Task]:
    """The tasks; what goes on from a card and was found on none is said so, with what was talked of.

    Args:
        tasks: what a message is heard as.
        talk: the conversation.
    """
    turn = next((one for one in reversed(talk.past) if not is_aside(one)), None)
    card = card_of(turn) if turn else None
    answered = any(one.detail or is_a_word(one) for one in tasks)
    if card is None or answered or not _goes_on(tasks, talk):
        return [*tasks]
    return [Task("textbook", _said(talk), detail=f"{NOT_OF_BOTH}{told_of(card, talk).title}")]


def _goes_on(tasks: Sequence[Task], talk: Conversation) -> bool:
    """Whether a message leaves to what was said before what it is about, and asks of no picture."""
    said, heard_as = _said(talk), {one.intent for one in tasks}
    if talk.attached or len(said.split()) > _LONGEST or _GO_ON.search(said) or names_picture(talk.question):
        return False
    if talk.ids and (_POINTS_OUT.search(said) or talk.readers):
        return False
    joined = joins(said) or is_as_well(said) or _LEANS.search(said) is not None
    least = _SURELY if talk.ids and not heard_as <= {*_OPEN} else _JOINED
    return joined and heard_as <= _OF_LITTLE and in_general(said, talk.language) >= least


def _said(talk: Conversation) -> str:
    return talk.said or talk.question
