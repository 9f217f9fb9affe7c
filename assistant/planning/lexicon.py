"""Kinds of images that a question names, and whether it is written in English."""

from __future__ import annotations

import re
from functools import cache

from tools.language import modalities
from tools.language.declined import declined
from tools.language.lists import Heard, Patterns, Words, either, read

SAME_MODALITY = {"CR": "DX"}
"""Codes that people do not tell apart: computed and digital radiography are both "an X-ray"."""


def modalities_named(text: str) -> list[str]:
    """Modality codes that a text names."""
    return [code for code, pattern in modalities.asked().items() if pattern.search(text)]


def kind_stated(text: str) -> str | None:
    """The code of the first kind of picture that a text names without denying it: “no CT, an MRI”."""
    found = sorted(
        (match.start(), match.end(), code)
        for code, pattern in modalities.asked().items()
        for match in pattern.finditer(text)
    )
    ends = [0, *(end for _, end, _ in found)]
    stated = (
        code
        for (start, _, code), before in zip(found, ends, strict=False)
        if not declined().denying.search(text[before:start])
    )
    return next(stated, None)


class _Lists(Words):
    foreign: Patterns
    english: Patterns


@cache
def _lists() -> _Lists:
    return read(_Lists, "english")


_FOREIGN, _ENGLISH = Heard(lambda: either(_lists().foreign)), Heard(lambda: either(_lists().english))


def mostly_english(text: str) -> bool:
    """Whether the planner can hope to read a text: Latin letters, few words of other languages."""
    if re.search(r"[¿¡]", text):
        return False
    letters = [c for c in text if c.isalpha()]
    if letters and sum(c.isascii() for c in letters) < 0.7 * len(letters):
        return False
    foreign = _FOREIGN.findall(text)
    return len(foreign) < (2 if _ENGLISH.search(text) else 1)
