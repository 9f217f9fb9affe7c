"""Who a sentence says has said it: models, people and papers, the file. The words: ``speakers.toml``."""

from __future__ import annotations

import re
from collections.abc import Iterator

from tools.language.lists import Patterns, Words, read, whole


class _Lists(Words):
    models: Patterns
    others: Patterns
    says: Patterns
    said_by: Patterns
    joined: Patterns
    not_said: Patterns
    header: Patterns
    pixels: Patterns


_LISTS = read(_Lists, "speakers")
MODEL = whole(_LISTS.models)
"""A model that reads, by its name."""
HEADER = whole(_LISTS.header)
"""Where a text says that a file says it."""
PIXELS = whole(_LISTS.pixels)
"""Where a text says that it was worked out of the picture."""
_OTHERS, _SAYS, _SAID_BY = ("|".join(one) for one in (_LISTS.others, _LISTS.says, _LISTS.said_by))
_WHO = (
    rf"(?:(?:the|an?|your|two|both|our|another|my|all|several|independent|other) )*(?:[\w-]+ )?(?:{_OTHERS})"
)
_QUOTING = re.compile(
    rf"\b(?P<before>{_WHO})(?:[’']s?)? (?:(?!not\b|n[’']t)[\w-]+ ){{0,2}}?(?:{_SAYS})\b|"
    rf"\b(?:{_SAID_BY}) (?:by |on |in |at |with |from |through )?(?P<after>{_WHO})\b|"
    rf"\b(?P<joined>{'|'.join(_LISTS.joined)})\b",
    re.I,
)
_NOT_SAID = re.compile(rf"\b(?:{'|'.join(_LISTS.not_said)})\b", re.I)
_MODEL_SAYS = re.compile(
    rf"\b(?:according to|per|by|from)(?: the)? (?P<after>{'|'.join(_LISTS.models)})\b|"
    rf"\b(?P<before>{'|'.join(_LISTS.models)})(?:[’']s?)?"
    rf"(?::| (?:(?!not\b|n[’']t)[\w-]+ ){{0,3}}?(?:{_SAYS}|reading|words|view))\b",
    re.I,
)
# Ours: how far before it a word can make it no statement.
_BACK = 40


def quoted_others(sentence: str) -> Iterator[tuple[str, int, int]]:
    """Who that says nothing in a chat is said to have said something; and where."""
    for one in _QUOTING.finditer(sentence):
        around = re.split(r"[;:.,]", sentence[max(0, one.start() - _BACK) : one.start()])[-1] + one[0]
        if not _NOT_SAID.search(around):
            yield one["before"] or one["after"] or one["joined"], *one.span()


def quoted_models(sentence: str) -> Iterator[tuple[str, int, int]]:
    """Which reading model is said to have said something; and where its name is."""
    for one in _MODEL_SAYS.finditer(sentence):
        name = "after" if one["after"] else "before"
        around = re.split(r"[;:.,]", sentence[max(0, one.start() - _BACK) : one.start()])[-1] + one[0]
        if not _NOT_SAID.search(around):
            yield one[name], *one.span(name)
