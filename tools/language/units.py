"""Units, numbers in words, and what numbers count. The lists: ``numbers.toml``."""

from __future__ import annotations

import re
from functools import cache, lru_cache
from typing import Annotated

from pydantic import Field

from tools.language.lists import Heard, Patterns, Words, read

_Named = Annotated[dict[str, Patterns], Field(min_length=1)]


class _Lists(Words):
    units: _Named
    counted: _Named
    sizes: Annotated[dict[str, dict[str, Annotated[float, Field(gt=0)]]], Field(min_length=1)]


@cache
def _lists() -> _Lists:
    return read(_Lists, "numbers")


@cache
def _units() -> dict[str, str]:
    return {name: "|".join(how) for name, how in _lists().units.items()}


def unit() -> str:
    """A unit as it is written, as a pattern."""
    return "|".join(f"(?:{how})" for how in _units().values())


def _counted() -> re.Pattern[str]:
    each = (f"(?P<{name}>{'|'.join(how)})" for name, how in _lists().counted.items())
    return re.compile("|".join(each), re.I)


COUNTED = Heard(_counted)
"""What numbers count besides findings; the group that matched is its one name."""


@lru_cache(maxsize=256)
def unit_name(text: str) -> str:
    """The one name of a unit as it is written; empty for what is none."""
    return next((name for name, how in _units().items() if re.fullmatch(how, text, re.I)), "")


@lru_cache(maxsize=256)
def in_unit(value: float, unit: str, wanted: str) -> float | None:
    """A value in another unit of the same sort; None where the two are of no one sort."""
    if unit == wanted:
        return value
    sizes = next((one for one in _lists().sizes.values() if unit in one and wanted in one), None)
    return value * sizes[unit] / sizes[wanted] if sizes else None
