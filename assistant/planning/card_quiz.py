"""A quiz on the teaching cards, for what the case library cannot ask: which card says a line?

How it stands is read from its last answer, so nothing else is kept: the question with its options, or how
many were right.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache

import numpy as np

from assistant.planning.card_questions import card_of, is_its_own, is_on_cards, lines, options, pool
from assistant.planning.conversation import Conversation, PastTurn
from assistant.planning.polite import is_polite
from assistant.planning.task import Task
from assistant.planning.teaching import ENDS_A_LIST, source_of, told_of
from store.records import Quiz
from tools.language.library import number_in
from tools.language.quiz import Said, said_in_quiz
from tools.language.rules import heard
from tools.language.sayings import anyhow, languages, sayings, was_said
from tools.language.teaching_cards import Card, cards

CARDS = "card quiz"
"""The detail of a task that begins such a quiz, or goes on with it."""
_BEGINS, _WHY_NOT, _LETTER = (heard("card_quiz", one) for one in ("begins", "why_not", "letter"))
# Ours: questions of a quiz, and answers that are read once.
_USUAL, _MOST, _READ = 3, 10, 256
# Ours: what is longer than an answer by its name is about something else.
_FEW = 4


@dataclass(frozen=True)
class Standing:
    """How a quiz stands by an answer of Casebook's: `open` while a question waits, `over` after the last."""

    number: int
    count: int
    right: int
    answered: int
    line: str = ""
    options: tuple[str, ...] = ()
    over: bool = False

    @property
    def open(self) -> bool:
        """Whether a question waits for its answer."""
        return bool(self.options) and not self.over


def begins(talk: Conversation) -> bool:
    """Whether a message begins a quiz."""
    return not talk.attached and _BEGINS.search(talk.said or talk.question) is not None


def goes_on(talk: Conversation) -> bool:
    """Whether a message is a move in a quiz on cards: an answer, next, reveal, stop, or its score."""
    now = standing(talk)
    if now is None or talk.attached:
        return False
    said = talk.said or talk.question
    if _was_just(talk) and _WHY_NOT.search(said):
        return True
    move = said_in_quiz(said, now.options if now.open else ())
    if move is None or move.move == "begin":
        return False
    if move.move in ("score", "answer"):
        return True
    return not now.over and _was_just(talk) and (now.open or move.move != "reveal")


def is_in_quiz_on_cards(text: str) -> bool:
    """Whether an answer of Casebook's is one of a quiz on cards."""
    return _read(text) is not None or _was_told(text)


def task_of(talk: Conversation) -> Task | None:
    """The task of a message that begins a quiz, or goes on with one on cards; None for any other."""
    said = talk.said or talk.question
    on_cards = begins(talk) and is_on_cards(said, talk.language)
    if goes_on(talk) or on_cards or _is_lone_letter(talk) or _is_no_option(said, talk):
        return Task("library", said, detail=CARDS)
    return Task("library", talk.question, detail="quiz") if begins(talk) else None


def _is_no_option(said: str, talk: Conversation) -> bool:
    """Whether a few words, right after a question, name none of its options and ask nothing."""
    now = standing(talk)
    few = len(said.split()) <= _FEW and not said.rstrip().endswith("?")
    return bool(
        now and now.open and few and _was_just(talk) and not (is_polite(said) or _BEGINS.search(said))
    )


def _is_lone_letter(talk: Conversation) -> bool:
    """Whether a message is an answer by a letter where nothing was asked."""
    records = (one for turn in talk.past for result in turn.results for one in result.records)
    of_cases = any(isinstance(one, Quiz) and not one.over for one in records)
    return not of_cases and _LETTER.search(talk.said or talk.question) is not None


def quiz_on_cards(talk: Conversation) -> str:
    """What a quiz on cards says next."""
    now = standing(talk)
    said = talk.said or talk.question
    if now is None or not (goes_on(talk) or _is_no_option(said, talk)):
        return _begun(talk) if begins(talk) else talk.say("library_tools.no_quiz")
    if letter := _WHY_NOT.search(said):
        return _why_not(letter["letter"].upper(), talk)
    move = said_in_quiz(said, now.options if now.open else ()) or Said("unclear")
    if move.move == "score" or (move.move == "stop" and not now.open):
        over = now.over or move.move == "stop"
        return talk.say("quiz.over" if over else "quiz.score", right=now.right, answered=now.answered)
    if not now.open:
        return _asked(now.number + 1, now, talk)
    if move.move == "unclear":
        return talk.say("quiz.which", options=_lettered(now.options))
    return _told(move, now, talk)


def standing(talk: Conversation) -> Standing | None:
    """How the last quiz on cards of a chat stands; None without one."""
    return next(filter(None, (_read(turn.text) for turn in reversed(talk.past))), None)


def _begun(talk: Conversation) -> str:
    """The first question, or that no card is on the topic."""
    count = min(number_in(talk.question) or _USUAL, _MOST)
    return _asked(1, Standing(0, count, 0, 0), talk)


def _asked(number: int, now: Standing, talk: Conversation) -> str:
    """The next question of a quiz, or its end."""
    found = next(_questions(talk), None) if number <= now.count else None
    if found is None and number == 1:
        return talk.say("quiz.no_card")
    if found is None:
        return talk.say("quiz.over", right=now.right, answered=now.answered)
    card, line = found
    asked_of = _lettered(options(card, line, talk))
    first = [talk.say("quiz.begun", count=now.count)] if number == 1 else []
    marks = {"right": now.right, "answered": now.answered}
    asked = talk.say("quiz.question", number=number, count=now.count, line=line, options=asked_of, **marks)
    return "\n\n".join([*first, asked])


def _told(move: Said, now: Standing, talk: Conversation) -> str:
    """The card that was meant, whether it was named, and how to go on."""
    card = card_of(now.line)
    title = told_of(card, talk).title if card else ""
    right, answered = now.right, now.answered
    if move.option:
        answered += 1
        right += move.option == title
        verdict = "quiz.right" if move.option == title else "quiz.wrong"
        told = talk.say(verdict, title=title, **({} if move.option == title else {"given": move.option}))
    else:
        told = talk.say("quiz.revealed", title=title)
    line = talk.say("teaching.line", title=title, line=now.line)
    below = [f"{line}\n{ENDS_A_LIST}\n{source_of(card, talk)}"] if card else []
    if move.move == "stop" or now.number == now.count:
        end = talk.say("quiz.over", right=right, answered=answered)
        return "\n\n".join([told, *below, end])
    marks = {"number": now.number, "count": now.count, "right": right, "answered": answered}
    after = talk.say("quiz.after", **marks)
    if move.move == "next":
        now = Standing(now.number, now.count, right, answered)
        return "\n\n".join([told, _asked(now.number + 1, now, talk)])
    return "\n\n".join([told, *below, after])


def _why_not(letter: str, talk: Conversation) -> str:
    """What the card says that an option names, which is not what was asked."""
    asked = next((one for turn in reversed(talk.past) if (one := _read(turn.text)) and one.options), None)
    lettered = dict(zip("ABCD", asked.options, strict=False)) if asked else {}
    card = next((one for one in cards() if told_of(one, talk).title == lettered.get(letter)), None)
    if card is None or asked is None or card == card_of(asked.line):
        return talk.say("quiz.was_right" if card else "library_tools.no_quiz")
    line = next(iter(lines(card, talk)), told_of(card, talk).text)
    return talk.say("quiz.why_not", letter=letter, title=told_of(card, talk).title, line=line)


def _questions(talk: Conversation) -> Iterator[tuple[Card, str]]:
    """Cards with a line to ask for, in an order of this quiz's own; none that the chat has asked before."""
    begun = next((n for n, turn in reversed([*enumerate(talk.past)]) if _BEGINS.search(turn.question)), None)
    at_first = begins(talk) or begun is None
    said = (talk.said or talk.question) if at_first else talk.past[begun or 0].question
    before = [one for one in talk.past[: None if at_first else begun] if not _is_aside(one)]
    of_topic = pool(said, talk, before)
    seed = int(hashlib.sha256(said.encode()).hexdigest(), 16) % 2**32
    told = {one.line for turn in talk.past if (one := _read(turn.text)) and one.line}
    cards_told = {card.id for one in told if (card := card_of(one))}
    in_turn = [of_topic[int(at)] for at in np.random.default_rng(seed).permutation(len(of_topic))]
    for card in sorted(in_turn, key=lambda one: one.id in cards_told):
        for line in lines(card, talk):
            if line not in told and is_its_own(line, card, talk.language):
                yield card, line
                break


def _is_aside(turn: PastTurn) -> bool:
    """Whether a turn was of a quiz, or polite alone."""
    return is_polite(turn.question) or _read(turn.text) is not None or _was_told(turn.text)


def _lettered(options: Sequence[str]) -> str:
    return "\n".join(["", *(f"- {'ABCD'[at]}) {one}" for at, one in enumerate(options)), ENDS_A_LIST, ""])


def _was_just(talk: Conversation) -> bool:
    """Whether the last answer was one of the quiz."""
    return bool(talk.past) and is_in_quiz_on_cards(talk.past[-1].text)


def _was_told(text: str) -> bool:
    """Whether an answer told something of a quiz that stands as it stood."""
    return any(was_said(f"quiz.{name}", text) for name in ("score", "which", "why_not", "was_right"))


@cache
def _patterns() -> tuple[tuple[str, re.Pattern[str]], ...]:
    names = ("question", "after", "over")
    return tuple(
        (name, re.compile(f"{anyhow(sayings(one).texts[f'quiz.{name}'])}(?=\\Z|\\n)", re.S))
        for name in names
        for one in languages()
    )


@lru_cache(maxsize=_READ)
def _read(text: str) -> Standing | None:
    """How a quiz stands by an answer of Casebook's; None where it is none of a quiz."""
    for name, pattern in _patterns():
        if not (found := pattern.search(text)):
            continue
        held = found.groupdict()
        offered = tuple(re.findall(r"^- [A-D]\) (.+)$", held.get("options", ""), re.M))
        numbers = {one: int(held.get(one) or 0) for one in ("number", "count", "right", "answered")}
        return Standing(**numbers, line=held.get("line", ""), options=offered, over=name == "over")
    return None
