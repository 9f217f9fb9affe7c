"""The chat in the English words that the rules know, where its questions are in another language."""

from __future__ import annotations

from dataclasses import replace

from assistant.planning.conversation import Conversation
from assistant.planning.corrected import corrected
from tools.language.glosses import heard_as


def in_english(talk: Conversation) -> Conversation:
    """The chat with its questions as rules hear them; what the user wrote stays in `said` and `before`."""
    return replace(
        talk,
        question=_heard(talk.question, talk.language),
        said=talk.question,
        before=talk.lately,
        past=tuple(replace(turn, question=_heard(turn.question, talk.language)) for turn in talk.past),
    )


def _heard(question: str, language: str) -> str:
    return heard_as(corrected(question, language), language)
