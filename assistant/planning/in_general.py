"""A question that is asked in general, whatever its words are heard as besides: the card that answers it.

People ask in the middle of a chat, in few words, and lean on what was talked of: “and lying down?”.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from assistant.hearing.general import in_general
from assistant.planning.alarms import hear
from assistant.planning.aside import is_aside
from assistant.planning.card_search import Near, beginnings, clearly, nearest
from assistant.planning.cards_held import card_held
from assistant.planning.conversation import Conversation
from assistant.planning.follow_on import joins
from assistant.planning.harked import as_written
from assistant.planning.judge import ANSWERED
from assistant.planning.lessons import told_by
from assistant.planning.only_said import asks_if_bad
from assistant.planning.task import Task
from assistant.planning.teaching import found, is_of_kind, told_of
from assistant.planning.words import Intent
from tools.language import glossary
from tools.language.kind_questions import kind_question
from tools.language.rules import heard

_LEANS, _GO_ON = heard("follow_on", "of_what_was_named"), heard("going_on", "go_on")
_HOW_SOON = heard("soon", "how_soon")
_STATE, _POINTS_OUT = heard("judging", "of_a_state"), heard("judging", "points_out")
# What is made of words that nobody understood, or that no card was found for.
_OPEN: tuple[Intent, ...] = ("unclear", "textbook")
# What is heard by single words, which a question in general holds as well: “why tungsten?”, “FBP vs IR”.
_BY_A_WORD: tuple[Intent, ...] = (
    "read", "why", "compare", "describe", "display", "quality", "skin_tone", "reader_quality", "total_score",
    "harm", "advice", "measure", "which_is",
)  # fmt: skip
_CLEARER: tuple[Intent, ...] = ("harm", "advice", "measure", "which_is")
_PEOPLE = {"harm", "advice", "personal", "identity"}
# By messages of writers left out, which GENERAL.md counts: what nobody understood is asked back else, what is
# heard as something else is lost. A reader may be asked most things.
_OF_OPEN, _OF_OTHERS, _SURE = 0.5, 0.7, 0.9
# Ours: by so much less where a card is near that says what is asked.
_BY_A_CARD = 0.2
# Ours: so near, and so much nearer than the long card that a form of question found, has a short one to be.
_SURELY, _FAR_NEARER = 22.0, 1.5
# Ours: what is shorter, without its grammar, says only in what way it goes on.
_FEW = 2
_OUTSIDE = "none"
_REMEMBERED = 3


def with_lesson(tasks: Sequence[Task], talk: Conversation) -> list[Task]:
    """The tasks, or what answers a question that is asked in general.

    Args:
        tasks: what a question is heard as.
        talk: the conversation.
    """
    said = talk.said or talk.question
    if [one.intent for one in tasks] == ["teach"] and not tasks[0].detail:
        return [replace(tasks[0], clause=_fact_for(said, tasks[0], talk) or tasks[0].clause)]
    if not _may_be_general(tasks, talk):
        return [*tasks]
    near, score = _near(said, talk), in_general(said, talk.language)
    if score < _least(tasks, talk, near):
        return [*tasks]
    told = told_by(near, said, tasks[0].images[-1:])
    # What is heard clearly as something else stays where no card is surely the answer; what Casebook is not
    # for, where none is.
    if {one.intent for one in tasks} & {*_CLEARER} and (told.detail if told else score < _SURE):
        return [*tasks]
    if told is None and hear(said).best[0] == _OUTSIDE:
        return [*tasks]
    return [told or Task("textbook", said)]


def _fact_for(said: str, task: Task, talk: Conversation) -> str:
    """The title of the short card that is far nearer than what a form of question found; empty if none is."""
    near = nearest(said, talk.language)
    fit = {one.card.id for one in found(task.clause, *(talk.image(one) for one in task.images))}
    long = max((one.nearness for one in near if one.card.id in fit), default=0.0)
    first = clearly(near)
    if first is None or first.card.kind != "fact" or first.nearness < max(_SURELY, _FAR_NEARER * long):
        return ""
    of_kind = all(is_of_kind(first.card, talk.image(one)) for one in task.images)
    return first.card.title if of_kind else ""


def _may_be_general(tasks: Sequence[Task], talk: Conversation) -> bool:
    """Whether a question may ask for what is known in general, whatever it is heard as."""
    said = talk.said or talk.question
    heard_as = _heard_as(tasks)
    if talk.spoken not in ANSWERED or not heard_as <= {*_OPEN, *_BY_A_WORD}:
        return False
    if any(_has_its_matter(one, talk) for one in tasks) or _says_too_little(said, talk):
        return False
    return not heard_as & {"harm", "advice"} or not (hear(said).alarms & _PEOPLE or _HOW_SOON.search(said))


def _heard_as(tasks: Sequence[Task]) -> set[Intent]:
    return {"textbook" if _is_no_word(one) else one.intent for one in tasks}


def _least(tasks: Sequence[Task], talk: Conversation, near: Sequence[Near]) -> float:
    """From which score on a question is general that is heard as something else."""
    if talk.readers and talk.ids:
        return _SURE
    if _heard_as(tasks) <= {*_OPEN}:
        return _OF_OPEN - (_BY_A_CARD if clearly(near) else 0.0)
    return _OF_OTHERS


def _is_no_word(task: Task) -> bool:
    """Whether a word is asked for that the vocabulary does not explain."""
    return task.intent == "glossary" and not (glossary.meant(task.clause) or glossary.explain(task.clause))


def _says_too_little(said: str, talk: Conversation) -> bool:
    """Whether a message only wishes for more."""
    return not beginnings(said, talk.language) or _GO_ON.search(said) is not None


def _has_its_matter(task: Task, talk: Conversation) -> bool:
    """Whether there is what a task is about: two pictures, or what came or is pointed at."""
    if task.intent == "compare":
        return len(talk.ids) > 1
    if task.detail or asks_if_bad(task.clause):
        return True
    if task.intent == "read" and (talk.readers or _STATE.match(task.clause) or kind_question(task.clause)):
        return True
    shown = talk.ids and _POINTS_OUT.search(talk.said or talk.question)
    return task.intent != "textbook" and bool(talk.attached or shown)


def _near(said: str, talk: Conversation) -> Sequence[Near]:
    """The cards near to a question, with what was talked of before where it leans on that."""
    alone = nearest(said, talk.language)
    leans = joins(said) or _LEANS.search(said) or len(beginnings(said, talk.language)) <= _FEW
    before = "" if clearly(alone) or not leans else _talked_of(talk)
    return (before and nearest(said, talk.language, before)) or alone


def _talked_of(talk: Conversation) -> str:
    """The last general question, and the card that answered it."""
    for turn in [one for one in reversed(talk.past) if not is_aside(one)][:_REMEMBERED]:
        card = card_held(turn.text)
        asked = as_written(turn, talk)
        if card or in_general(asked, talk.language) >= _OF_OPEN:
            return f"{asked} {told_of(card, talk).title if card else ''}"
    return ""
