"""A message that sets right what was asked before it, as the question that is meant.

“I meant size and contrast, not the findings”, “nein, das andere CT”, “no, la segunda”: what is meant takes
the place of the thing of its sort in the question before; else it is the question, or is added to that one.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import chain

from assistant.hearing.harks import harks
from assistant.planning.aside import is_aside
from assistant.planning.card_search import beginnings
from assistant.planning.clauses import clauses
from assistant.planning.conversation import Conversation, PastTurn
from assistant.planning.corrected import in_its_place
from assistant.planning.follow_on import said_whole
from assistant.planning.window_steps import in_numbers
from assistant.planning.words import Intent, intent_of
from tools.language.glosses import heard_as
from tools.language.header_names import names_in
from tools.language.pictures import names_picture
from tools.language.rules import heard

_MEANT, _NO, _DENIED, _APART, _IDLE = (
    heard("set_right", one) for one in ("meant", "no", "denied", "apart", "idle")
)
_NOT_ASKED, _NO_THING, _GENERAL, _OF_SOMEBODY = (
    heard("set_right", one) for one in ("not_asked", "no_thing", "general", "of_somebody")
)
_WINDOW = heard("slices", "window_in_numbers")
_ONLY_IMAGE, _BOTH = heard("reference", "only_image"), heard("reference", "both")
_KIND = "meant"
# Ours, by messages of chats: from here on the ear hears that something is set right.
_ENOUGH = 0.4
# Ours: what is longer, in words, tells a story; what is meant in fewer is no question by itself.
_LONGEST, _FEW, _PICTURE = 24, 6, 2


@dataclass(frozen=True)
class SetRight:
    """What a message says is meant, part by part, and what is not.

    `general` tells that it asks for what is known, and `is_all` that it says nothing besides.
    """

    meant: tuple[str, ...]
    denied: tuple[str, ...]
    general: bool = False

    @property
    def wish(self) -> str:
        """What is meant, in one."""
        return ", ".join(self.meant)


@lru_cache(maxsize=512)
def set_right(message: str, language: str) -> SetRight | None:
    """What a message sets right; None for one that sets nothing right.

    Args:
        message: the user's words.
        language: what they are in, a folder of ``prompts/sayings``.
    """
    if len(message.split()) > _LONGEST or _OF_SOMEBODY.search(message):
        return None
    said = _NOT_ASKED.sub(" ", message)
    parts = [one for one in _APART.split(_NO.sub("", said)) if re.search(r"\w", one)]
    denied = tuple(one for one in parts if _DENIED.search(one))
    told = [one for one in parts if one not in denied]
    if len(told) > 1 and _NO_THING.search(message):
        denied, told = (*denied, told[0]), told[1:]  # “no la foto, la teoría”
    if not (denied or said != message or _MEANT.search(message) or _NO.search(message)):
        return None
    if harks(message, language)[_KIND] < _ENOUGH:
        return None
    meant = [left for one in told if (left := _bare(one)) and re.search(r"\w", left)]
    general = any(_GENERAL.search(one) for one in meant)
    return SetRight(tuple(_without_general(meant)), denied, general)


def _without_general(meant: list[str]) -> list[str]:
    left = (_bare(_GENERAL.sub(" ", one)) for one in meant)
    return [one for one in left if re.search(r"\w{2}", one)]


def _bare(part: str) -> str:
    """A part without the words that say that it is meant."""
    left = re.sub(r"\s+", " ", _MEANT.sub(" ", part)).strip()
    return _IDLE.sub("", _IDLE.sub("", left)).strip()


def as_meant(message: str, before: str, language: str) -> str:
    """A message as the question that it sets right; as it is, where it sets none right.

    Args:
        message: the user's words.
        before: the question before it, itself as it was meant.
        language: what they are in, a folder of ``prompts/sayings``.
    """
    found = set_right(message, language) if before else None
    if found is None or found.general or not found.meant:
        return message
    question, left = before, []
    for one in found.meant:
        placed = _placed(question, one, found, language)
        question = placed or question
        left += [] if placed else [one]
    wish = ", ".join(left)
    if not wish:
        return question
    alone = _stands_alone(wish, language) and not _adds(wish, question, language)
    alone = alone or bool(_ONLY_IMAGE.search(wish) or _BOTH.search(wish))
    return wish if alone else f"{question.rstrip(' ?.!')}, {wish}"


def _placed(question: str, meant: str, found: SetRight, language: str) -> str:
    """The question with what is meant in its place, as it is where it says that; empty without a place."""
    asked, said = beginnings(question, language), beginnings(meant, language)
    new_words = [one for one in meant.split() if not beginnings(one, language) & asked]
    for (start, end), new in chain(*(in_its_place(question, one) for one in (meant, " ".join(new_words)))):
        return question[:start] + new + question[end:]
    if said and said <= asked:
        return question
    if (whole := said_whole(meant, question, language)) != meant:
        return whole
    for one in found.denied:
        for word in _content(one, language):
            if (there := re.search(rf"\b{re.escape(word)}\b", question, re.I)) and len(meant.split()) <= _FEW:
                return (
                    question[: there.start()]
                    + _after(question[: there.start()], meant)
                    + question[there.end() :]
                )
    return ""


def _after(before: str, meant: str) -> str:
    """What is meant without the article that stands there already."""
    first, _, rest = meant.partition(" ")
    return rest if rest and before.casefold().split()[-1:] == [first.casefold()] else meant


def _content(part: str, language: str) -> list[str]:
    """The words of a part that say what it is about."""
    return [one for one in re.findall(r"\w{3,}", part) if beginnings(one, language)]


def _stands_alone(wish: str, language: str) -> bool:
    """Whether what is meant is a question by itself."""
    of_little = {"unclear", "read", "glossary"} if len(wish.split()) <= _FEW else {"unclear"}
    return bool(names_in(wish) or _WINDOW.search(wish) or _asks(wish, language) - of_little)


def _adds(wish: str, question: str, language: str) -> bool:
    """Whether what is meant only says of or in what a question asks: the picture, or what is compared."""
    few = len(wish.split()) <= _PICTURE and not names_in(wish)
    return (few and names_picture(heard_as(wish, language))) or "compare" in _asks(
        question, language
    ) - _asks(wish, language)


def _asks(said: str, language: str) -> set[Intent]:
    return {intent_of(one)[0] for one in clauses(heard_as(said, language))}


def with_meant(talk: Conversation) -> Conversation:
    """The chat with its questions as they were meant, where another that came next set them right."""
    before, meant = "", []
    for n, turn in enumerate((*talk.past, PastTurn(talk.question, talk.attached))):
        alone = turn.attached or in_numbers(turn.question, talk.past[:n]) != turn.question
        question = turn.question if alone else as_meant(turn.question, before, talk.language)
        meant.append(question)
        before = before if is_aside(turn) else question
    past = tuple(replace(turn, question=one) for turn, one in zip(talk.past, meant, strict=False))
    return replace(talk, question=meant[-1], past=past)
