"""What somebody who was not understood is asked back about."""

from __future__ import annotations

from collections.abc import Iterable

from assistant.planning.words import Intent

TO_ASK_BACK: tuple[Intent, ...] = (
    "what_is", "describe", "read", "measure", "quality", "facts", "tissue", "similar", "compare", "teach",
    "glossary", "why", "capabilities", "recall", "library", "rank", "classify", "slice", "treat_as",
    "display", "manage", "privacy",
)  # fmt: skip
"""What somebody who was not understood may be asked whether they meant."""

# What is asked back of an intent that is a narrower one of another.
_NEAREST: dict[Intent, Intent] = {
    "header": "facts", "textbook": "teach", "which_is": "what_is", "total_score": "measure",
    "photographing": "teach", "limit": "teach", "add_cases": "library", "change_cases": "library",
    "material": "teach", "language": "manage", "level": "slice", "reader_quality": "why",
    "skin_tone": "capabilities", "sent": "privacy", "claim": "why", "matches": "similar",
}  # fmt: skip


def nearest(intent: Intent) -> Intent:
    """What an intent is asked back as."""
    return _NEAREST.get(intent, intent)


def two_of(intents: Iterable[Intent]) -> tuple[Intent, ...]:
    """The first two of some intents that somebody can be asked back about."""
    return tuple(dict.fromkeys(one for one in map(nearest, intents) if one in TO_ASK_BACK))[:2]
