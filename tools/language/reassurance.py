"""How an answer says that all is well, in whatever words: ``reassurance.toml``.

What is put together of parts needs no list of sentences: something good of what is there ("looks fine"), a
worry denied ("nothing to lose sleep over"), a need of care denied ("no reason to see anybody"), and what
calms by itself ("rest easy").
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Literal

from pydantic import Field

from tools.language.lists import Patterns, Words, read, whole


class _Lists(Words):
    good: Patterns
    good_otherwise: Patterns
    worry: Patterns
    no_worry: Patterns
    care: Patterns
    need: Patterns
    well: Patterns
    calm: Patterns
    whole: Patterns
    technical: Patterns
    no: Patterns
    how: Patterns
    until: Patterns
    is_: Patterns = Field(alias="is")
    well_of: Patterns
    unable: Patterns


_LISTS = read(_Lists, "reassurance")
_GOOD, _WORRY, _CARE, _NEED, _WELL, _CALM, _NO, _HOW, _IS = (
    f"(?:{'|'.join(one)})"
    for one in (
        _LISTS.good,
        _LISTS.worry,
        _LISTS.care,
        _LISTS.need,
        _LISTS.well,
        _LISTS.calm,
        _LISTS.no,
        _LISTS.how,
        _LISTS.is_,
    )
)
# Ours: how many words stand between a denial and what it denies.
_FEW = rf"(?: (?!(?:{'|'.join(_LISTS.until)})\b)[\w’'/-]+){{0,5}}?"
_GOOD_OF = re.compile(
    rf"\b{_IS} (?:{_HOW} ){{0,3}}{_GOOD}\b(?!['’-]| (?:{'|'.join(_LISTS.good_otherwise)})\b)|"
    rf"\b(?:normal|healthy|benign)[- ](?:looking|appearing)\b|"
    rf"\b(?:an? |the )?(?:\w+ly )?(?:{'|'.join(_LISTS.well_of)}) (?:\w+ )?(?:{'|'.join(_LISTS.whole)})\b",
    re.I,
)
_TECHNICAL, _UNABLE = whole(_LISTS.technical), whole(_LISTS.unable)
_NO_WORRY = re.compile(
    rf"\b{_NO}{_FEW} {_WORRY}\b(?! (?:{'|'.join(_LISTS.no_worry)})\b)|\bnothing {_WORRY}\b", re.I
)
_NO_NEED = re.compile(
    rf"\b{_NO}{_FEW} {_NEED}\b{_FEW} {_CARE}\b|"
    rf"\b(?:no|without) (?:\w+ )?{_CARE} (?:is |are |was |be |seems? )?{_NEED}\b|"
    rf"\b(?:needs?|requires?|calls? for|warrants?) no{_FEW} {_CARE}\b|\bno need\b|\bunnecessary\b",
    re.I,
)
_WELLS = re.compile(rf"\b(?:{_WELL})(?!\w)", re.I)
_CALMS = re.compile(rf"\b(?:{_CALM})(?!\w)", re.I)
Reassurance = Literal["well", "calm"]
_HOWS: tuple[tuple[Reassurance, re.Pattern[str]], ...] = (
    ("well", _GOOD_OF),
    ("well", _NO_WORRY),
    ("well", _WELLS),
    ("calm", _NO_NEED),
    ("calm", _CALMS),
)


def reassurances(text: str) -> Iterator[tuple[Reassurance, int, int]]:
    """Where a text says that all is well, or that nobody need do or fear anything."""
    if _TECHNICAL.search(text):
        return
    for name, how in _HOWS:
        yield from ((name, *one.span()) for one in how.finditer(text) if not _UNABLE.match(one[0]))
