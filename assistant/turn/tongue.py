"""The language of an answer: that of its question, where Casebook speaks it."""

from __future__ import annotations

import re
from collections.abc import Callable

from assistant.hearing.ear import hear
from assistant.planning.tongue import language_of, without_names
from tools.language.sayings import FIRST, languages

# Abbreviations are the same in every language.
_ABBREVIATED = re.compile(r"\W*(?:(?:[b-df-hj-np-tv-xz]{2,5}|[A-Z]{2,5}|m?A|mAs|kVp?)\W*){1,3}", re.A)
# Ours: below this a message of names and numbers, such as “img-2?”, may be in any language.
_CLEARLY = 0.8


def answered_in(question: str, before: Callable[[], str]) -> str:
    """The language to answer in, a folder of ``prompts/sayings``.

    Args:
        question: the user's words.
        before: tells the language of the answer before, for a question that shows none of its own.
    """
    if _ABBREVIATED.fullmatch(question):
        return before()
    spoken = language_of(question)
    if spoken != FIRST:
        return spoken if spoken in languages() else FIRST
    return FIRST if dict(hear(without_names(question)).languages)[FIRST] >= _CLEARLY else before()
