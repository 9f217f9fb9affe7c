"""Whether answers agree: exactly where the question allows it, not at all where it does not.

Yes/no questions and questions that name their options have answers that can be compared by rule, and so have
answers of a few words. Free text is never scored: it is shown side by side.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from tools.language.options import option_in_words
from tools.language.questions import Form, form_of
from tools.language.yes_no import parse_yes_no

SHORT_WORDS = 6
"""Longest answer that is compared word by word. Ours: a diagnosis or a place is named in fewer."""


def answer_of(text: str, form: Form) -> str | None:
    """What an answer comes to, in a word; None where rules cannot tell."""
    if form.options == ("yes", "no"):
        return parse_yes_no(text, form.question)
    if form.options:
        return option_in_words(text, {option: option for option in form.options})
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
