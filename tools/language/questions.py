"""What kind of answer a question asks for: yes or no, one of the options it names, or any words."""

from __future__ import annotations

import re
from dataclasses import dataclass

_ASKS = re.compile(
    r"^\W*(?:(?:please|say|tell me|and|so|but)\s+)*"
    r"(?:is|are|was|were|does|do|did|has|have|can|could|any|whether|if)(?:n?['’]t)?\b",
    re.I,
)
# “Is there a fracture or a dislocation?” asks whether there is one of them, not which.
_EXISTS = re.compile(r"\b(?:there|any|see|evidence|signs?|or not|show|shows)\b", re.I)
_OPTIONS = re.compile(
    r"\b([\w-]+(?: [\w-]+)?(?:, (?!or\b)[\w-]+(?: [\w-]+)?)*),? or (?:an? |the )?([\w-]+)", re.I
)
_FILLER = frozenset(
    {"a", "an", "the", "is", "are", "was", "were", "it", "this", "that", "on", "in", "of", "be", "does", "do",
     "has", "have", "to", "more"}
)  # fmt: skip


@dataclass(frozen=True)
class Form:
    """What kind of answer a question asks for: its options, or none for an open question."""

    options: tuple[str, ...] = ()
    question: str = ""

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
            return Form(tuple(options), question)
    return Form(("yes", "no") if _ASKS.search(question) else (), question)


def _core(option: str) -> str:
    """An option without the words around it: “is it the left” → “left”."""
    return " ".join(word for word in option.casefold().split() if word not in _FILLER)
