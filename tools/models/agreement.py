"""Whether answers agree: exactly where the question allows it, not at all where it does not.

Yes/no questions and questions that name their options have answers that can be compared by rule, and so have
answers of a few words. Free text is never scored: it is shown side by side.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

SHORT_WORDS = 6
"""Longest answer that is compared word by word. Ours: a diagnosis or a place is named in fewer."""

_ASKS = re.compile(
    r"^\W*(?:(?:please|say|tell me|and|so|but)\s+)*"
    r"(?:is|are|was|were|does|do|did|has|have|can|could|any|whether|if)\b",
    re.I,
)
# “Is there a fracture or a dislocation?” asks whether there is one of them, not which.
_EXISTS = re.compile(r"\b(?:there|any|see|evidence|signs?|or not|show|shows)\b", re.I)
_OPTIONS = re.compile(
    r"\b([\w-]+(?: [\w-]+)?(?:, (?!or\b)[\w-]+(?: [\w-]+)?)*),? or (?:an? |the )?([\w-]+)", re.I
)
_YES = re.compile(r"^\W*yes\b", re.I)
_NO = re.compile(r"^\W*no\b", re.I)
_ABSENT = re.compile(
    r"\bno (?:\w+ ){0,3}(?:is |are )?(?:seen|visible|present|identified|evidence|signs?)\b|"
    r"\bthere (?:is|are) (?:no|not)\b|\bnot (?:seen|visible|present|identified)\b|\babsent\b",
    re.I,
)
_PRESENT = re.compile(r"\b(?:there (?:is|are)|(?:is|are) (?:seen|visible|present))\b", re.I)
_NEGATION = re.compile(r"\b(?:no|not|nor|neither|without|rather than|instead of|unlikely)\b", re.I)
_FILLER = frozenset(
    {"a", "an", "the", "is", "are", "was", "were", "it", "this", "that", "on", "in", "of", "be", "does", "do",
     "has", "have", "to", "more"}
)  # fmt: skip


@dataclass(frozen=True)
class Form:
    """What kind of answer a question asks for: its options, or none for an open question."""

    options: tuple[str, ...] = ()

    @property
    def is_open(self) -> bool:
        """Whether any words can be the answer."""
        return not self.options


def form_of(question: str) -> Form:
    """The options of a question: those it names (“left or right?”), yes and no, or none."""
    named = None if _EXISTS.search(question) else _OPTIONS.search(question)
    if named:
        options = [_core(option) for option in (*named[1].split(", "), named[2])]
        if all(options) and len(set(options)) == len(options):
            return Form(tuple(options))
    return Form(("yes", "no")) if _ASKS.search(question) else Form()


def answer_of(text: str, form: Form) -> str | None:
    """What an answer comes to, in a word; None where rules cannot tell."""
    if form.options == ("yes", "no"):
        return _yes_or_no(text)
    if form.options:
        found = [option for option in form.options if _names(text, option)]
        return found[0] if len(found) == 1 and not _NEGATION.search(text) else None
    words = re.findall(r"[\w'-]+", text.casefold())
    return " ".join(words) if 0 < len(words) <= SHORT_WORDS else None


@dataclass(frozen=True)
class Agreement:
    """How often a reader gave the same answer again.

    Attributes:
        answer: what its answer comes to; None where rules cannot tell.
        same: how many of the further answers come to the same.
        samples: how many further answers there are.
    """

    answer: str | None
    same: int
    samples: int

    @property
    def share(self) -> float | None:
        """Share of further answers that agree, in [0, 1]; None where they cannot be compared."""
        return None if self.answer is None or not self.samples else self.same / self.samples


def agreement(question: str, first: str, others: Sequence[str]) -> Agreement:
    """How many of `others` agree with `first`. An answer that cannot be understood does not agree."""
    form = form_of(question)
    answer = answer_of(first, form)
    same = sum(answer_of(other, form) == answer for other in others) if answer is not None else 0
    return Agreement(answer, same, len(others))


def _yes_or_no(text: str) -> str | None:
    for pattern, answer in ((_YES, "yes"), (_NO, "no")):
        if pattern.search(text):
            return answer
    rest, denied = _ABSENT.subn("", text)
    if denied:
        return None if _PRESENT.search(rest) else "no"
    return "yes" if _PRESENT.search(text) and not _NEGATION.search(text) else None


def _names(text: str, option: str) -> bool:
    return re.search(rf"(?<!\w){re.escape(option)}(?!\w)", text.casefold()) is not None


def _core(option: str) -> str:
    """An option without the words around it: “is it the left” → “left”."""
    return " ".join(word for word in option.casefold().split() if word not in _FILLER)
