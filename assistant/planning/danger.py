"""A person in danger: how that is heard, and that it is remembered when their next words say less."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from assistant.planning.alarms import SURE, hear
from assistant.planning.clauses import clauses
from assistant.planning.danger_told import Danger, clear_danger, danger_of
from assistant.planning.declined import is_order
from assistant.planning.for_readers import before_options
from assistant.planning.help_is_there import Ending, ending
from assistant.planning.in_a_lesson import is_of_a_lesson, is_of_nobody
from assistant.planning.judge import ANSWERED, asked
from assistant.planning.words import ELSEWHERE, Intent, intent_of
from tools.language.pictures import names_picture
from tools.language.replies import alarm_in
from tools.language.rules import heard

if TYPE_CHECKING:
    from assistant.planning.conversation import Conversation
    from assistant.planning.task import Task

REMEMBERED = 5
"""Turns after which somebody who spoke of dying may be talking of something else. Ours: rather too long."""

AGAIN = "_again"
"""What the detail of a danger ends in whose notice stands in the chat already."""

RULED: frozenset[Intent] = frozenset({"danger", "harm", "for_care", "personal", "identity", "advice"})
"""What rules alone answer, whatever models are set up."""

_OWN, _WHAT_NOW = heard("people", "own"), heard("people", "what_now")
_MEDICINE = heard("people", "medicine")
_STILL_ASKS, _NO_DANGER = heard("people", "still_asks"), heard("people", "was_no_danger")

# What a chat goes on with as usual: nobody in danger speaks so.
_OTHER_MATTERS: frozenset[Intent] = frozenset(
    {"harm", "glossary", "privacy", "treat_as", "slice", "classify", "similar", "compare", "quality",
     "tissue", "facts", "header", "what_is", "measure", "rank", "display", "manage", "which_is",
     "total_score", "teach", "textbook"}
)  # fmt: skip
_SEEN: tuple[Intent, ...] = ("what_is", "describe", "read")
_LEARNING: tuple[Intent, ...] = ("teach", "textbook", "glossary")
_MAY_GO_ON: frozenset[Intent] = frozenset(
    {"unclear", "textbook", "read", "why", "claim", "disagree", "limit", "personal", "capabilities"}
)


def danger_in(talk: Conversation) -> Danger:
    """What the person who asks, or somebody they tell of, is in danger of, now or lately."""
    said = talk.said or talk.question
    lately = _remembered(talk.lately[-REMEMBERED:], said)
    now = danger_of(talk.question and said)
    if now == "body" and is_of_a_lesson(talk):
        now = ""
    if now and not (now == "body" and ending(said) and _was_of_the_body(talk)):
        return now
    if not lately or any(_is_other(one, talk) for one in clauses(talk.question)):
        return ""
    told = [one for one in talk.lately[-REMEMBERED:] if danger_of(one)]
    return "" if is_of_nobody(talk, told) else lately[-1]


def ended_in(talk: Conversation) -> Ending:
    """How a message ends the alarm of a body that was told of lately; empty if it does not."""
    ends = ending(talk.said or talk.question)
    return ends if ends and _was_of_the_body(talk) and not danger_in(talk) else ""


def _was_of_the_body(talk: Conversation) -> bool:
    return any(clear_danger(one) == "body" for one in talk.lately[-REMEMBERED:])


def noticed(danger: Danger, others: Sequence[Task], talk: Conversation) -> str:
    """Which notice is due: the whole one, or one line (`AGAIN`) where it stands in the chat already.

    It is whole again where a danger is told of again, and where what to do is asked and nothing else.

    Args:
        danger: what somebody is in danger of.
        others: what else is answered.
        talk: the conversation.
    """
    said = talk.said or talk.question
    asks_on = _STILL_ASKS.search(said) or _WHAT_NOW.search(talk.question)
    asks = asks_on or ("?" in said and not others and not asks_for_medicine(talk))
    stands = any(alarm_in(turn.text) for turn in talk.past[-REMEMBERED:])
    return danger if asks or not stands or danger_of(said) else f"{danger}{AGAIN}"


def asks_for_medicine(talk: Conversation) -> bool:
    """Whether a message of somebody in danger names a medicine, or how much of one."""
    return _MEDICINE.search(talk.said or talk.question) is not None


def _remembered(before: Sequence[str], now: str) -> list[Danger]:
    """The clear dangers of earlier messages; that of a body is over once somebody says that help is there."""
    found: list[Danger] = []
    over = bool(ending(now))
    for question in reversed(before):
        ends, danger = bool(ending(question)), clear_danger(question)
        if danger == "harm" or (danger and not (over or ends)):
            found.append(danger)
        over = over or ends
    return found[::-1]


def danger_first(tasks: list[Task]) -> list[Task]:
    """The tasks with a danger first, and below it only what is asked; as they are where there is none."""
    told = [one for one in tasks if one.intent == "danger"]
    others = [one for one in tasks if one.intent != "danger" and _is_asked(one.intent, one.clause)]
    return [told[0], *others] if told else tasks


def _is_asked(intent: Intent, clause: str) -> bool:
    """Whether a clause of somebody in danger asks what a picture shows, and does not only tell of pictures.

    What is measured, counted or read in a file is asked in words of its own.
    """
    if intent not in _SEEN or clause.rstrip(' ”")').endswith("?"):
        return True
    said, match = intent_of(clause)
    return said == intent and match is not None and is_order(intent, clause, match)


def is_ruled(talk: Conversation, *, by_ear: bool = True) -> bool:
    """Whether rules alone may answer: of danger, harm, health, care or identity no model is asked.

    Args:
        talk: the conversation.
        by_ear: whether more than the rules are to be heard; a wish for a reader's second opinion sounds like
            one for advice.
    """
    if danger_in(talk):
        return True
    if talk.spoken not in ANSWERED:
        return False
    question = before_options(talk.question) or talk.question
    found = [(asked(one, talk).intent if by_ear else intent_of(one)[0], one) for one in clauses(question)]
    return any(intent in RULED or is_personal_still(intent, one, talk) for intent, one in found)


def is_personal_still(intent: Intent, clause: str, talk: Conversation) -> bool:
    """Whether a clause goes on with the complaint that the turn before was about.

    Args:
        intent: what the clause asks for by its own words.
        clause: a part of the question.
        talk: the conversation.
    """
    goes_on = (intent in _MAY_GO_ON and _OWN.search(clause)) or _WHAT_NOW.search(clause)
    return bool(goes_on) and not talk.attached and _was_personal(talk)


def _was_personal(talk: Conversation) -> bool:
    return any(asked(one).intent == "personal" for before in talk.lately[-1:] for one in clauses(before))


def _is_other(clause: str, talk: Conversation) -> bool:
    """Whether a clause is clearly another matter than the danger that somebody spoke of."""
    heard = asked(clause, talk)
    shares, of_picture = dict(hear(clause).intents), names_picture(clause)
    seen = sum(shares.get(one, 0.0) for one in _SEEN) >= SURE
    learning = hear(clause).best[1] >= SURE and (of_picture or heard.intent in _LEARNING)
    sure = heard.match or learning or (of_picture and seen)
    intent = heard.intent if sure else "unclear"
    if talk.attached or intent in _OTHER_MATTERS or _NO_DANGER.search(clause):
        return True
    if _OWN.search(clause):
        return False
    return ELSEWHERE.search(clause) is not None or (bool(talk.ids) and intent in ("read", "describe"))
