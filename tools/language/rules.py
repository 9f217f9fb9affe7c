"""Rules over words, read from ``prompts/hearing``: patterns, with examples of what they hear and do not hear.

A file holds `pieces`, which its patterns name in braces, and `rules` by name; what any of the rows of a name
hears, the name hears. A pattern may also name the pieces that all files share, a name above it in its file,
``{findings}`` or ``{number_word}``. The examples are for readers and tests; no text is matched with them.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from typing import Annotated

from pydantic import Field

from store.errors import SetupError
from tools.language.findings import FINDINGS
from tools.language.lists import Heard, Words, read
from tools.language.number_words import word_numbers

_NAMED = re.compile(r"\{([a-z][a-z_]*)\}")
_FOLDER = "hearing"

_Text = Annotated[str, Field(min_length=1)]
_Name = Annotated[str, Field(pattern=r"^[a-z][a-z_]*$")]


class Rule(Words):
    """One row.

    Attributes:
        says: a regular expression, case ignored, with pieces in braces.
        hears: what it is found in.
        misses: what it is not found in, though it is close; ``not`` in the file.
    """

    says: _Text
    hears: Annotated[tuple[_Text, ...], Field(min_length=1)]
    misses: tuple[_Text, ...] = Field(default=(), alias="not")


class RuleFile(Words):
    """What a file of rules may hold."""

    pieces: dict[_Name, _Text] = Field(default={})
    rules: dict[_Name, Annotated[tuple[Rule, ...], Field(min_length=1)]]


class _Pieces(Words):
    pieces: dict[_Name, _Text]


def heard(file: str, name: str) -> Heard:
    """What a name of a file of rules hears; read and compiled when it is first asked."""
    return Heard(lambda: "|".join(written(file)[name]), f"{name} of {file}.toml")


@cache
def rules(file: str) -> RuleFile:
    """A file of rules as it is written.

    Raises:
        SetupError: it is missing, or holds what no such file may hold.
    """
    return read(RuleFile, file, _FOLDER)


@cache
def written(file: str) -> Mapping[str, tuple[str, ...]]:
    """The patterns of a file by name, row by row, with their pieces filled in.

    Raises:
        SetupError: the file is missing or wrong, or a pattern names a piece that there is not.
    """
    held = rules(file)
    pieces = {**shared(), **held.pieces}
    patterns: dict[str, tuple[str, ...]] = {}
    for name, rows in held.rules.items():
        patterns[name] = tuple(filled(row.says, pieces, file) for row in rows)
        pieces.setdefault(name, "|".join(patterns[name]))
    return patterns


def filled(pattern: str, pieces: Mapping[str, str], file: str) -> str:
    """A pattern with its pieces in place, and theirs in them.

    Raises:
        SetupError: it names a piece that there is not.
    """

    def piece(found: re.Match[str]) -> str:
        if found[1] not in pieces:
            raise SetupError(f"The rules in {file}.toml name {found[0]}, which is no piece.")
        return f"(?:{_NAMED.sub(piece, pieces[found[1]])})"

    return _NAMED.sub(piece, pattern)


@cache
def shared() -> Mapping[str, str]:
    """The pieces that all files share, and those that are lists of their own.

    Raises:
        SetupError: their file is missing or wrong.
    """
    return {
        **read(_Pieces, "pieces", _FOLDER).pieces,
        "findings": FINDINGS.pattern,
        "number_word": "|".join(word_numbers()),
    }
