"""How an answer says that all is well, in whatever words: ``reassurance.toml``.

What is put together of parts needs no list of sentences: something good of what is there ("looks fine"), a
worry denied ("nothing to lose sleep over"), a need of care denied ("no reason to see anybody"), and what
calms by itself ("rest easy").
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Literal

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


_LISTS = read(_Lists, "reassurance")
_GOOD, _WORRY, _CARE, _NEED, _WELL, _CALM = (
    "|".join(one) for one in (_LISTS.good, _LISTS.worry, _LISTS.care, _LISTS.need, _LISTS.well, _LISTS.calm)
)
_HOW = r"(?:(?:\w+ly|all|quite|rather|very|so|otherwise|still|just|to be|as|too|pretty|nice and|both|also|again|much|a) ){0,3}"
_NO = r"(?:no|not|nothing|none|never|nor|neither|without|free of|free from|hardly|nobody|little|lack of|zero|absence of|\w+n[’']t)"
_FEW = r"(?: (?!(?:that|but|whether|if|because|so|on|about)\b)[\w’'/-]+){0,5}?"
_IS = r"(?:is|are|was|were|looks?|appears?|seems?|(?<=you)[’']re|(?<=it)[’']s|(?<=that)[’']s|(?<=thing)[’']s|be)"
_GOOD_OF = re.compile(
    rf"\b{_IS} {_HOW}(?:{_GOOD})\b(?!['’-]| (?:{'|'.join(_LISTS.good_otherwise)})\b)|"
    rf"\b(?:normal|healthy|benign)[- ](?:looking|appearing)\b|"
    rf"\b(?:an? |the )?(?:completely |perfectly |entirely |totally |absolutely |clearly )?(?:normal|healthy|harmless|innocent|clear|clean) (?:\w+ )?(?:{'|'.join(_LISTS.whole)})\b",
    re.I,
)
_TECHNICAL = whole(_LISTS.technical)
_UNABLE = re.compile(
    r"(?:can[’']t|cannot|can not|could(?:n[’']t| not)) (?:\w+ )?(?:say|call|tell|judge|rule|know|decide|give)\b",
    re.I,
)
_NO_WORRY = re.compile(
    rf"\b{_NO}{_FEW} (?:{_WORRY})\b(?! (?:{'|'.join(_LISTS.no_worry)})\b)|\bnothing (?:{_WORRY})\b", re.I
)
_NO_NEED = re.compile(
    rf"\b{_NO}{_FEW} (?:{_NEED})\b{_FEW} (?:{_CARE})\b|"
    rf"\b(?:no|without) (?:\w+ )?(?:{_CARE}) (?:is |are |was |be |seems? )?(?:{_NEED})\b|"
    rf"\b(?:needs?|requires?|calls? for|warrants?) no{_FEW} (?:{_CARE})\b|\bno need\b|\bunnecessary\b",
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
