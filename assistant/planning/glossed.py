"""The chat in the English words that the rules know, where its questions are in another language."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import lru_cache

from assistant.planning.aside import is_aside
from assistant.planning.clauses import clauses
from assistant.planning.conversation import Conversation, PastTurn
from assistant.planning.corrected import corrected, without_denied
from assistant.planning.follow_on import joins, said_whole
from assistant.planning.library import TOOLS
from assistant.planning.openings import without_opening
from assistant.planning.polite import at_length
from assistant.planning.set_right import with_meant
from assistant.planning.window_steps import in_numbers
from assistant.planning.words import intent_of
from tools.language.glosses import heard_as
from tools.language.glosses import in_english as in_english_words
from tools.language.sayings import FIRST, languages
from tools.language.spelling import as_spelt

# Ours: a message of so few words may be in another language than its chat; shorter words are in several.
_FEW, _LONG = 2, 5
# Ours: what was asked longer ago is no more what is talked about.
_REMEMBERED = 3


def in_english(talk: Conversation) -> Conversation:
    """The chat with its questions as rules hear them: said whole where they lean on others, and as meant.

    What the user wrote stays in `said`, unless it set another question right, and in `before`.
    """
    meant = with_meant(_without_openings(talk))
    *before, (question, heard) = _whole(meant)
    return replace(
        talk,
        question=heard,
        said=meant.question,
        typed=talk.question,
        written=_written(question, heard, talk.language),
        before=talk.lately,
        past=tuple(replace(turn, question=told) for turn, (_, told) in zip(talk.past, before, strict=True)),
    )


def _without_openings(talk: Conversation) -> Conversation:
    past = tuple(replace(turn, question=_plainly(turn.question, talk.language)) for turn in talk.past)
    return replace(talk, question=_plainly(talk.question, talk.language), past=past)


def _plainly(question: str, language: str) -> str:
    return without_opening(as_spelt(question, language), language)


def alone(part: str, talk: Conversation) -> Conversation:
    """The chat with one part of its question as the whole of it.

    Args:
        part: the words of the user.
        talk: the conversation.
    """
    question = _heard(part, talk.language)
    return replace(talk, question=question, said=part, written=_written(part, question, talk.language))


def _whole(talk: Conversation) -> list[tuple[str, str]]:
    """The questions of a chat said whole, the last one too: as they were written, and as rules hear them."""
    told: list[tuple[str, str]] = []
    bases: list[tuple[str, str]] = []
    quizzed = False
    for n, turn in enumerate((*talk.past, PastTurn(talk.question, talk.attached))):
        alone = turn.attached or quizzed
        if not alone and (numbers := in_numbers(turn.question, talk.past[:n])) != turn.question:
            told.append((numbers, numbers))  # what comes next leans on the window that was named before
            continue
        quizzed = any(one.tool == TOOLS["quiz"] for one in turn.results)
        if not alone and is_aside(turn):
            told.append((turn.question, _heard(turn.question, talk.language)))
            continue  # what comes next leans on what was asked before
        whole = _leaning(at_length(turn.question), () if alone else bases, talk.language)
        bases.append(whole)
        told.append(whole)
    return told


def _leaning(question: str, bases: Sequence[tuple[str, str]], language: str) -> tuple[str, str]:
    """A question said whole: it leans on the last, or on one before it where it finds no place."""
    asked = question, _heard(question, language)
    for written, heard in reversed(bases[-_REMEMBERED:] if joins(question) else bases[-1:]):
        whole = said_whole(question, written, language)
        ours = _heard(whole, language) if whole != question else said_whole(asked[1], heard, FIRST)
        if (whole, ours) != asked:
            return whole, ours
    return asked


def _written(question: str, heard: str, language: str) -> dict[str, str]:
    """The clauses as written, by what the rules hear of them, where it can be told which is which."""
    text = corrected(question, language)
    if heard == text or _in_words_of_the_rules(question, language) != heard:
        return {}
    ours, theirs = clauses(heard), clauses(text)
    return dict(zip(ours, theirs, strict=True)) if len(ours) == len(theirs) else {}


@lru_cache(maxsize=256)  # the questions before are heard again with every question
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
