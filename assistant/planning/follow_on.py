"""A message that leans on the question before it, said whole: “and the spleen?”, “und 12 mm?”, “¿y en RM?”.

What it names takes the place of the thing of its sort that was asked about last; what says only where to
look, or in which kind of picture, is added to the question where there was nothing of its sort.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from assistant.planning.aside import is_aside
from assistant.planning.card_search import beginnings
from assistant.planning.clauses import clauses
from assistant.planning.conversation import Conversation
from tools.language.glosses import named
from tools.language.rules import heard
from tools.language.sayings import FIRST
from tools.language.terms import FOUND
from tools.language.vocabulary import Kind, vocabulary

_JOINS, _IDLE = heard("follow_on", "joins"), heard("follow_on", "idle")
_OF_WHAT_WAS_NAMED, _STANDS_FOR = heard("follow_on", "of_what_was_named"), heard("follow_on", "stands_for")
_AND = heard("follow_on", "and")
_IN_GENERAL = heard("going_on", "in_general")
_WHERE, _AS_WELL = heard("follow_on", "where"), heard("follow_on", "as_well")
_PATTERNS = {"anatomy": heard("follow_on", "part"), "number": heard("follow_on", "number")}
# Where one looks, and in which kind of picture: what may be added to a question that named none.
_PLACES = ("anatomy", "modality", "view")
_FINDING = "finding"
_TOPICS = (_FINDING, "view", "score")
# Ours: what was asked longer ago is no more what is talked about.
_REMEMBERED = 3
_MARKS = " ?!.,;¿¡"
# Ours: what is longer stands by itself; what only names another thing is shorter.
_LONGEST, _SHORT = 14, 8
# What the sorts of the vocabulary have in common with none of the others stays out: “wide” is no thing.
_SORTS: dict[Kind, str] = {
    **dict.fromkeys(FOUND, _FINDING),
    **{one: one for one in ("anatomy", "modality", "view", "sequence", "measure", "score", "unit", "word")},
}


@dataclass(frozen=True)
class _Thing:
    """What a text names at ``start:end``, and which sort of thing it is."""

    sort: str
    start: int
    end: int


@lru_cache(maxsize=512)
def said_whole(message: str, before: str, language: str) -> str:
    """A message with what it leaves to the question before it; as it is, where it stands by itself.

    Args:
        message: the user's words.
        before: the question before it, itself said whole.
        language: what they are in, a folder of ``prompts/sayings``.
    """
    words = len(message.split())
    if not before or words > _LONGEST:
        return message
    if _OF_WHAT_WAS_NAMED.search(message):
        return _with_its_name(message, before, language)
    if words > _SHORT or _IN_GENERAL.search(message):
        return message
    things = _alone(message, language)
    if not things or (things[0].sort == _FINDING and not goes_on(message)):
        return message
    for question in reversed(clauses(before)):
        if whole := _put_in(question, message, things, language):
            return whole
    return message


def joins(message: str) -> bool:
    """Whether a message begins as one that goes on: “and the spleen?”."""
    return _JOINS.match(message) is not None


def is_as_well(message: str) -> bool:
    """Whether a message asks the same of another thing: “auch im Liegen?”."""
    return _AS_WELL.search(message) is not None


def topics(clause: str, talk: Conversation) -> Iterator[str]:
    """What the last questions were about, the newest first: the findings, views and scores that they name.

    A clause that names one itself leaves none to them.
    """
    if any(matter_of(clause, language) for language in (FIRST, talk.language)):
        return
    for turn in [one for one in reversed(talk.past) if not is_aside(one)][:_REMEMBERED]:
        for language in dict.fromkeys((FIRST, talk.language)):
            if (said := matter_of(turn.question, language)) and beginnings(said, talk.language):
                yield said
                break


def matter_of(question: str, language: str) -> str:
    """The finding that a question names last, else the views or scores that it names; empty without one."""
    things = [*_apart(one for one in _named(question, language) if one.sort in _TOPICS)]
    found = [one for one in things if one.sort == _FINDING][-1:]
    return " or ".join(question[one.start : one.end] for one in found or things)


def _with_its_name(message: str, before: str, language: str) -> str:
    """“How would it look?” after a finding was asked about, with its name; as it is, where it names one."""
    pronoun = _STANDS_FOR.search(message) if language == FIRST else None
    names_one = any(one.sort in _TOPICS for one in _named(message, language))
    topic = matter_of(before, language)
    if not topic or (names_one and not pronoun):
        return message
    start, end = pronoun.span() if pronoun else (len(message.rstrip(_MARKS)),) * 2
    return f"{message[:start]}{'' if pronoun else ' '}{topic}{message[end:]}"


def goes_on(message: str) -> bool:
    """Whether a message asks on; one that only names something may tell or answer it."""
    return message.rstrip().endswith("?") or _JOINS.match(message) is not None


def _alone(message: str, language: str) -> list[_Thing]:
    """The things that a message names, if it says nothing else."""
    things = [*_apart(_named(message, language))]
    rest, at = [], 0
    for one in things:
        rest.append(message[at : one.start])
        at = one.end
    left = " ".join([*rest, message[at:]])
    return [] if re.search(r"\w", _IDLE.sub(" ", _JOINS.sub(" ", left))) else things


def _put_in(question: str, message: str, things: Sequence[_Thing], language: str) -> str:
    """The question with all of the things in their places; empty where one has none."""
    for one in things:
        said = message[one.start : one.end]
        there = [*_apart(old for old in _named(question, language) if old.sort == one.sort)]
        if there:
            question = f"{question[: _run_start(question, there)]}{said}{question[there[-1].end :]}"
        elif one.sort in _PLACES and len(things) == 1 and _WHERE.search(message):
            asked = question.rstrip(_MARKS)
            return f"{asked} {_JOINS.sub('', message, count=1).strip(_MARKS)}{question[len(asked) :]}"
        else:
            return ""
    return question


def _run_start(question: str, there: Sequence[_Thing]) -> int:
    """Where the things of one sort that a question names last begin: “air and fat” are asked together."""
    start = there[-1].start
    for before, after in zip(there[-2::-1], there[:0:-1], strict=True):
        if _AND.sub("", question[before.end : after.start]).strip(_MARKS):
            break
        start = before.start
    return start


def _named(text: str, language: str) -> Iterator[_Thing]:
    """What a text names; a thing may lie inside another."""
    for sort, pattern in _PATTERNS.items():
        yield from (_Thing(sort, *one.span()) for one in pattern.finditer(text))
    for start, end, term in named(text, language):
        sorts = {_SORTS[one.kind] for one in vocabulary().find(term) if one.kind in _SORTS}
        if len(sorts) == 1:
            yield _Thing(sorts.pop(), start, end)


def _apart(things: Iterable[_Thing]) -> Iterator[_Thing]:
    """The longest things in order, so that none overlaps another."""
    at = 0
    for one in sorted(things, key=lambda one: (one.start, -one.end)):
        if one.start >= at:
            at = one.end
            yield one
