"""Parts of the body, and places in a picture. The lists: ``anatomy.toml``."""

from __future__ import annotations

from tools.language.lists import Patterns, Words, read, whole


class _Lists(Words):
    inner: Patterns
    surface: Patterns
    places: Patterns
    regions: Patterns


_LISTS = read(_Lists, "anatomy")
INNER_PATTERNS = _LISTS.inner
INNER = whole(_LISTS.inner)
"""What a radiology image is about."""
BODY = whole([*_LISTS.inner, *_LISTS.surface])
"""Any part of the body."""
ANATOMY = whole([*_LISTS.inner, *_LISTS.surface, *_LISTS.places])
"""Any part of the body, or place in a picture."""
REGION = whole(_LISTS.regions)
"""A part of the body whose images show much besides."""


def stem(word: str) -> str:
    """A word without its ending, so that plural and adjective meet their noun."""
    return word.lower()[:5]
