"""Whether a question is one that a lesson answers, and the task that shows the card."""

from __future__ import annotations

from collections.abc import Sequence

from assistant.planning.conversation import Conversation
from assistant.planning.follow_on import topics
from assistant.planning.possible import surely
from assistant.planning.reference import resolve
from assistant.planning.task import Task
from assistant.planning.teaching import TAUGHT, found
from assistant.planning.words import Intent
from tools.language import glossary
from tools.language.rules import heard

_WHAT_TO_CHOOSE, _IN_GENERAL = heard("questions", "to_choose"), heard("going_on", "in_general")
# Ours: from this score on nothing is asked but what to do for somebody.
_SURE_OF_ADVICE = 0.97
# A lesson may leave to the questions before what it is about.
_OF_WHAT_WAS_ASKED: tuple[Intent, ...] = ("textbook", "teach")


def lesson(topic: Intent, clause: str, talk: Conversation, before: Sequence[str]) -> Task | None:
    """The card that answers; one is looked for by nearness where a clause can ask for nothing else.

    Args:
        topic: what the clause asks for.
        clause: a part of the question.
        talk: the conversation.
        before: images of the clause before it.
    """
    if _IN_GENERAL.search(talk.written.get(clause, clause)):
        return taught("textbook", clause, talk, before) or Task("textbook", clause)
    return taught(topic, clause, talk, before) if may_be_taught(topic, clause, talk) else None


def may_be_taught(intent: Intent, clause: str, talk: Conversation) -> bool:
    """Whether a card may answer: not what a file states, nor what a word of the vocabulary means.

    Args:
        intent: what the clause asks for by its own words.
        clause: a part of the question.
        talk: the conversation.
    """
    if intent in ("facts", "header") and talk.ids:
        return bool(_WHAT_TO_CHOOSE.search(clause))
    if intent == "advice" and surely(clause, _SURE_OF_ADVICE) == intent:
        return False  # “cast or surgery?”
    return intent in (*TAUGHT, "header") and not glossary.meant(clause)


def taught(intent: Intent, clause: str, talk: Conversation, before: Sequence[str]) -> Task | None:
    """What a teaching card answers: how to look, or what to know, for the kind of image in view.

    Args:
        intent: what the clause asks for.
        clause: a part of the question.
        talk: the conversation.
        before: images of the clause before it.
    """
    images = resolve(clause, talk, before).ids[-1:]
    rows = [talk.image(one) for one in images]
    asked = [clause, *(f"{clause} {topic}" for topic in topics(clause, talk) if intent in _OF_WHAT_WAS_ASKED)]
    fit = (one for one in asked if found(one, *rows, advice=intent == "advice"))
    return next((Task("teach", one, images) for one in fit), None)
