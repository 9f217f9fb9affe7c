"""What a message wants in a quiz: by rules where they know its words, else by an ear.

“keine ahnung”, “easy mode pls”, “why is it not b then”, “5 más del mismo tema”, “i meant b”.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from assistant.hearing.ear import hear
from assistant.hearing.quiz_moves import quiz_moves
from assistant.planning.conversation import Conversation
from assistant.planning.polite import is_polite
from assistant.planning.set_right import set_right
from tools.language.anatomy import BODY
from tools.language.glossary import meant
from tools.language.modalities import MODALITY
from tools.language.quiz import asks_of_another, lettered, marked, option_in, said_in_quiz, worded
from tools.language.rules import heard
from tools.language.terms import mentions

OTHER_MATTER = "none"
"""The kind of the ear that is no move in a quiz."""
_REVEAL, _NOT_YET = "reveal", heard("card_quiz", "not_yet")
# Ours: from here on the ear is believed; where a message sounds like an alarm, names something of the field
# or is long, it has to be surer.
_ENOUGH, _SURE = 0.25, 0.6
_LONG = 12
# What is asked of an open question alone, and of an answered one.
_OF_OPEN, _OF_ANSWERED = frozenset({"unsure", "hint", "answer"}), frozenset({"right"})
# In what an answer to an open question may be heard.
_MAY_ANSWER = ("answer", "correct", "unsure", "right")
# What names things of the field by itself.
_NAMING = ("answer", "correct", "other", "more", "why_not")
# Kinds that words of an answer are heard in too: “between the first and the last”, “the first letter?”.
_OVER_ANSWERS = ("unsure", "hint", "why_not", "level", "more", "other", "explain", "reveal")
# Ours: so surely one of them is meant, and no option.
_CLEARLY, _OF_IT = 0.5, 0.5
# Ours: so few words after a question that are no question answer it, if nothing else is heard in them.
_FEW = 4
# What is said of a quiz with another matter in between.
_OF_THE_WHOLE = ("next", "repeat", "score", "stop", "more", "other")
# What rules and ear call by different names.
_SAME = {"subject": "other", "meant": "correct"}


@dataclass(frozen=True)
class Move:
    """What somebody wants in a quiz: a kind of the ear or of the rules, and the option that they name."""

    kind: str
    option: str = ""


def words_of(talk: Conversation) -> str:
    """The message as it was written, unless other words of it are looked at alone."""
    right = bool(talk.typed) and set_right(talk.typed, talk.language) is not None
    return talk.typed if right else talk.said or talk.question


def by_rule(said: str, options: Sequence[str], *, is_open: bool) -> Move | None:
    """The move that rules know; None where they know none.

    Args:
        said: the message.
        options: those of the last question.
        is_open: whether it waits for its answer.
    """
    found = said_in_quiz(said, options if is_open else ())
    return Move(_SAME.get(found.move, found.move), found.option) if found else None


def move_in_quiz(
    talk: Conversation, options: Sequence[str], *, is_open: bool, surely: bool = False
) -> Move | None:
    """What a message wants right after an answer of a quiz; None where it is about something else.

    Args:
        talk: the conversation.
        options: those of the last question.
        is_open: whether it waits for its answer.
        surely: only what is surely meant so, as another matter came between.
    """
    said = words_of(talk)
    known = by_rule(said, options, is_open=is_open)
    if not (known or is_open) and meant(talk.question):
        return None  # “by the way, what is TE again?”
    kind, score = _heard(said, talk.language, is_open=is_open, surely=surely)
    if known and known.kind == "answer":
        return Move(kind) if kind in _OVER_ANSWERS and score >= _CLEARLY else known
    if known and known.kind not in ("unclear", "begin"):
        return known
    if surely and not known:
        return _of_kind(kind, said, options) if kind in _OF_THE_WHOLE else None
    if is_open and (option := _answered(kind, said, options, talk)):
        return Move("answer", option)
    return _of_kind(kind, said, options) if kind != OTHER_MATTER else _unclear(known, said, talk, is_open)


def _unclear(known: Move | None, said: str, talk: Conversation, is_open: bool) -> Move | None:
    """An answer that names no option: by the rules, or by a few words that say nothing else."""
    if known:
        return known if known.kind == "unclear" else None
    return Move("unclear") if is_open and _is_short(said, talk) else None


def _answered(kind: str, said: str, options: Sequence[str], talk: Conversation) -> str:
    """The option that answers an open question: that is meant, leaned to, or named in few words."""
    if asks_of_another(said):
        return ""
    if kind in _MAY_ANSWER:
        return (lettered if kind == "unsure" else option_in)(said, options)
    if kind != OTHER_MATTER:
        return ""
    return worded(said, options, whole=True) or (marked(said, options) if _is_short(said, talk) else "")


def _of_kind(kind: str, said: str, options: Sequence[str]) -> Move | None:
    option = option_in(said, options)
    return Move("unclear") if kind == "answer" else Move(kind, option)


def _heard(said: str, language: str, *, is_open: bool, surely: bool) -> tuple[str, float]:
    """The kind of the ear and its score; of another matter where it is not sure enough."""
    scores = quiz_moves(said, language)
    apart = _OF_ANSWERED if is_open else _OF_OPEN
    kind = max(scores.keys() - apart, key=lambda one: scores[one])
    names = kind not in _NAMING and (any(mentions(said)) or MODALITY.search(said) or BODY.search(said))
    careful = surely or names or hear(said).alarms or len(said.split()) > _LONG
    if kind == _REVEAL and _NOT_YET.search(said):
        return OTHER_MATTER, 1.0
    sure = scores[kind] >= (_SURE if careful else _ENOUGH)
    return (kind, scores[kind]) if sure else (OTHER_MATTER, 1.0)


def _is_short(said: str, talk: Conversation) -> bool:
    """Whether a few words ask nothing and sound like nothing else, so that they were meant for an answer."""
    if len(said.split()) > _FEW or said.rstrip().endswith("?") or is_polite(said) or asks_of_another(said):
        return False
    return any(mentions(said)) or quiz_moves(said, talk.language)[OTHER_MATTER] < _OF_IT
