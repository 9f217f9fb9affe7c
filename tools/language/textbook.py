"""Whether a sentence tells of a thing in general or of an image at hand. The words: ``textbook.toml``."""

from __future__ import annotations

import re
from functools import lru_cache

from tools.language.lists import Patterns, Words, read, whole
from tools.language.terms import mentions


class _Lists(Words):
    general: Patterns
    article: Patterns
    defining: Patterns
    at_hand: Patterns


_LISTS = read(_Lists, "textbook")
_GENERAL, _AT_HAND = whole(_LISTS.general), whole(_LISTS.at_hand)
_OPENS = re.compile(rf"[\s>*_“\"-]*(?:(?:{'|'.join(_LISTS.article)}) )?", re.I)
_DEFINES = re.compile(rf"[*_”\"]*(?: \([^)]*\))?[*_”\"]*(?::| (?:{'|'.join(_LISTS.defining)})\b)", re.I)


# "A granuloma is a small knot of …", whatever the term; and what makes it one at hand after all.
_FRAME = re.compile(
    r"\W*(?:in general|generally|normally|as a rule)\b|"
    r"\W*an? [\w-]+(?: [\w-]+){0,3} (?:is|means) (?:an?|the|any|when|where)\b",
    re.I,
)
_ONE = re.compile(r"\bimg-|\byour\b|\breader\b|\bhere\b", re.I)


@lru_cache(maxsize=512)
def is_at_hand(sentence: str) -> bool:
    """Whether a sentence speaks of an image at hand or of what somebody said of it."""
    return _AT_HAND.search(sentence) is not None


@lru_cache(maxsize=512)
def is_general(sentence: str) -> bool:
    """Whether a sentence is true or false whatever image is looked at."""
    if _FRAME.match(sentence):
        return not _ONE.search(sentence)
    if _GENERAL.search(sentence) or _defines(sentence):
        return not is_at_hand(sentence)
    return False


def _defines(sentence: str) -> bool:
    """Whether a sentence begins with a term and goes on to say what it is."""
    opens = _OPENS.match(sentence)
    first = next(mentions(sentence), None)
    at = opens.end() if opens else 0
    return first is not None and first.start <= at and bool(_DEFINES.match(sentence, first.end))


def is_frame(sentence: str) -> bool:
    """Whether a sentence says at its beginning that it tells of things in general."""
    return bool(_FRAME.match(sentence)) and not _ONE.search(sentence)
