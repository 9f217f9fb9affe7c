"""What a text says of a picture or person beyond findings: that nothing is wrong, colours, focus, tone, sex.

The words are rules in ``observed.toml``, where a name is a group, a stroke and one of its kind. "Normal" is a
word of every day, so alone it is read only where it is said of something.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from tools.language.lists import Heard
from tools.language.rules import compiled, heard, written

# Ours: a sentence with this many of the six colours lists those that the rule knows.
_LISTING = 5
SAYS_WELL = heard("observed", "says_well")
"""What somebody says who finds nothing wrong; others may then be said to find nothing wrong."""


@dataclass(frozen=True)
class Observed:
    """One such thing; `name` is one of its group: well, colour, quality, tone or sex."""

    group: str
    name: str


@cache
def _named() -> dict[str, tuple[str, ...]]:
    return {name: rows for name, rows in written("observed").items() if "/" in name}


@cache
def _kinds() -> tuple[tuple[Observed, Heard], ...]:
    return tuple((Observed(*name.split("/")), heard("observed", name)) for name in _named())


_ANY = Heard(lambda: compiled("|".join(row for rows in _named().values() for row in rows), "observed.toml"))


def observed(text: str) -> Iterator[tuple[Observed, int, int]]:
    """Everything of the kind in a text, and where it begins and ends."""
    if not _ANY.search(text):
        return
    found = [(what, *one.span()) for what, how in _kinds() for one in how.finditer(text)]
    lists_all = len({what.name for what, _, _ in found if what.group == "colour"}) >= _LISTING
    yield from (one for one in found if not (lists_all and one[0].group == "colour"))
