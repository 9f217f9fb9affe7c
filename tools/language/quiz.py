"""What somebody says in a quiz: an answer, or that they want it shown or ended. The lists: ``quiz.toml``."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Literal

from tools.language.label_names import named_labels
from tools.language.lists import Heard, Patterns, Words, read, whole
from tools.language.number_words import places
from tools.language.options import parse_option
from tools.language.vocabulary import vocabulary

Move = Literal["begin", "answer", "unclear", "next", "reveal", "stop", "score"]


class _Lists(Words):
    quiz: Patterns
    next: Patterns
    reveal: Patterns
    stop: Patterns
    score: Patterns
    guess: Patterns


@cache
def _lists() -> _Lists:
    return read(_Lists, "quiz")


_QUIZ, _GUESS = Heard(lambda: whole(_lists().quiz)), Heard(lambda: whole(_lists().guess))
_PLACE = Heard(lambda: re.compile(rf"\b(?:{'|'.join(places())})(?= one\b| option\b|\W*$)", re.I))
_ASKS = re.compile(
    r"\W*(?:what|which|who|where|when|why|how|can|could|do|does|did|show|tell|explain|define)\b", re.I
)
# What is said for a guess is no part of it.
_REASON = re.compile(r"\W*\b(?:because|since|due to|given|weil|porque)\b.*", re.I | re.S)
_POLITE = (
    r"(?:\W*\b(?:ok(?:ay)?|please|pls|thanks?|thank you|well|then|now|so|hm+|and|let's|lets|bitte)\b\W*)*"
)


def _alone(patterns: Iterable[str]) -> re.Pattern[str]:
    """What is a whole clause, politeness aside."""
    return re.compile(rf"{_POLITE}\W*(?:{'|'.join(patterns)})\W*{_POLITE}", re.I)


_MOVES: tuple[tuple[Move, Heard], ...] = (
    ("stop", Heard(lambda: _alone(_lists().stop))),
    ("score", Heard(lambda: _alone(_lists().score))),
    ("next", Heard(lambda: _alone(_lists().next))),
    ("reveal", Heard(lambda: _alone(_lists().reveal))),
)


@dataclass(frozen=True)
class Said:
    """What somebody says in a quiz.

    Attributes:
        move: what they want.
        option: the option that an answer names.
    """

    move: Move
    option: str = ""


def wants_quiz(clause: str) -> bool:
    """Whether a clause asks for a quiz."""
    return _QUIZ.search(clause) is not None and not any(move.fullmatch(clause) for _, move in _MOVES)


def topic_of(clause: str) -> str:
    """What a quiz is to be about: the clause without the words that ask for one."""
    return _QUIZ.sub(" ", clause)


def said_in_quiz(clause: str, options: Sequence[str]) -> Said | None:
    """What a clause says in a quiz, or None where it speaks of something else.

    Args:
        clause: what somebody said.
        options: what may be answered; empty while no case waits for an answer.
    """
    plain = clause.replace("’", "'").strip()
    for move, pattern in _MOVES:
        if pattern.fullmatch(plain):
            return Said(move)
    if wants_quiz(plain):
        return Said("begin")
    return _answer(plain, options) if options else None


def _answer(clause: str, options: Sequence[str]) -> Said | None:
    """An answer: an option by its letter, or by words that say nothing else."""
    letters = {chr(ord("A") + at): option for at, option in enumerate(options)}
    if letter := parse_option(clause, letters, stated_only=True):
        return Said("answer", letters[letter])
    guess = _REASON.sub("", clause)
    place = _PLACE.search(guess)
    if place and places()[place[0].lower()] <= len(options):
        return Said("answer", options[places()[place[0].lower()] - 1])
    named = named_labels(guess, options)
    # Words of another matter: "what is a naevus?" asks, and guesses nothing.
    if _ASKS.match(guess) or not all(_GUESS.fullmatch(word) or _of_the_field(word) for word in named.unknown):
        return None
    meant = named.labels or _the_other(options, named.left_out)
    if len(meant) == 1:
        return Said("answer", meant[0])
    return Said("unclear") if meant or named.unknown or named.left_out else None


def _the_other(options: Sequence[str], left_out: Sequence[str]) -> tuple[str, ...]:
    """What is left where all others are excluded: “not a naevus” of two options."""
    left = tuple(one for one in options if one not in left_out)
    return left if left_out and len(left) == 1 else ()


def _of_the_field(word: str) -> bool:
    return any(one.kind in ("finding", "diagnosis") for one in vocabulary().find(word))
