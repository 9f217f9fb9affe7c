"""What a question asks of reading models besides its own words: a second opinion, or how sure they are."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from tools.language.rules import heard
from tools.models.systems.cards import SYSTEMS

SAMPLES = 5
"""Further answers drawn for “how sure is the reader?”. Ours: one dissent in five is told from two."""

_BOTH = heard("readers", "both")
# The second reader is asked beside the first, so that its word does not stand alone.
_SECOND = heard("readers", "second")
_SURE = heard("readers", "sure")
_NAMED = heard("readers", "named")
_DEFINE = heard("readers", "define")
_JOINT, _JOINED = heard("readers", "joint"), heard("readers", "joined")
_ABOUT_IMAGE = heard("readers", "about_image")


@dataclass(frozen=True)
class Wish:
    """What is asked of the readers.

    Attributes:
        question: what to ask them; empty when nothing was asked yet.
        where: what is left of the user's words, which may name an image.
        both: ask every reader there is.
        sure: draw further answers.
    """

    question: str
    where: str
    both: bool
    sure: bool

    @property
    def args(self) -> dict[str, bool | int]:
        """The same as arguments of a reading tool."""
        both: dict[str, bool | int] = {"second_opinion": True} if self.both else {}
        return both | ({"samples": SAMPLES} if self.sure else {})


def reading_wish(question: str, asked_before: Sequence[str]) -> Wish | None:
    """The wish in `question`, or None if there is none.

    Args:
        question: the user's words.
        asked_before: earlier questions to a reader; the last is repeated by a question that is only a wish.
    """
    both, sure = _BOTH.search(question) or _SECOND.search(question), _SURE.search(question)
    if not (both or sure) or _DEFINE.search(question):
        return None
    rest = _SURE.sub(" ", _BOTH.sub(" ", _SECOND.sub(" ", question)))
    joined = _JOINED.match(rest)
    left = re.sub(r"\s+[.?!\s]*$", "", _JOINT.sub("", rest)).strip(" ,;")
    ask = left
    if not re.search(r"\w", left) or _ABOUT_IMAGE.match(left):
        ask = asked_before[-1] if asked_before else ""
    elif joined:
        ask = ("Say whether " if joined[1].lower() in ("whether", "if") else "What about ") + left
    return Wish(ask, left, both is not None, sure is not None)


def named_reader(clause: str) -> str | None:
    """The reader that a clause wants asked by name: “ask the radiographer”."""
    found = _NAMED.search(clause)
    return found["name"].lower() if found else None


def of_another_kind(clause: str, domain: str) -> bool:
    """Whether the reader that a clause names reads other images than those of `domain`."""
    return (name := named_reader(clause)) is not None and SYSTEMS[name].domain != domain
