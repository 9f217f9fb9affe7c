"""Parts of the body, and places in a picture. The lists: ``anatomy.toml``."""

from __future__ import annotations

from functools import cache

from tools.language.lists import Heard, Patterns, Words, either, read


class _Lists(Words):
    inner: Patterns
    surface: Patterns
    places: Patterns
    regions: Patterns


@cache
def _lists() -> _Lists:
    return read(_Lists, "anatomy")


def inner() -> Patterns:
    """What a radiology image is about, as patterns."""
    return _lists().inner


INNER = Heard(lambda: either(inner()))
"""What a radiology image is about."""
BODY = Heard(lambda: either([*inner(), *_lists().surface]))
"""Any part of the body."""
ANATOMY = Heard(lambda: either([*inner(), *_lists().surface, *_lists().places]))
"""Any part of the body, or place in a picture."""
REGION = Heard(lambda: either(_lists().regions))
"""A part of the body whose images show much besides."""


def stem(word: str) -> str:
    """A word without its ending, so that plural and adjective meet their noun."""
    return word.lower()[:5]
