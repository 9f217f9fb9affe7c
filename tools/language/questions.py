"""What kind of answer a question asks for: yes or no, one of the options it names, or any words."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from tools.language.content import answers
from tools.language.rules import heard

_ASKS = heard("answers", "asks")
# “Is there a fracture or a dislocation?” asks whether there is one of them, not which.
_EXISTS = heard("answers", "exists")
_OPTIONS = heard("answers", "options")


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


@cache
def _filler() -> frozenset[str]:
    return frozenset(answers().filler)


def _core(option: str) -> str:
    """An option without the words around it: “is it the left” → “left”."""
    return " ".join(word for word in option.casefold().split() if word not in _filler())
