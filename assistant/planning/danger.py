"""A person in danger: how that is told, and that it is remembered when their next words say less."""

from __future__ import annotations

from typing import TYPE_CHECKING

from assistant.planning.clauses import clauses
from assistant.planning.for_readers import before_options
from assistant.planning.lexicon import mostly_english
from assistant.planning.words import Intent, intent_of
from tools.language.rules import heard

if TYPE_CHECKING:
    from assistant.planning.conversation import Conversation

REMEMBERED = 5
"""Turns after which somebody who spoke of dying may be talking of something else. Ours: rather too long."""

RULED: frozenset[Intent] = frozenset({"danger", "harm", "personal", "identity", "advice"})
"""What rules alone answer, whatever models are set up."""

_OWN, _WHAT_NOW = heard("people", "own"), heard("people", "what_now")
# What a chat goes on with as usual: nobody in danger speaks so.
_OTHER_MATTERS: frozenset[Intent] = frozenset(
    {"harm", "glossary", "privacy", "treat_as", "slice", "classify", "similar", "compare", "quality",
     "tissue", "facts", "header", "what_is", "measure", "rank", "display", "manage", "which_is",
     "total_score"}
)  # fmt: skip
_MAY_GO_ON: frozenset[Intent] = frozenset(
    {"unclear", "textbook", "read", "why", "claim", "disagree", "limit"}
)


def in_danger(talk: Conversation) -> bool:
    """Whether the person who asks spoke of dying, now or lately, and goes on to nothing else."""
    now = [(intent_of(one)[0], one) for one in clauses(talk.question)]
    if any(intent == "danger" for intent, _ in now):
        return True
    return "danger" in _spoken(talk, REMEMBERED) and not any(_is_other(*one, talk) for one in now)


def is_ruled(talk: Conversation) -> bool:
    """Whether rules alone may answer: of danger, harm, somebody's health, care or identity no model is asked.

    What is not English is left to the models: no phrase here is meant for it.
    """
    if in_danger(talk):
        return True
    if not mostly_english(talk.question):
        return False
    asked = before_options(talk.question) or talk.question
    found = [(intent_of(one)[0], one) for one in clauses(asked)]
    return any(intent in RULED or is_personal_still(intent, one, talk) for intent, one in found)


def is_personal_still(intent: Intent, clause: str, talk: Conversation) -> bool:
    """Whether a clause goes on with the complaint that the turn before was about.

    Args:
        intent: what the clause asks for by its own words.
        clause: a part of the question.
        talk: the conversation.
    """
    goes_on = (intent in _MAY_GO_ON and _OWN.search(clause)) or _WHAT_NOW.search(clause)
    return bool(goes_on) and not talk.attached and "personal" in _spoken(talk, 1)


def _is_other(intent: Intent, clause: str, talk: Conversation) -> bool:
    about_a_picture = intent in ("read", "describe") and talk.ids and not _OWN.search(clause)
    return bool(about_a_picture) or intent in _OTHER_MATTERS or bool(talk.attached)


def _spoken(talk: Conversation, turns: int) -> set[Intent]:
    """What the last turns were about by their words."""
    return {intent_of(one)[0] for question in talk.lately[-turns:] for one in clauses(question)}
