"""A person in danger: how that is heard, and that it is remembered when their next words say less."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import TYPE_CHECKING, Literal

from assistant.hearing.ear import Heard
from assistant.hearing.parts import sentences_of
from assistant.planning.alarms import SURE, hear
from assistant.planning.clauses import clauses
from assistant.planning.declined import is_order
from assistant.planning.for_readers import before_options
from assistant.planning.help_is_there import sounds_over
from assistant.planning.in_a_lesson import is_of_a_lesson, is_of_nobody
from assistant.planning.judge import ANSWERED, HALF, asked
from assistant.planning.region_words import only_measures
from assistant.planning.words import ELSEWHERE, Intent, intent_of
from tools.language.pictures import names_picture
from tools.language.rules import heard
from tools.language.symptoms import without_denied
from tools.language.teaching_cards import language_of_title

if TYPE_CHECKING:
    from assistant.planning.conversation import Conversation
    from assistant.planning.task import Task

Danger = Literal["body", "harm", ""]
"""What somebody is in danger of: their body failing, harm by their own or another's hand, or nothing."""

REMEMBERED = 5
"""Turns after which somebody who spoke of dying may be talking of something else. Ours: rather too long."""

RULED: frozenset[Intent] = frozenset({"danger", "harm", "for_care", "personal", "identity", "advice"})
"""What rules alone answer, whatever models are set up."""

_OWN, _WHAT_NOW = heard("people", "own"), heard("people", "what_now")
_GOES_ON, _OVER = heard("people", "goes_on"), heard("people", "over")
_MEDICINE = heard("people", "medicine")
_STILL_ASKS, _RECOVERS = heard("people", "still_asks"), heard("people", "recovers")
_NO_DANGER, _OF_BODY = heard("people", "was_no_danger"), heard("people", "of_the_body")
_TELLS_A_STORY, _LONG_AGO, _QUOTED = (
    heard("people", name) for name in ("tells_a_story", "long_ago", "quoted")
)
_DANGERS: dict[str, Danger] = {"danger_self": "harm", "danger_body": "body"}
# Ours: a sentence of a message tells less than the whole, so it has to be clearer, and the whole may not
# quite deny it. In a letter, which has many sentences, one may be less clear, still less if the whole alarms.
_CLEAR_PART, _NOT_DENIED, _HEARD, _LONG_LETTER = 0.92, 0.1, 0.3, 70
_CLEAR_IN_LETTER, _CLEAR_OF_ALARM, _HARDLY_IN_LETTER = 0.85, 0.6, 0.005
_TAUGHT = ("teach", "none")
_NO_ALARM = ("teach", "file_facts", "slice", "display", "quality")
# Ours: an alarm of an earlier message is remembered from this score on. How many of the strangers' dangers
# are, and how many other messages, `python -m tests.bench.strangers` counts.
_CLEAR_BEFORE = 0.25
# Ours: a share of all that a message may mean.
_MEANT = 0.8
# Ours: below this on its own, what a message may mean is what nothing else fits: “purple monkey”. The same
# command counts the strangers' dangers that are heard, and the harmless messages that are taken for one.
_HARDLY_HEARD = 0.2
_FEW_WORDS = 4
# Ours: what is longer says more than that a danger is over.
_BRIEF = 12

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
    if now and not (now == "body" and _says_over(said) and _was_of_the_body(talk)):
        return now
    if not lately or any(_is_other(one, talk) for one in clauses(talk.question)):
        return ""
    told = [one for one in talk.lately[-REMEMBERED:] if danger_of(one)]
    return "" if is_of_nobody(talk, told) else lately[-1]


def is_over(talk: Conversation) -> bool:
    """Whether somebody only says that a danger of the body, told of lately, is over, or help was there."""
    said = talk.said or talk.question
    if "?" in said or len(said.split()) > _BRIEF or not _says_over(said) or danger_in(talk):
        return False
    return _was_of_the_body(talk)


def _was_of_the_body(talk: Conversation) -> bool:
    return any(_clear_danger(one) == "body" for one in talk.lately[-REMEMBERED:])


@lru_cache(maxsize=256)  # of every message it is asked again in the turns after it
def _says_over(message: str) -> bool:
    """Whether a message says that a danger is over: it tells of no other, nor asks whether to call still."""
    if not (_OVER.search(message) or sounds_over(message)) or _STILL_ASKS.search(message):
        return False
    return not danger_of(_RECOVERS.sub(" ", _OVER.sub(" ", message)))


def asks_for_medicine(talk: Conversation) -> bool:
    """Whether a message of somebody in danger names a medicine, or how much of one."""
    return _MEDICINE.search(talk.said or talk.question) is not None


def _remembered(before: Sequence[str], now: str) -> list[Danger]:
    """The clear dangers of earlier messages; that of a body is over once somebody says that help is there."""
    found: list[Danger] = []
    over = _says_over(now)
    for question in reversed(before):
        ends, danger = _says_over(question), _clear_danger(question)
        if danger == "harm" or (danger and not (over or ends)):
            found.append(danger)
        over = over or ends
    return found[::-1]


@lru_cache(maxsize=256)  # of every message it is asked again in the turns after it
def _clear_danger(message: str) -> Danger:
    """The danger of an earlier message, if it was clear: a false alarm is over with its answer."""
    clear = max(_scores(message).values()) >= _CLEAR_BEFORE or _ruled(message)
    return danger_of(message) if clear else ""


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


@lru_cache(maxsize=256)
def danger_of(message: str) -> Danger:
    """What somebody is in danger of by one message alone: by the ear, what it denies left out, or by rule.

    A teaching card's title, word for word, asks for the card and tells of nobody; so do “and the blood?” and
    a message of nothing but places and values in a picture.
    """
    if (
        only_measures(message)
        or language_of_title(message)
        or (len(message.split()) <= _FEW_WORDS and _GOES_ON.search(message))
    ):
        return ""
    if found := _by_ear(message):
        return found
    if _ruled(message):
        return "harm"
    matter, sure = hear(message).best
    return "body" if _OF_BODY.search(message) and (matter not in _TAUGHT or sure < HALF) else ""


def _ruled(message: str) -> bool:
    """Whether a rule hears danger in words that the ear does not take for another matter, or for denied."""
    loudest, matter = max(_scores(message).values()), hear(message).best[0]
    denied = loudest < _NOT_DENIED or matter == "teach" or (matter == "none" and loudest < _HEARD)
    if len(message.split()) <= _FEW_WORDS:
        denied = False  # of so few words an ear knows less than a rule
    return not denied and any(intent_of(one)[0] == "danger" for one in clauses(without_denied(message)))


def _by_ear(message: str) -> Danger:
    """What the ear hears in a message, or in one of its sentences."""
    if len(message.split()) > _LONG_LETTER:
        return _in_letter(message)
    if found := _alarm(message):
        return found
    parts = sentences_of(message)
    score, name = max((_loudest(parts, name), name) for name in _DANGERS)
    matter, sure = hear(message).best
    denied = max(_scores(message).values()) < _NOT_DENIED or (matter in _TAUGHT and sure >= HALF)
    return _DANGERS[name] if score >= _CLEAR_PART and not denied else ""


def _in_letter(letter: str) -> Danger:
    """What a long letter tells in one sentence of its own, neither quoted nor of long ago.

    The whole is about all that stands beside it, so it can neither raise an alarm alone nor deny one.
    """
    parts = [one for one in sentences_of(_QUOTED.sub(" ", letter)) if not _LONG_AGO.search(one)]
    if is_story := _TELLS_A_STORY.search(letter):
        parts = [one for one in parts if not _TELLS_A_STORY.search(one)]
    whole, alarm = _scores(letter), _alarm(letter)
    told = {name: _loudest(parts, name) for name in _DANGERS if whole[name] >= _HARDLY_IN_LETTER}
    name = max(told, key=lambda one: told[one], default="danger_body")
    by_alarm = _CLEAR_OF_ALARM if alarm == _DANGERS[name] else _CLEAR_IN_LETTER
    enough = _CLEAR_PART if is_story else by_alarm
    return _DANGERS[name] if told.get(name, 0.0) >= enough else ""


def _loudest(parts: Sequence[str], name: str) -> float:
    """How much a danger is heard in the one of some sentences that sounds most like it."""
    return max((_scores(part)[name] for part in parts), default=0.0)


def _alarm(message: str) -> Danger:
    scores = _scores(message)
    alarms = hear(message).alarms & hear(without_denied(message)).alarms
    matter, sure = hear(message).best
    # What sounds more like a lesson than like an alarm is one: an examination question tells of dying people.
    # So is what is asked of a file or its view: “so the right side is his left?”.
    louder = sure if matter in _NO_ALARM else 0.0
    heard = [name for name in scores if name in alarms and scores[name] >= louder]
    return _DANGERS[max(heard, key=lambda name: scores[name])] if heard else _by_what_is_meant(message)


def _by_what_is_meant(message: str) -> Danger:
    """The danger that a message means more than anything else, where no alarm is raised: “I have …”."""
    both = [dict(hear(one).intents) for one in (message, without_denied(message))]
    shares = {name: min(one.get(name, 0.0) for one in both) for name in _DANGERS}
    name = max(shares, key=lambda one: shares[one])
    few = name == "danger_self" and len(message.split()) <= _FEW_WORDS
    meant = sum(shares.values()) >= _MEANT and max(_scores(message).values()) >= _HARDLY_HEARD
    return _DANGERS[name] if meant and not few else ""


def _scores(message: str) -> dict[str, float]:
    """How much a message sounds like each danger, said and without what it denies, the lower of the two."""
    both: tuple[Heard, Heard] = (hear(message), hear(without_denied(message)))
    return {name: min(one.people[name] for one in both) for name in _DANGERS}


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
