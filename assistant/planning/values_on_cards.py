"""One value of the card with the Hounsfield values of tissues: the entries that a question names, not all."""

from __future__ import annotations

import re
from functools import cache

from tools.language.lists import Whole, Words, read
from tools.language.teaching_cards import Card, Told, cards, told_in

HOUNSFIELD = "hounsfield-table"
"""The card, by its id."""
# Ours: who names more of them wants the table.
_MOST = 4
_ENTRY, _VALUE = re.compile(r"(?<=\d)[.;]\s+|;\s+|\n"), re.compile(r"\d")


class _Tissue(Words):
    says: str
    en: str
    de: str
    es: str


class _Tissues(Words):
    whole: Whole
    tissue: tuple[_Tissue, ...]


@cache
def card() -> Card:
    """The card."""
    return next(one for one in cards() if one.id == HOUNSFIELD)


def titled(question: str) -> str:
    """A question that is answered by the card: its title, and what was asked."""
    return f"{card().title}: {question}"


def entries_named(question: str, language: str) -> tuple[str, ...]:
    """The entries of the card, in a language, that a question names; none where it names many or none."""
    held = read(_Tissues, "hounsfield")
    named = [one for one in held.tissue if re.search(rf"\b(?:{one.says})\b", question, re.I)]
    if not 0 < len(named) <= _MOST or held.whole.search(question):
        return ()
    told: Card | Told = told_in(card(), language) or card()
    entries = [one.strip(" -.") for one in _ENTRY.split(told.text) if _VALUE.search(one)]
    wanted = [getattr(one, language, one.en) for one in named]
    return tuple(one for one in entries if any(re.search(words, one, re.I) for words in wanted))
