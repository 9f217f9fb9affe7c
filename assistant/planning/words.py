"""What a clause asks for: the first of the intents, in the order of ``order.toml``, that hears it."""

from __future__ import annotations

import re
from collections.abc import Collection
from functools import cache, lru_cache
from typing import Literal

from tools.language.anatomy import INNER
from tools.language.findings import FINDINGS
from tools.language.header_topics import header_asked
from tools.language.lists import Heard, Words, read
from tools.language.rules import heard

Intent = Literal[
    "danger", "harm", "personal", "identity", "thanks", "greeting", "capabilities", "treat_as", "slice",
    "classify", "advice", "similar", "compare", "quality", "tissue", "facts", "header", "what_is", "glossary",
    "why", "measure", "describe", "read", "textbook", "display", "manage", "total_score", "limit",
    "claim", "disagree", "which_is", "rank", "privacy", "photographing", "add_cases", "reader_quality",
    "skin_tone", "sent", "recall", "matches", "declined", "unclear", "teach",
    "library", "for_care", "change_cases", "material", "language", "instructions",
    "level", "over", "talk", "region",
]  # fmt: skip

ELSEWHERE = heard("asides", "elsewhere")
"""Other subjects that people try on an assistant."""
_ABOUT_A_PICTURE = heard("pictures", "about_a_picture")


class Place(Words):
    """An intent, the file of rules that hears it, and how firm those are against the trained ear."""

    intent: Intent
    file: str
    firm: Literal["", "short", "always"] = ""


class _Order(Words):
    order: tuple[Place, ...]


@cache
def order() -> tuple[Place, ...]:
    """The intents in the order in which they are tried."""
    return read(_Order, "order", "hearing").order


@cache
def _ears() -> tuple[tuple[Intent, Heard], ...]:
    return tuple(
        (place.intent, header_asked() if place.intent == "header" else heard(place.file, place.intent))
        for place in order()
    )


@cache
def firm_intents(clause: Literal["short", "always"]) -> frozenset[Intent]:
    """The intents that rules hear by words so much their own that the ear is not asked.

    Args:
        clause: those in short clauses only, or in long ones as well.
    """
    return frozenset(place.intent for place in order() if place.firm == clause)


def intent_of(clause: str, *, without: Collection[Intent] = ()) -> tuple[Intent, re.Match[str] | None]:
    """The intent of one clause, none of those in `without`, and the match that gave it."""
    return _first(clause, tuple(without))


@lru_cache(maxsize=256)
def _first(clause: str, without: tuple[Intent, ...]) -> tuple[Intent, re.Match[str] | None]:
    """The same; a turn asks for a clause more than once, and for those of the turns before it."""
    for intent, ear in _ears():
        match = ear.search(clause) if intent not in without else None
        if match:
            return intent, match
    if FINDINGS.search(clause) or INNER.search(clause) or _ABOUT_A_PICTURE.search(clause):
        return "read", None
    return "unclear", None
