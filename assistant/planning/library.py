"""Wishes about the case library: whether one is a move in a quiz, an order to save, or asks about cases."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Literal

from assistant.planning.card_quiz import CARDS, goes_on
from assistant.planning.conversation import Conversation
from assistant.planning.quiz_heard import by_rule, move_in_quiz, words_of
from assistant.planning.quiz_standing import is_in_quiz_on_cards
from store.records import Holdings, Match, Quiz
from tools.language.label_names import (
    alike_labels,
    chooses_alike,
    chooses_by_name,
    named_labels,
    names_a_finding,
)
from tools.language.library import counts_held, is_about_saving, library_wish, save_order, speaks_of_saving
from tools.language.quiz import meant_in_quiz, said_in_quiz, wants_quiz
from tools.language.rules import heard
from tools.language.sayings import was_said

Deed = Literal["quiz", "save", "browse"]

TOOLS: dict[str, str] = {"quiz": "quiz", "save": "save_case", "browse": "browse_library"}
"""What does each of them."""

# What an ear hears, in words that the tool of the quiz knows.
_AS_TOLD = {
    "answer": "{letter}", "correct": "I meant {letter}", "next": "next", "reveal": "reveal", "stop": "stop",
    "score": "score", "hint": "hint", "repeat": "repeat", "meaning": "repeat", "explain": "explain",
    "why_not": "explain", "right": "explain", "level": "easier", "more": "another subject",
    "other": "another subject",
}  # fmt: skip
_OF_THE_LIBRARY = heard("questions", "of_the_library")


def deed_in(clause: str) -> Deed:
    """What a clause about the library wants done."""
    if wants_quiz(clause) or said_in_quiz(clause, ()):
        return "quiz"
    return "save" if speaks_of_saving(clause) else "browse"


def is_of_the_library(clause: str, talk: Conversation) -> bool:
    """Whether a clause is about the library alone: an order to save, or a count of cases."""
    counts = counts_held(clause) or (not talk.ids and library_wish(clause).what == "count")
    return (counts and _names_a_label(clause, talk)) or is_about_saving(clause)


def narrows_down(clause: str, talk: Conversation) -> bool:
    """Whether a clause is nothing but a choice among cases: “only melanomas” of those shown last."""
    shown = _OF_THE_LIBRARY.search(clause) or _was_just(talk, "browse")
    return bool(shown) and chooses_by_name(clause, _labels_shown(talk))


def move_in(talk: Conversation) -> str:
    """The question as a move in the quiz of the chat, in words that say so; empty where it is none."""
    return _by_ear(talk) or _by_rule(talk)


def _by_rule(talk: Conversation) -> str:
    return next((words for words in (talk.said, talk.question) if is_in_quiz(words, talk)), "")


def _by_ear(talk: Conversation) -> str:
    """What an ear hears right after an answer of the quiz, in words that its rules know; else nothing."""
    quiz = quiz_held(talk)
    spoken_of = _was_just(talk, "quiz") or bool(talk.past and was_said("quiz.still_open", talk.past[-1].text))
    if quiz is None or quiz.over or talk.attached or not spoken_of:
        return ""
    move = move_in_quiz(talk, quiz.options, is_open=quiz.open)
    known = by_rule(words_of(talk), quiz.options, is_open=quiz.open)
    if move is None or (known and move == known):
        return ""
    letter = chr(ord("A") + quiz.options.index(move.option)) if move.option else ""
    return _AS_TOLD[move.kind].format(letter=letter) if move.kind in _AS_TOLD else ""


def quiz_held(talk: Conversation) -> Quiz | None:
    """How the last quiz on cases of a chat stands; None without one."""
    records = [one for turn in talk.past for result in turn.results for one in result.records]
    return next((one for one in reversed(records) if isinstance(one, Quiz)), None)


def is_in_quiz(clause: str, talk: Conversation) -> bool:
    """Whether a clause is a move in a quiz: an answer, or next, reveal, stop while it runs, or its score."""
    quiz = quiz_held(talk)
    if quiz is None or talk.attached or not clause:
        return False
    said = said_in_quiz(clause, quiz.options if quiz.open and not quiz.over else ())
    meant = not (quiz.open or quiz.over) and bool(meant_in_quiz(clause, quiz.options))
    if said is None or said.move == "begin" or quiz.over:
        return meant or (said is not None and said.move == "score")
    # After its answer a case is spoken of for a turn; then “what is it?” is of something else.
    spoken_of = said.move != "unclear" and (quiz.open or said.move != "reveal")
    return spoken_of or _was_just(talk, "quiz")


def without_moves(talk: Conversation) -> Conversation:
    """The chat without what was said in a quiz: “stop” or “I don't know” are no cry for help there."""
    said = {
        turn.question
        for turn in talk.past
        if is_in_quiz_on_cards(turn.text) or any(one.tool == TOOLS["quiz"] for one in turn.results)
    }
    before = tuple(one for one in talk.lately if one not in said)
    question = "" if _by_rule(talk) or goes_on(talk) else talk.question
    return replace(talk, question=question, before=before)


def look_alikes_of(clause: str, talk: Conversation, *, surely: bool) -> tuple[str, ...]:
    """The images whose look-alikes a clause chooses among: “only melanomas” right after a search.

    Args:
        clause: a part of the question.
        talk: the conversation.
        surely: only where the clause is nothing but that choice.
    """
    last = talk.past[-1].results if talk.past else ()
    shown = tuple(dict.fromkeys(one.image_id for one in last if one.tool == "find_similar_cases"))
    if not shown or _OF_THE_LIBRARY.search(clause):
        return ()
    labels = _labels_shown(talk)
    sure = bool(alike_labels(clause, labels)) or chooses_by_name(clause, labels)
    return shown if (sure if surely else chooses_alike(clause)) else ()


def library_calls(
    deed: str, clause: str, image_ids: tuple[str, ...], typed: str = ""
) -> list[tuple[str, dict[str, Any]]]:
    """The tools that do it, with their arguments; none where nothing can be done yet.

    Args:
        deed: what.
        clause: a part of the question, as rules hear it.
        image_ids: the pictures.
        typed: the question letter by letter: a label is kept as its owner writes it.
    """
    if deed == CARDS:
        return []
    if deed != "save":
        return [(TOOLS[deed], {"question": clause})]
    order = save_order(clause)
    if order is None or not order.label:
        return []
    own = save_order(typed)
    as_long = own is not None and len(own.label.split()) == len(order.label.split())
    label = own.label if own and as_long else order.label
    return [(TOOLS[deed], {"image_id": one, "label": label}) for one in image_ids]


def _names_a_label(clause: str, talk: Conversation) -> bool:
    return names_a_finding(clause) or bool(named_labels(clause, _labels_shown(talk)).labels)


def _labels_shown(talk: Conversation) -> tuple[str, ...]:
    """The labels of the library that the chat has heard of."""
    found: dict[str, None] = {}
    for one in (record for turn in talk.past for result in turn.results for record in result.records):
        found |= dict.fromkeys([one.label] if isinstance(one, Match) else ())
        found |= dict.fromkeys(one.labels if isinstance(one, Holdings) else ())
    return tuple(found)


def _was_just(talk: Conversation, deed: Deed) -> bool:
    return bool(talk.past) and any(one.tool == TOOLS[deed] for one in talk.past[-1].results)
