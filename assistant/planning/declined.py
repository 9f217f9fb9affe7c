"""What the user does not want done: “don't measure it”, “no comparison”, “describe it without measuring”.

Such a wish is taken out of the question before anything else is made of it, and its tools are not called.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from assistant.hearing.undone import undone
from assistant.planning.words import Intent
from tools.language.declined import Declined, declined
from tools.language.rules import heard

_PARTS = heard("questions", "parts")


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
    ruled, found, unsaid = _by_rule(question, words)
    kept = []
    for part in words.apart.split(ruled):
        heard = undone(part) if re.search(r"\w", part) else frozenset()
        found |= heard
        kept += [] if heard else [part]
        unsaid += part if heard else ""
    if not found:
        return Wanted(question)
    left = " ".join(kept)
    left = re.sub(r"^[\s,;:.!–—-]+|(?:[\s,;:.–—-]|\b(?:and|but)\s*$)+$", "", left)
    idle = not re.search(r"\w", words.idle.sub(" ", left))
    return Wanted("" if idle else left, frozenset(found), unsaid)


def _by_rule(question: str, words: Declined) -> tuple[str, set[str], str]:
    """The question without what the rules hear is not wanted, what that is, and its words."""
    left, found, unsaid, at = question, set[str](), "", 0
    while place := _next(left, at, words):
        start, end = place
        named = _deeds(left[start:end], words)
        if not named:
            at = start + 1
            continue
        found |= named
        unsaid += left[start:end]
        left, at = f"{left[:start]} {left[end:]}", start
    return left, found, unsaid


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


def _begins(clause: str, pattern: re.Pattern[str]) -> bool:
    """Whether a clause begins with one of the words, an “and” or a greeting aside."""
    return re.match(rf"\W*(?:\w+,? ){{0,3}}?{pattern.pattern}", clause, re.I) is not None


def _next(text: str, at: int, words: Declined) -> tuple[int, int] | None:
    """Where the next wish begins that something be left undone, and where it ends."""
    for match in _taking_back().finditer(text, at):
        if match["order"] and not _may_begin(text[: match.start()], words):
            continue
        end = words.until.search(text, match.end())
        return match.start(), end.start() if end else len(text)
    return None


def _may_begin(before: str, words: Declined) -> bool:
    """Whether an order may begin after these words."""
    if re.search(r"(?:^|[,;:.!?\n–—-])\s*$", before):
        return True
    return any(match.end() == len(before.rstrip()) for match in words.after.finditer(before))


@lru_cache(maxsize=1)
def _taking_back() -> re.Pattern[str]:
    """What takes back a deed or a thing, with the deed or thing itself."""
    words = declined()
    between = rf"(?:\s+(?:{words.between.pattern}))*\s+"
    verbs, nouns = _either(words.verbs), _either(words.nouns)
    return re.compile(
        rf"(?P<order>{words.before.pattern}){between}(?:{verbs}|{nouns})|"
        rf"(?:{words.anywhere.pattern}){between}(?:{verbs}|{nouns})|"
        rf"(?:{words.before_noun.pattern}){between}(?:{nouns})",
        re.I,
    )


def _either(patterns: Mapping[str, re.Pattern[str]]) -> str:
    return "|".join(pattern.pattern for pattern in patterns.values())


def _deeds(wish: str, words: Declined) -> set[str]:
    tables = (words.verbs, words.nouns)
    return {name for table in tables for name, pattern in table.items() if pattern.search(wish)}
