"""What a question asks of reading models besides its own words: a second opinion, or how sure they are."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from assistant.planning.asides import NAMED_READER
from tools.models.systems.cards import SYSTEMS

SAMPLES = 5
"""Further answers drawn for “how sure is the reader?”. Ours: one dissent in five is told from two."""

_READER = r"(?:reader|reading model|model|radiographer|babydoctor|derm-captioner)s?"
_LEAD = (
    r"(?:(?:can|could) (?:you|i) )?(?:please )?"
    r"(?:ask|let|get|have|give me|with|from|do|what do|i(?:'d| would) (?:like|love|want)|may i have|i want|"
    r"i need|show)?\s*"
)
_BOTH = re.compile(
    rf"\b{_LEAD}(?:(?:the )?(?:opinions? of )?(?:both|two|all|the other|another|each) {_READER}|"
    r"(?:a |for a )?second opinion)\b(?:\s*(?:say|think|answer|read it))?",
    re.I,
)
# The second reader is asked beside the first, so that its word does not stand alone.
_SECOND = re.compile(
    r"\b(?:(?:can|could) (?:you|i) )?(?:please )?(?:ask|let|have|what (?:does|would|did)|according to)\s+"
    r"babydoctor\b(?:,?\s*(?:say|think|answer|see|read it|too|as well|also))*",
    re.I,
)
_SURE = re.compile(
    r"\bhow (?:sure|certain|confident|consistent|reliable) (?:is|are|was|were) "
    rf"(?:the |both |that )?{_READER}\b(?: (?:of|about|in) (?:it|that|this)| itself| themselves)?",
    re.I,
)
_NAMED = re.compile(
    r"\b(?:ask|let|get|have|use|with|from|by|according to|consult|try|what (?:does|would|did|do|says?)|and|"
    r"about)\s+"
    rf"(?:the )?(?P<name>{NAMED_READER})\b",
    re.I,
)
_DEFINE = re.compile(r"\b(?:what (?:is|does|are)|define|meaning of)\b.{0,12}\bsecond opinion", re.I)
_JOINT = re.compile(r"^[\s,;.:!?–-]*(?:(?:and|also|then|please|about|on|whether|if)\b[\s,:]*)*", re.I)
_ABOUT_IMAGE = re.compile(
    r"^\W*(?:it|this|that|them|(?:the |this )?(?:image|picture|one)|img-\d+)?\W*$", re.I
)


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
    joined = re.match(r"^[\s,]*(whether|if|about|on)\b", rest, re.I)
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
