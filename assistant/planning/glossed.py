"""The chat in the English words that the rules know, where its questions are in another language."""

from __future__ import annotations

from dataclasses import replace

from assistant.planning.clauses import clauses
from assistant.planning.conversation import Conversation
from assistant.planning.corrected import corrected, without_denied
from assistant.planning.words import intent_of
from tools.language.glosses import heard_as
from tools.language.glosses import in_english as in_english_words
from tools.language.sayings import languages

# Ours: a message of so few words may be in another language than its chat; shorter words are in several.
_FEW, _LONG = 2, 5


def in_english(talk: Conversation) -> Conversation:
    """The chat with its questions as rules hear them; what the user wrote stays in `said` and `before`."""
    return replace(
        talk,
        question=_heard(talk.question, talk.language),
        said=talk.question,
        written=_written(talk.question, talk.language),
        before=talk.lately,
        past=tuple(replace(turn, question=_heard(turn.question, talk.language)) for turn in talk.past),
    )


def _written(question: str, language: str) -> dict[str, str]:
    """The clauses as written, by what the rules hear of them, where it can be told which is which."""
    text = corrected(question, language)
    glossed = _in_words_of_the_rules(question, language)
    if glossed == text or without_denied(glossed) != glossed:
        return {}
    ours, theirs = clauses(glossed), clauses(text)
    return dict(zip(ours, theirs, strict=True)) if len(ours) == len(theirs) else {}


def _heard(question: str, language: str) -> str:
    return without_denied(_in_words_of_the_rules(question, language))


def _in_words_of_the_rules(question: str, language: str) -> str:
    """What the rules hear, also of a word or two in another language than the chat's."""
    text = corrected(question, language)
    words = text.split()
    if len(words) > _FEW or max(map(len, words), default=0) < _LONG or intent_of(text)[0] != "unclear":
        return heard_as(text, language)
    glosses = (in_english_words(text, one) for one in dict.fromkeys((language, *languages())))
    return next(filter(None, glosses), text)
