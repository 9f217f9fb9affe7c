"""What the user does not want done: “don't measure it”, “no comparison”, “describe it without measuring”.

Such a wish is taken out of the question before anything else is made of it, and its tools are not called.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from functools import lru_cache

from assistant.hearing.undone import undone
from assistant.planning.task import Task
from assistant.planning.words import Intent
from tools.language.declined import declined
from tools.language.findings import FINDINGS
from tools.language.lists import Heard
from tools.language.rules import heard

_ASPECT = heard("measures", "aspect")
_PARTS, _SUFFICES = heard("questions", "parts"), heard("questions", "suffices")


@dataclass(frozen=True)
class Wanted:
    """A question without what is not wanted.

    Attributes:
        left: the rest of the question; empty if nothing was asked besides.
        declined: what is not wanted, as ``prompts/undone`` calls it: an intent, a reader or an opinion.
        unsaid: the words that say so.
    """

    left: str
    declined: frozenset[str] = frozenset()
    unsaid: str = ""


@lru_cache(maxsize=64)
def wanted(question: str) -> Wanted:
    """The question without the wishes that something be left undone."""
    words = declined()
    said = [part for part in words.apart.split(question) if re.search(r"\w", part)]
    parts = [(part, frozenset[str]() if _SUFFICES.search(part) else undone(part)) for part in said]
    found = frozenset[str]().union(*(heard for _, heard in parts))
    if not found:
        return Wanted(question)
    left = " ".join(part for part, heard in parts if not heard)
    left = re.sub(r"^[\s,;:.!–—-]+|(?:[\s,;:.–—-]|\b(?:and|but)\s*$)+$", "", left)
    idle = not re.search(r"\w", words.idle.sub(" ", left))
    unsaid = " ".join(part for part, heard in parts if heard)
    return Wanted("" if idle else left, found, unsaid)


def is_order(intent: Intent, clause: str, match: re.Match[str]) -> bool:
    """Whether a clause with the words of an order that changes the chat is that order, and no denial of it.

    Args:
        intent: to take an image for something, or to show a slice.
        clause: a part of the question.
        match: the words that name it.
    """
    words, before = declined(), _PARTS.split(clause[: match.start()])[-1]
    if intent == "slice":
        # A slice is asked for in many ways; what denies it stands before it in its part of the sentence.
        return not words.denying.search(before) and not _begins(clause, words.past)
    asks = clause.rstrip().endswith("?") and not _begins(clause, words.polite)
    lead = re.fullmatch(rf"\W*(?:(?:{words.lead.pattern}|{words.polite.pattern})[\s,:]*)*", before, re.I)
    return not asks and not words.denying.search(match[0]) and lead is not None


def _begins(clause: str, pattern: Heard) -> bool:
    """Whether a clause begins with one of the words, an “and” or a greeting aside."""
    return re.match(rf"\W*(?:\w+,? ){{0,3}}?{pattern.pattern}", clause, re.I) is not None


def without_unwanted(task: Task, want: Wanted) -> Task:
    """A task without what is not wanted: neither done by another name nor offered."""
    if _is_taken_back(task, want):
        return replace(task, intent="describe")
    return replace(task, either=tuple(one for one in task.either if one not in want.declined))


def _is_taken_back(task: Task, want: Wanted) -> bool:
    """Whether what is not wanted would be done by another name: “no diagnosis; what do you see?”."""
    if task.intent not in want.declined & {"read", "measure"}:
        return False
    measured = _ASPECT.search(want.unsaid) or declined().measuring.search(task.clause)
    return not (FINDINGS.search(task.clause) if task.intent == "read" else measured)
