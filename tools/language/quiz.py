"""What somebody says in a quiz: an answer, or that they want it shown or ended. The lists: ``quiz.toml``."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cache
from typing import Literal

from tools.language.glosses import in_english
from tools.language.label_names import named_labels
from tools.language.lists import Heard, Patterns, Words, either, read
from tools.language.number_words import places
from tools.language.options import parse_option
from tools.language.sayings import languages
from tools.language.vocabulary import vocabulary

Move = Literal[
    "begin", "answer", "unclear", "next", "reveal", "stop", "score",
    "hint", "repeat", "explain", "meaning", "level", "subject", "meant",
]  # fmt: skip


class _Lists(Words):
    quiz: Patterns
    next: Patterns
    reveal: Patterns
    stop: Patterns
    score: Patterns
    lead: Patterns
    polite: Patterns
    joins: Patterns
    asks: Patterns
    reason: Patterns
    guess: Patterns
    denied: Patterns
    last: Patterns
    top: Patterns
    between: Patterns
    meant: Patterns
    meaning: Patterns
    hint: Patterns
    repeat: Patterns
    explain: Patterns
    level: Patterns
    subject: Patterns


@cache
def _lists() -> _Lists:
    return read(_Lists, "quiz")


def _any(patterns: Sequence[str]) -> str:
    return f"(?<!\\w)(?:{'|'.join(patterns)})(?!\\w)"


_QUIZ, _GUESS = Heard(lambda: either(_lists().quiz)), Heard(lambda: either(_lists().guess))
_DENIED = Heard(lambda: either(_lists().denied))
_PLACE = Heard(lambda: re.compile(rf"\b(?:{'|'.join(places())})(?= one\b| option\b|\W*$)", re.I))
_ASKS = Heard(lambda: re.compile(rf"\W*{_any(_lists().asks)}", re.I))
# What is said for a guess is no part of it.
_REASON = Heard(lambda: re.compile(rf"\W*{_any(_lists().reason)}.*", re.I | re.S))
_POLITE = Heard(lambda: re.compile(_polite(), re.I))
_PARTS = Heard(lambda: re.compile(rf"[.,;:!?¿¡…\n]+|\s[–—-]\s|{_any(_lists().joins)}", re.I))
_WORD = re.compile(r"[\w'-]+")
_TWO = Heard(lambda: re.compile(rf"(?<!\w)[a-d]\W*(?:{'|'.join(_lists().between)})\W*[a-d](?!\w)", re.I))
_LAST, _TOP = (
    Heard(lambda: re.compile(_any(_lists().last), re.I)),
    Heard(lambda: re.compile(_any(_lists().top), re.I)),
)
_MEANT = Heard(lambda: re.compile(_any(_lists().meant), re.I))
_DENIES = Heard(lambda: re.compile(rf"(?:{'|'.join(_lists().denied)}|no)\s+(?:\w{{2,3}}\s+)?$", re.I))
_DENIES_IT = Heard(lambda: re.compile(rf"\s*(?:{'|'.join(_lists().denied)}|no)(?!\w)", re.I))
# Ours: shorter words are too like others to be taken for a misspelt one; how like it has to be.
_LONG_WORD, _LIKE = re.compile(r"[^\W_]{4,}"), 0.8


def _polite() -> str:
    return rf"\W*(?:{_any(_lists().polite)}\W*)*"


def _alone(patterns: Sequence[str]) -> re.Pattern[str]:
    """What is a whole part of a message, politeness aside."""
    return re.compile(rf"{_polite()}(?:{_any(_lists().lead)}\W+)?{_any(patterns)}{_polite()}", re.I)


# Of several in one message the first of these counts: the end tells the score, what follows the label.
_MOVES: tuple[tuple[Move, Heard], ...] = (
    ("stop", Heard(lambda: _alone(_lists().stop))),
    ("next", Heard(lambda: _alone(_lists().next))),
    ("reveal", Heard(lambda: _alone(_lists().reveal))),
    ("score", Heard(lambda: _alone(_lists().score))),
    ("meaning", Heard(lambda: _alone(_lists().meaning))),
    ("hint", Heard(lambda: _alone(_lists().hint))),
    ("repeat", Heard(lambda: _alone(_lists().repeat))),
    ("explain", Heard(lambda: _alone(_lists().explain))),
    ("level", Heard(lambda: _alone(_lists().level))),
    ("subject", Heard(lambda: _alone(_lists().subject))),
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
    return _QUIZ.search(clause) is not None and _move(clause) is None


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
    if move := _move(plain):
        return Said(move)
    if wants_quiz(plain):
        return Said("begin")
    return _answer(plain, options) if options else None


def asks_of_another(clause: str) -> bool:
    """Whether a part of a clause begins like a question: “what is a naevus?”."""
    return any(_ASKS.match(part) for part in _PARTS.split(clause))


def meant_in_quiz(clause: str, options: Sequence[str]) -> str:
    """The option that was meant in place of the one that was answered: “i meant b”; empty without one."""
    return option_in(clause, options) if _MEANT.search(clause) else ""


def option_in(text: str, options: Sequence[str]) -> str:
    """The one option that an answer names: by its letter, its place or its words, misspelt ones too.

    Args:
        text: what somebody said.
        options: what may be meant.
    """
    return marked(text, options) or worded(text, options)


def lettered(text: str, options: Sequence[str]) -> str:
    """The one option that is named by its letter and not denied; empty without one."""
    at = _lettered(text, len(options), denied=False)
    return options[at - 1] if at else ""


def marked(text: str, options: Sequence[str]) -> str:
    """The one option that is named by its letter or its place; empty without one."""
    letter, place = _lettered(text, len(options)), _placed(text, len(options))
    at = place if place and letter == 1 else letter or place  # “a la segunda”
    return options[at - 1] if at else ""


def _lettered(text: str, count: int, *, denied: bool = True) -> int:
    """The place of the one letter that is named, or of the one that is not denied; 0 without one.

    An “a” beside another letter is a word; `denied` says whether one that is denied alone counts.
    """
    found = [
        one
        for one in re.finditer(r"(?<![\w'-])[a-d](?![\w'-])", text, re.I)
        if ord(one[0].lower()) - 96 <= count
    ]
    if _TWO.search(text):
        return 0
    left = {
        one[0].lower()
        for one in found
        if not (_DENIES.search(text[: one.start()]) or _DENIES_IT.match(text[one.end() :]))
    }
    left = left or ({one[0].lower() for one in found} if denied else set())
    left = left - {"a"} or left
    return ord(left.pop()) - 96 if len(left) == 1 else 0


def _placed(text: str, count: int) -> int:
    """The place that is named in words or by its number; 0 without one, or with several."""
    words = _WORD.findall(text.lower())
    told = {*words, *((in_english(one, language) or "").lower() for one in words for language in languages())}
    named = {places()[one] for one in told & places().keys()}
    named |= {int(one) for one in re.findall(r"(?<!\w)\d(?!\w)", text)}
    named |= ({count} if _LAST.search(text) else set()) | ({1} if _TOP.search(text) else set())
    return named.pop() if len(named) == 1 and min(named) in range(1, count + 1) else 0


def worded(text: str, options: Sequence[str], *, whole: bool = False) -> str:
    """The option that shares most of the words, each perhaps misspelt; empty where two share as many.

    Args:
        text: what somebody said.
        options: what may be meant.
        whole: only where it shares all of them.
    """
    own = [{word.casefold() for word in _LONG_WORD.findall(one)} for one in options]
    words = [word.casefold() for word in _LONG_WORD.findall(text)]
    said = [word for word in words if not _GUESS.fullmatch(word)]
    shared = [sum(bool(get_close_matches(word, sorted(words), 1, _LIKE)) for word in said) for words in own]
    most = max(shared, default=0)
    enough = most == len(said) if whole else most > 0
    return options[shared.index(most)] if most and enough and shared.count(most) == 1 else ""


def _move(message: str) -> Move | None:
    """What a message wants that holds nothing but moves: “stop the quiz. how did I do?”."""
    parts = [part for part in _PARTS.split(message) if not _POLITE.fullmatch(part)]
    said = {next((move for move, own in _MOVES if own.fullmatch(part)), None) for part in parts}
    return None if None in said else next((move for move, _ in _MOVES if move in said), None)


def _answer(clause: str, options: Sequence[str]) -> Said | None:
    """An answer: an option by its letter, or by words that say nothing else."""
    letters = {chr(ord("A") + at): option for at, option in enumerate(options)}
    guess = _REASON.sub("", clause)
    if letter := parse_option(clause, letters, stated_only=True) or _letter(guess, letters):
        return Said("answer", letters[letter])
    # Words of another matter: "what is a naevus?" asks, and guesses nothing.
    if asks_of_another(guess):
        return None
    own = " ".join(word for word in _WORD.findall(guess) if not _GUESS.fullmatch(word))
    told = (guess, *filter(None, (in_english(own, language) for language in languages())))
    place = next(filter(None, map(_PLACE.search, told)), None)
    if place and places()[place[0].lower()] <= len(options):
        return Said("answer", options[places()[place[0].lower()] - 1])
    named = named_labels(guess, options)
    if not all(_GUESS.fullmatch(word) or _of_the_field(word) for word in named.unknown):
        return None
    meant = named.labels or _the_other(options, named.left_out)
    if len(meant) == 1:
        return Said("answer", meant[0])
    lettered = any(len(word) == 1 and word.isupper() for word in _WORD.findall(guess))
    return Said("unclear") if meant or lettered or named.unknown or named.left_out else None


def _letter(guess: str, letters: Mapping[str, str]) -> str | None:
    """The letter in words that say nothing else: “creo que la B”; an A that begins them is a word."""
    words = _WORD.findall(guess)
    rest = [word for word in words if word.upper() not in letters]
    if _DENIED.search(guess) or _TWO.search(guess) or not all(_GUESS.fullmatch(word) for word in rest):
        return None
    named = {word for at, word in enumerate(words) if word in letters and (at or word != "A")}
    named = named or {word.upper() for word in words if word != "a"} & letters.keys()
    named = named or {word.upper() for word in (*words[:1], *words[-1:])} & letters.keys()
    return named.pop() if len(named) == 1 and named <= letters.keys() else None


def _the_other(options: Sequence[str], left_out: Sequence[str]) -> tuple[str, ...]:
    """What is left where all others are excluded: “not a naevus” of two options."""
    left = tuple(one for one in options if one not in left_out)
    return left if left_out and len(left) == 1 else ()


def _of_the_field(word: str) -> bool:
    return any(one.kind in ("finding", "diagnosis") for one in vocabulary().find(word))
