"""Whether a question is one that a lesson answers, and the task that shows the card."""

from __future__ import annotations

from collections.abc import Sequence

from assistant.planning.card_search import Near, clearly, nearest
from assistant.planning.conversation import Conversation
from assistant.planning.follow_on import topics
from assistant.planning.of_a_card import line_meant
from assistant.planning.possible import surely
from assistant.planning.reference import resolve
from assistant.planning.task import Task
from assistant.planning.teaching import NAMED, TAUGHT, found
from assistant.planning.words import Intent
from tools.language import glossary
from tools.language.rules import heard
from tools.language.sayings import FIRST

_WHAT_TO_CHOOSE, _IN_GENERAL = heard("questions", "to_choose"), heard("going_on", "in_general")
# Ours: from this score on nothing is asked but what to do for somebody.
_SURE_OF_ADVICE = 0.97
# Ours: a card is looked for from here on; beside a picture Casebook asks back sooner.
_NEAR, _NEAR_BY_A_PICTURE = 17.5, 24.0
# Ours, by the questions of strangers: from here on a card that is by so much nearer than the next is the
# answer, and below the last not even its title is told.
_VERY_NEAR, _BY_FAR, _AT_ALL_NEAR = 22.0, 1.3, 15.0
# What is said of a picture, and of nothing where there is none.
_OF_A_PICTURE: tuple[Intent, ...] = (
    "read", "measure", "quality", "rank", "header", "facts", "describe", "what_is", "tissue",
)  # fmt: skip
# What is said of pictures, or of answers, that are not there.
_OF_WHAT_WAS_SAID: tuple[Intent, ...] = ("why", "compare", "skin_tone")
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


def with_nearest(tasks: Sequence[Task], talk: Conversation) -> list[Task]:
    """The tasks, with the nearest cards in the place of what would only be said to be unknown.

    Args:
        tasks: what is asked for.
        talk: the conversation.
    """
    return [
        (_nearest(one, talk, alone=len(tasks) == 1) if _is_unknown(one, talk) else None) or one
        for one in tasks
    ]


def _is_unknown(task: Task, talk: Conversation) -> bool:
    """Whether nothing could be answered: no card has that form, or there is no picture to look at."""
    if task.intent == "glossary":
        return not (talk.ids or glossary.meant(task.clause) or glossary.explain(task.clause))
    if talk.ids:
        return task.intent in ("textbook", "unclear")
    lacks_a_picture = task.intent in _OF_A_PICTURE and not task.note
    return lacks_a_picture or task.intent in _OF_WHAT_WAS_SAID or task.intent in ("textbook", "unclear")


def _nearest(task: Task, talk: Conversation, *, alone: bool) -> Task | None:
    """The card that is nearest by far, or the titles of those that are near; None where none is."""
    text = talk.said if alone and talk.said else talk.written.get(task.clause, task.clause)
    if alone and (line := line_meant(text, talk)):
        return line
    language = talk.language if text in talk.said else FIRST
    least = _NEAR if task.intent == "textbook" or not talk.ids else _NEAR_BY_A_PICTURE
    asked = [text, *(f"{text} {topic}" for topic in topics(text, talk) if task.intent in _OF_WHAT_WAS_ASKED)]
    near = next((found for one in asked if (found := _close(one, language, least))), [])
    return told_by(near, task.clause, task.images) if near else None


def told_by(near: Sequence[Near], asked: str, images: tuple[str, ...]) -> Task | None:
    """What near cards are told of: one as the answer, one that may not be it, or titles; None far from all.

    Args:
        near: the cards by nearness.
        asked: the question.
        images: those in view.
    """
    if not near or near[0].nearness < _AT_ALL_NEAR:
        return None
    first, clear = near[0], clearly(near)
    by_far = len(near) == 1 or first.nearness >= _BY_FAR * near[1].nearness
    if clear and by_far and first.nearness >= _VERY_NEAR:
        return Task("teach", first.card.title, images)
    if clear:
        return Task("teach", first.card.title, images, detail=first.card.id)
    several = " ".join(one.card.id for one in near[:NAMED])
    return Task("teach" if first.nearness >= _VERY_NEAR else "textbook", asked, images, detail=several)


def _close(text: str, language: str, least: float) -> Sequence[Near]:
    """The cards by nearness, if the nearest is near enough."""
    near = nearest(text, language)
    return near if near and near[0].nearness >= least else ()
