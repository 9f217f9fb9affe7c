"""A quiz on the teaching cards, for what the case library cannot ask: which card says a line?"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

import numpy as np

from assistant.planning.card_questions import (
    card_of,
    is_its_own,
    is_on_cards,
    lines,
    options,
    pool,
    subject_of,
    topic_of,
)
from assistant.planning.conversation import Conversation, PastTurn
from assistant.planning.polite import is_polite
from assistant.planning.quiz_heard import Move, by_rule, move_in_quiz, words_of
from assistant.planning.quiz_standing import (
    Standing,
    asked_last,
    given_last,
    is_in_quiz_on_cards,
    is_talked_of,
    read,
    standing,
    was_lately,
)
from assistant.planning.say_quiz import SAID_OF_IT, ended, lettered, whole_question
from assistant.planning.task import Task
from assistant.planning.words import Intent
from store.records import Quiz, Record
from tools.language.library import number_in
from tools.language.quiz import asks_of_another
from tools.language.rules import heard
from tools.language.sayings import was_said
from tools.language.teaching_cards import Card

CARDS = "card quiz"
"""The detail of a task that begins such a quiz, or goes on with it."""
_BEGINS, _LETTER = heard("card_quiz", "begins"), heard("card_quiz", "letter")
# Ours: questions of a quiz, and options without which a line is no question.
_USUAL, _MOST, _OPTIONS = 3, 10, 3
# Ours: what is longer than the name of a subject is about something else.
_FEW = 5
# What no quiz that is over does any more.
_OF_A_RUNNING_ONE = ("next", "unclear", "answer", "unsure", "hint", "level")
# A quiz without a word on its subject is one of these where another stands.
_OF_ITS_SUBJECT = ("more", "other", "level")
# What is answered without a word on a quiz.
_GRAVE: tuple[Intent, ...] = ("danger", "over", "personal", "advice", "harm", "privacy")
# What is said of a quiz at any time after it.
_AT_ANY_TIME = ("score", "answer")


def begins(talk: Conversation) -> bool:
    """Whether a message begins a quiz."""
    return not talk.attached and _BEGINS.search(words_of(talk)) is not None


def goes_on(talk: Conversation) -> bool:
    """Whether rules know a message as a move in a quiz on cards, so that it is no cry for help."""
    return _by_rule(talk) is not None


def task_of(talk: Conversation) -> Task | None:
    """The task of a message that begins a quiz, or goes on with one on cards; None for any other."""
    said = talk.said or talk.question
    if _move(talk) or (begins(talk) and is_on_cards(said, talk.language)) or _is_lone_letter(talk):
        return Task("library", said, detail=CARDS)
    if _names_subject(talk):
        return Task("library", said, detail=CARDS)
    return Task("library", talk.question, detail="quiz") if begins(talk) else None


def quiz_on_cards(talk: Conversation) -> str:
    """What a quiz on cards says next."""
    move, now = _move(talk), standing(talk)
    if now is None or move is None:
        new = begins(talk) or _names_subject(talk)
        return _begun(talk) if new else talk.say("library_tools.no_quiz")
    return _moved(move, now, replace(talk, language=now.language))


def _moved(move: Move, now: Standing, talk: Conversation) -> str:
    """What is said of a move in a quiz."""
    said = SAID_OF_IT.get(move.kind)
    if said and not (move.kind == "stop" and now.open):
        return said(move, now, talk)
    if move.kind == "other":
        return _begun(talk) if subject_of(words_of(talk), talk.language) else talk.say("quiz.which_subject")
    if move.kind == "more":
        return _more(now, talk)
    if not now.open:
        return ended(now, talk) if now.over or move.kind == "stop" else _asked(now.number + 1, now, talk)
    told, after = whole_question(move, now, talk)
    return "\n\n".join([told, _asked(after.number + 1, after, talk)]) if move.kind == "next" else told


def still_open(tasks: Sequence[Task], talk: Conversation) -> str:
    """That the question of a quiz is still open, after another matter; empty where it is not, or was told."""
    calm = not any(one.intent in _GRAVE or one.intent == "library" for one in tasks)
    if not (calm and talk.past):
        return ""
    last, now = talk.past[-1], standing(talk)
    of_cases = any(isinstance(one, Quiz) and one.open and not one.over for one in _records([last]))
    of_cards = bool(now and now.open) and is_in_quiz_on_cards(last.text)
    return talk.say("quiz.still_open") if of_cases or of_cards else ""


def _records(turns: Iterable[PastTurn]) -> Iterator[Record]:
    return (one for turn in turns for result in turn.results for one in result.records)


def _by_rule(talk: Conversation) -> Move | None:
    """The move that rules know: an answer or the score at any time, others while the quiz is talked of."""
    now = standing(talk)
    if now is None or talk.attached:
        return None
    found = by_rule(words_of(talk), now.options, is_open=now.open)
    if found is None or found.kind in ("begin", "unclear"):
        return None
    there = found.kind in _AT_ANY_TIME or (was_lately(talk) and not now.over)
    return found if there or is_talked_of(talk) else None


def _move(talk: Conversation) -> Move | None:
    """What a message wants of the quiz on cards of the chat; None where it is about something else."""
    now, last = standing(talk), asked_last(talk)
    if now is None or last is None or talk.attached:
        return None
    if not (is_talked_of(talk) or (was_lately(talk) and not now.over)):
        return _by_rule(talk)
    move = move_in_quiz(talk, last.options, is_open=now.open, surely=not is_talked_of(talk))
    if move and begins(talk) and (topic_of(words_of(talk)) or move.kind not in _OF_ITS_SUBJECT):
        return None
    if move and now.over and (move.kind in _OF_A_RUNNING_ONE or not _may_be_counted(move, talk)):
        return None
    return move


def _may_be_counted(move: Move, talk: Conversation) -> bool:
    """Whether a move is no correction, or one of an answer that was given."""
    return move.kind != "correct" or bool(given_last(talk))


def _names_subject(talk: Conversation) -> bool:
    """Whether a few words name the subject that was asked for just before."""
    said = talk.said or talk.question
    wanted = bool(talk.past) and was_said("quiz.which_subject", talk.past[-1].text)
    return wanted and len(said.split()) <= _FEW and not (is_polite(said) or asks_of_another(said))


def _is_lone_letter(talk: Conversation) -> bool:
    """Whether a message is an answer by a letter where nothing was asked."""
    of_cases = any(isinstance(one, Quiz) and not one.over for one in _records(talk.past))
    return not of_cases and _LETTER.search(talk.said or talk.question) is not None


def _begun(talk: Conversation) -> str:
    """The first question, or that no card is on the topic."""
    count = min(number_in(talk.question) or _USUAL, _MOST)
    return _asked(1, Standing(0, count, 0, 0), talk, begun=True)


def _more(now: Standing, talk: Conversation) -> str:
    """The open question, or the next one, of a quiz that has some more from here on."""
    more = min(number_in(words_of(talk)) or _USUAL, _MOST)
    last = asked_last(talk) or now
    longer = replace(
        now, number=last.number, count=(last.count if now.over else now.count) + more, over=False
    )
    first = talk.say("quiz.more", more=more)
    if now.open:
        return "\n\n".join([first, _question(longer, talk)])
    if next(_questions(talk), None) is None:
        return "\n\n".join([talk.say("quiz.no_more"), ended(now, talk)])
    return "\n\n".join([first, _asked(last.number + 1, longer, talk)])


def _asked(number: int, now: Standing, talk: Conversation, *, begun: bool = False) -> str:
    """The next question of a quiz, or its end."""
    found = next(_questions(talk, begun=begun), None) if number <= now.count else None
    if found is None and number == 1:
        return talk.say("quiz.no_card")
    if found is None:
        return ended(now, talk)
    card, line = found
    first = [talk.say("quiz.begun", count=now.count)] if number == 1 else []
    asked = replace(now, number=number, line=line, options=tuple(options(card, line, talk)))
    return "\n\n".join([*first, _question(asked, talk)])


def _question(asked: Standing, talk: Conversation) -> str:
    marks = {"number": asked.number, "count": asked.count, "right": asked.right, "answered": asked.answered}
    return talk.say("quiz.question", line=asked.line, options=lettered(asked.options), **marks)


def _questions(talk: Conversation, *, begun: bool = False) -> Iterator[tuple[Card, str]]:
    """Cards with a line to ask for, in an order of this quiz's own; none that the chat has asked before."""
    first = next(
        (n for n, one in reversed([*enumerate(talk.past)]) if was_said("quiz.begun", one.text)), None
    )
    at_first = begun or first is None
    said = words_of(talk) if at_first else talk.past[first or 0].question
    before = [one for one in talk.past[: None if at_first else first] if not _is_aside(one)]
    of_topic = pool(said, talk, before)
    seed = int(hashlib.sha256(said.encode()).hexdigest(), 16) % 2**32
    told = {one.line for turn in talk.past if (one := read(turn.text)) and one.line}
    cards_told = {card.id for one in told if (card := card_of(one))}
    in_turn = [of_topic[int(at)] for at in np.random.default_rng(seed).permutation(len(of_topic))]
    for card in sorted(in_turn, key=lambda one: one.id in cards_told):
        for line in lines(card, talk):
            enough = line not in told and is_its_own(line, card, talk.language)
            if enough and len(options(card, line, talk)) >= _OPTIONS:
                yield card, line
                break


def _is_aside(turn: PastTurn) -> bool:
    """Whether a turn was of a quiz, or polite alone."""
    return is_polite(turn.question) or is_in_quiz_on_cards(turn.text)
