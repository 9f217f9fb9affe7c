"""What is said of a finding besides its name, by axis: how severe, how many, how old, of what shape, where.

The words: ``attributes.toml``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Annotated, Literal

from pydantic import Field

from tools.language.lists import Patterns, Words, read, whole

Axis = Literal[
    "severity", "amount", "age", "shape", "colour", "place", "history", "certainty", "level", "picture"
]
_Groups = Annotated[dict[str, Patterns], Field(min_length=1)]


class _Lists(Words):
    severity: _Groups
    amount: _Groups
    age: _Groups
    shape: _Groups
    colour: _Groups
    place: _Groups
    history: _Groups
    certainty: _Groups
    picture: _Groups
    level: _Groups


_LISTS = read(_Lists, "attributes")
_AXES: dict[str, tuple[Axis, str]] = {
    f"{axis}_{name}": (axis, name)
    for axis in ("picture", "history", "certainty", "severity", "amount", "age", "shape", "colour", "place")
    for name in getattr(_LISTS, axis)
}
_ANY = re.compile(
    r"\b(?:"
    + "|".join(f"(?P<{key}>{'|'.join(getattr(_LISTS, axis)[name])})" for key, (axis, name) in _AXES.items())
    + r")\b",
    re.I,
)
_LEVEL = whole([how for those in _LISTS.level.values() for how in those])


def attributes(text: str) -> Iterator[tuple[Axis, str, int, int]]:
    """Every such word of a text: its axis, its one name, and where it begins and ends."""
    for one in _ANY.finditer(text):
        yield *_AXES[str(one.lastgroup)], *one.span()
    yield from (("level", " ".join(one[0].lower().split()), *one.span()) for one in _LEVEL.finditer(text))


def shapes() -> list[str]:
    """The words for shapes, as patterns."""
    return [how for those in _LISTS.shape.values() for how in those]
