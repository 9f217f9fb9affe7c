"""Which teaching cards an answer holds, by the mark with its title that stands below each."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from tools.language.sayings import anyhow, languages, sayings, was_said
from tools.language.teaching_cards import Card, cards, told_in

_IN_A_QUIZ = ("question", "which", "why_not", "asked_last", "hint_two", "hint_line")
_QUOTED = re.compile("[“„]([^“”„]+)[”“]")


def card_held(text: str) -> Card | None:
    """The first card that an answer holds, whole or in part."""
    return next(_cards_in(text), None)


def card_shortened(text: str) -> Card | None:
    """The card that an answer told in fewer words."""
    found = (one for mark in _marks("teaching.shortened") for one in mark.finditer(text))
    return next((card for one in found if (card := _by_title().get(one["title"]))), None)


def without_cards(text: str) -> str:
    """An answer without its teaching cards and the titles of others, which say nothing of any image."""
    left = "\n\n".join(part for part in text.split("\n\n") if not (card_held(part) or _asks_for_one(part)))
    return _QUOTED.sub(lambda found: "" if found[1] in _by_title() else found[0], left)


def holds_card(text: str, card_id: str) -> bool:
    """Whether an answer holds a card, by its id."""
    return any(one.id == card_id for one in _cards_in(text))


def _cards_in(text: str) -> Iterator[Card]:
    """The cards that a text holds, in any language, by the marks below them."""
    marked = [found for mark in _marks("teaching.mark") for found in mark.finditer(text)]
    for one in sorted(marked, key=lambda found: found.start()):
        if card := _by_title().get(one["title"]):
            yield card


def _asks_for_one(text: str) -> bool:
    """Whether a paragraph asks which card a line stands on, or tells a line of one in a quiz."""
    return any(was_said(f"quiz.{name}", text) for name in _IN_A_QUIZ)


@cache
def _marks(saying: str) -> tuple[re.Pattern[str], ...]:
    return tuple(re.compile(anyhow(sayings(one).texts[saying])) for one in languages())


@cache
def _by_title() -> dict[str, Card]:
    """Cards by their titles in every language."""
    return {(told_in(card, one) or card).title: card for card in cards() for one in languages()}
