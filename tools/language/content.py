"""The words of a clause that mean something, and the clauses of an answer."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterator
from functools import cache

from tools.language.anatomy import BODY, REGION
from tools.language.lists import Patterns, Words, read
from tools.language.rules import heard


class Answers(Words):
    """What ``answers.toml`` holds."""

    yes: Patterns
    no: Patterns
    no_before: Patterns
    takes_back: Patterns
    short_yes: Patterns
    short_no: Patterns
    short_none: Patterns
    unsure: Patterns
    hedge: Patterns
    existence: Patterns
    scope_ends: Patterns
    small: Patterns
    filler: Patterns
    general: Patterns
    well: Patterns
    amiss: Patterns
    changes: Patterns
    amiss_denied: Patterns
    beside: Patterns
    doubted: Patterns
    doubted_after: Patterns


@cache
def answers() -> Answers:
    """The words of ``answers.toml``."""
    return read(Answers, "answers")


@cache
def _small() -> frozenset[str]:
    return frozenset(answers().small)


@cache
def _general() -> frozenset[str]:
    return frozenset(answers().general)


_WORD = re.compile(r"[a-z][\w-]*", re.I)
# Where a clause ends: a mark, a word of contrast, or “and” before a clause with its own verb.
_CLAUSE = heard("answers", "clause_end")
# Ours: far more characters than clauses have.
_LONGEST = 300
_OPPOSITES = (("left", "right"), ("upper", "lower"), ("anterior", "posterior"), ("medial", "lateral"))
_PLACES = frozenset(word for pair in _OPPOSITES for word in pair)
_CANNOT_SEE, _CAN_SEE = heard("answers", "cannot_see"), heard("answers", "can_see")


def plain(text: str) -> str:
    """A text on one line, without marks of Markdown, in which what can be seen is seen."""
    text = " ".join(re.sub(r"[*`_#]+", "", text.replace("’", "'")).split())
    text = _CANNOT_SEE.sub(lambda found: _seen(found["seen"], "is not", "do not"), text)
    return re.sub(
        r"\bclear of\b", "free of", _CAN_SEE.sub(lambda found: _seen(found["seen"], "is", ""), text)
    )


def _seen(words: str, passive: str, active: str) -> str:
    return f"{passive} {words[3:]}" if words.casefold().startswith("be ") else f"{active} {words}".strip()


def clauses(text: str) -> Iterator[str]:
    """The clauses of an answer; what goes on for too long without a mark is read in pieces."""
    for clause in _CLAUSE.split(text):
        yield from textwrap.wrap(clause, _LONGEST)


def content(text: str) -> list[str]:
    """The words that mean something, in order, without their plural."""
    return [singular(word) for word in _WORD.findall(text.lower()) if word not in _small()]


def places(text: str, words: set[str]) -> Iterator[tuple[int, int]]:
    """Where any of the words is in a text."""
    yield from (one.span() for one in _WORD.finditer(text) if singular(one[0]) in words)


def parts(text: str) -> set[str]:
    """The parts of the body that a text names, without those whose images show much besides."""
    found = (one[0] for one in BODY.finditer(text) if not REGION.fullmatch(one[0]))
    return {singular(one) for one in found}


def topics(text: str) -> set[str]:
    """The words of a text that are neither general nor a part of the body or a side."""
    left = REGION.sub(" ", BODY.sub(" ", text))
    return {word for word in content(left) if word not in _general() and word not in _PLACES}


def elsewhere(clause: str, question: str) -> bool:
    """Whether a clause is about the side that the question is not about."""
    asked, here = set(content(question)), set(content(clause))
    return any(
        (a in asked) != (b in asked) and (a in here) != (b in here) and (a in asked) != (a in here)
        for a, b in _OPPOSITES
    )


def singular(word: str) -> str:
    """A word without its plural."""
    word = word.lower()
    return word[:-1] if len(word) > 3 and word.endswith("s") and not word.endswith("ss") else word
