"""Shares in words: “a third of the picture”, “twice as long”. The words: ``fractions.toml``."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Annotated

from pydantic import Field

from tools.language.lists import Patterns, Words, read


class _Lists(Words):
    tops: Annotated[dict[str, Patterns], Field(min_length=1)]
    bottoms: Annotated[dict[str, Patterns], Field(min_length=1)]


_LISTS = read(_Lists, "fractions")
_TOPS = {f"n{n}": int(n) for n in _LISTS.tops}
_BOTTOMS = {f"d{n}": int(n) for n in _LISTS.bottoms}
_SHARE = re.compile(
    r"\b(?:(?:"
    + "|".join(f"(?P<n{n}>{'|'.join(how)})" for n, how in _LISTS.tops.items())
    + r")[- ])?(?:"
    + "|".join(f"(?P<d{n}>{'|'.join(how)})" for n, how in _LISTS.bottoms.items())
    + r") (?:of|the|its|as)\b",
    re.I,
)


def shares(text: str) -> Iterator[tuple[float, int, int]]:
    """Every share in words: how much it is of one, and where it begins and ends."""
    for one in _SHARE.finditer(text):
        top = next((n for name, n in _TOPS.items() if one[name]), 1)
        bottom = next(n for name, n in _BOTTOMS.items() if one[name])
        yield top / bottom, *one.span()
