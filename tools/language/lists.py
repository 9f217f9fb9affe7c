"""Lists of words, read from ``prompts/language`` and checked: no key that nobody knows, no pattern twice.

A list holds patterns (regular expressions) without capturing groups, so that they can be joined.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable
from pathlib import Path
from typing import Annotated, TypeVar

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError

from prompts import words_file
from store.errors import SetupError


def _checked(written: str) -> str:
    if written != written.strip() or not written:
        raise ValueError("a pattern is empty or has blanks around it")
    try:
        groups = re.compile(written).groups
    except re.error as error:
        raise ValueError(f"{written!r} is no regular expression: {error}") from error
    if groups:
        raise ValueError(f"{written!r} has a group that captures; write (?:…)")
    if re.fullmatch(written, ""):
        raise ValueError(f"{written!r} matches nothing at all, so it matches everywhere")
    return written


def _unlike(patterns: tuple[str, ...]) -> tuple[str, ...]:
    twice = {one for one in patterns if patterns.count(one) > 1}
    if twice:
        raise ValueError(f"twice in one list: {', '.join(sorted(twice))}")
    return patterns


Pattern = Annotated[str, AfterValidator(_checked)]
Patterns = Annotated[tuple[Pattern, ...], Field(min_length=1), AfterValidator(_unlike)]


class Words(BaseModel):
    """What a file of words, or a part of one, may hold; each kind of file is a subclass."""

    model_config = ConfigDict(extra="forbid", frozen=True)


Kind = TypeVar("Kind", bound=Words)


def read(kind: type[Kind], name: str) -> Kind:
    """The file of words called `name`.

    Raises:
        SetupError: it is missing, or holds what no file of its kind may hold.
    """
    return read_file(kind, words_file(name))


def read_file(kind: type[Kind], path: Path) -> Kind:
    """A file of words.

    Raises:
        SetupError: it is missing, or holds what no file of its kind may hold.
    """
    try:
        return kind.model_validate(tomllib.loads(path.read_text(encoding="utf-8")))
    except OSError as error:
        raise SetupError(f"The words in {path.name} cannot be read. Install Casebook again.") from error
    except ValidationError as error:
        faults = "; ".join(
            f"{'.'.join(map(str, one['loc'])) or 'file'}: {one['msg']}" for one in error.errors()
        )
        raise SetupError(f"The words in {path.name} are not as they should be: {faults}.") from error
    except ValueError as error:
        raise SetupError(f"The words in {path.name} are no TOML: {error}.") from error


def whole(patterns: Iterable[str]) -> re.Pattern[str]:
    """What matches any of the patterns as a whole word, case ignored."""
    return re.compile(rf"\b(?:{'|'.join(patterns)})\b", re.I)
