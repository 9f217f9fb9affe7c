"""Limits that teaching cards name: asked for after a number, or in general. The list: ``limits.toml``.

A limit is told in the words of its card, with the card's source; no number of an image is held against it.
"""

from __future__ import annotations

import re
from functools import cache

from pydantic import Field

from assistant.planning.conversation import Conversation
from assistant.planning.reference import focus
from assistant.planning.task import Task
from store.records import Domain
from tools.language.lists import Whole, Words, read
from tools.language.rules import heard
from tools.language.teaching_cards import Card, cards, told_in

_ASKED, _DIGIT = heard("talk", "limit"), re.compile(r"\d")
_TOLD = re.compile(r"\d\s?[^\W\d_]")
_MARK = re.compile(r"^(?:\d+\.|-)\s+")


class _Limit(Words):
    card: str
    line: str
    words: Whole
    units: Whole | None = None
    domain: Domain | None = None


class _Limits(Words):
    general: Whole
    limit: tuple[_Limit, ...] = Field(min_length=1)


@cache
def limits() -> _Limits:
    """The limits of ``limits.toml``.

    Raises:
        SetupError: the file is missing, or does not hold what it should.
    """
    return read(_Limits, "limits")


def asks_for_limit(clause: str, talk: Conversation) -> bool:
    """Whether a clause asks for a limit that a card names: “from what size is the appendix too wide?”."""
    asks = limits().general.search(_said(clause, talk)) or _ASKED.search(clause)
    return bool(asks) and _named(clause, talk) is not None


def limit(task: Task, talk: Conversation) -> str:
    """The limit for a number, in the words of the card that names it, or that none is known."""
    found = _named(task.clause, talk) or _of_the_image(task.clause, talk)
    if found is None:
        return talk.say("measures.no_limit")
    card = next(one for one in cards() if one.id == found.card)
    told = told_in(card, talk.language) or card
    line = _MARK.sub("", told.text.splitlines()[_place(card, found)]).strip()
    return talk.say("measures.limit_of_card", title=told.title.rstrip("?"), line=line, source=card.source)


def _said(clause: str, talk: Conversation) -> str:
    """A clause as the user wrote it, with the number before it: “it is 8 mm wide. Is that a lot?”."""
    written = talk.written.get(clause, clause)
    return written if _DIGIT.search(written) else f"{written} {talk.said if _TOLD.search(talk.said) else ''}"


def _named(clause: str, talk: Conversation) -> _Limit | None:
    """The limit whose words, and units where it has some, are in a clause; the longest words count."""
    said = _said(clause, talk)
    fit = [one for one in limits().limit if one.units is None or one.units.search(said)]
    words = [(max((len(match[0]) for match in one.words.finditer(said)), default=0), one) for one in fit]
    most = max((size for size, _ in words), default=0)
    return next((one for size, one in words if size == most), None) if most else None


def _of_the_image(clause: str, talk: Conversation) -> _Limit | None:
    """The limit for a number with its unit alone, by the image that is spoken of: “is 12 mm a lot?”."""
    shown, said = [talk.image(one) for one in focus(talk)], _said(clause, talk)
    fit = (one for one in limits().limit if one.units and one.units.search(said) and _DIGIT.search(said))
    return next((one for one in fit if any(row.domain == one.domain for row in shown)), None)


def _place(card: Card, found: _Limit) -> int:
    """The number of the line that holds a limit; the lines of a card are the same in every language."""
    return next(at for at, line in enumerate(card.text.splitlines()) if re.search(found.line, line))
