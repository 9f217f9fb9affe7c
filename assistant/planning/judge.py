"""What a clause asks for: by the planner's rules, by the trained ear, and who of the two is followed.

The rules know names, numbers and sides; the ear knows how people talk. They err in different places.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import cast, get_args

from assistant.hearing.ear import Heard, hear
from assistant.planning.free_words import labels_of
from assistant.planning.kind_question import kind_question
from assistant.planning.lexicon import modalities_named
from assistant.planning.words import Intent, intent_of

SURE = 0.6
"""From this score on the ear is followed against the rules; 95 of 100 such were right on writers left out."""
CERTAIN = 0.9
"""The same for what it has few examples of, and what depends on the chat: then on this."""
HINT = 0.35
"""From this score on the ear is followed where the rules hear nothing."""

ANSWERED = ("en", "de", "es")
"""Languages that the planner answers in."""

TO_ASK_BACK: tuple[Intent, ...] = (
    "what_is", "describe", "read", "measure", "quality", "facts", "tissue", "similar", "compare", "teach",
    "glossary", "why", "capabilities", "recall",
)  # fmt: skip
"""What somebody who was not understood may be asked whether they meant."""

_NAMES: dict[str, Intent] = {"file_facts": "facts", "none": "unclear"}
# What the rules say more closely than the ear, so that it is no contradiction.
_CLOSER: dict[str, tuple[Intent, ...]] = {
    "file_facts": ("facts", "header"),
    "teach": ("textbook", "teach", "glossary", "photographing", "limit"),
    "read": ("rank",),
    "capabilities": ("reader_quality", "add_cases"),
}
FOLLOWED: tuple[Intent, ...] = (
    "harm", "personal", "advice", "identity", "privacy", "thanks", "capabilities", "treat_as", "slice",
    "rank", "similar", "compare", "quality", "tissue", "facts", "what_is", "glossary", "teach", "why",
    "measure", "describe", "read", "display", "manage", "recall", "unclear", "danger",
    "library",
)  # fmt: skip
"""What people say in so many ways that the ear has many examples of it."""

FIRM: tuple[Intent, ...] = (
    "header", "slice", "treat_as", "rank", "which_is", "sent", "total_score", "skin_tone", "photographing",
    "add_cases", "reader_quality", "privacy", "danger",
)  # fmt: skip
"""What the rules hear by words so much its own that the ear is not asked."""

# What is made of words that nobody understood, because there is a picture.
_LOOSE: tuple[Intent, ...] = ("read", "describe", "unclear")
_KNOWN = frozenset(get_args(Intent))


@dataclass(frozen=True)
class Asked:
    """What a clause asks for.

    Attributes:
        intent: what.
        match: the words of the rule that said so, if it was a rule.
        either: the two likeliest, where neither rules nor ear are sure.
    """

    intent: Intent
    match: re.Match[str] | None = None
    either: tuple[Intent, ...] = ()


def asked(clause: str) -> Asked:
    """What a clause asks for by its own words."""
    ruled, match = intent_of(clause)
    return judged(clause, ruled, match)


def judged(
    clause: str, ruled: Intent, match: re.Match[str] | None = None, *, known: Intent | None = None
) -> Asked:
    """What a clause asks for, after the rules have spoken.

    Args:
        clause: a part of the question.
        ruled: what the rules hear.
        match: the words of the rule.
        known: what the chat around it makes of it, where it tells more than the words.
    """
    settled = known or ruled
    if ruled in FIRM or (settled != ruled and settled not in _LOOSE) or _asks_the_kind(clause):
        return Asked(settled, match)
    heard = hear(clause)
    name, score = heard.best
    said = intent_named(name, heard)
    if said == settled or settled in _CLOSER.get(name, ()) or not _can_be(said, clause):
        return Asked(settled, match)
    if score >= SURE and said in FOLLOWED and not _is_ruled_out(ruled, said, heard):
        return Asked(said)
    if score >= CERTAIN and settled == "unclear":
        return Asked(said)
    if ruled != "unclear":
        return Asked(settled, match)
    return Asked(said) if score >= HINT and said in FOLLOWED else Asked(settled, None, _likeliest(heard))


def _asks_the_kind(clause: str) -> bool:
    """Whether a clause is a yes/no question for nothing but the kind of a picture."""
    question = kind_question(clause)
    return question is not None and question.names and not question.rest


def _likeliest(heard: Heard) -> tuple[Intent, ...]:
    """The two likeliest that a user can be asked back about."""
    named = dict.fromkeys(intent_named(name, heard) for name, _ in heard.intents[:4])
    return tuple(one for one in named if one in TO_ASK_BACK)[:2]


def intent_named(name: str, heard: Heard) -> Intent:
    """The planner's word for what the ear hears; a danger below its threshold is a complaint."""
    if name.startswith("danger"):
        return "danger" if name in heard.alarms else "personal"
    return _NAMES.get(name, cast(Intent, name))


def _can_be(said: Intent, clause: str) -> bool:
    """Whether the clause holds what an intent cannot do without."""
    if said == "treat_as":
        return bool(modalities_named(clause)) and not clause.rstrip().endswith("?")
    if said == "rank":
        return len(labels_of(clause)) > 1
    return said in _KNOWN


def _is_ruled_out(ruled: Intent, said: Intent, heard: Heard) -> bool:
    """Whether the rules are to be believed: they hear of people what the ear does not quite deny."""
    return ruled in heard.alarms or (ruled == "harm" and heard.people["harm"] > 0.02 and said != "danger")
