"""Lists of words, read from ``prompts/language`` and checked: no key that nobody knows, no pattern twice.

A list holds patterns (regular expressions) without capturing groups, so that they can be joined.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from functools import cached_property
from pathlib import Path
from typing import Annotated, Any, TypeVar

import rtoml
from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

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


def _either(written: Any, frame: str) -> re.Pattern[str]:
    """The patterns as one, in a frame; each is looked at by itself only where they are wrong together."""
    if not isinstance(written, list) or not written or not all(isinstance(one, str) for one in written):
        raise ValueError("no list of words")
    longest_first = sorted(_unlike(tuple(written)), key=len, reverse=True)
    try:
        found = re.compile(frame.format("|".join(longest_first)), re.I)
    except re.error:
        found = None
    if found is None or found.groups or found.match("") or any(one != one.strip() for one in written):
        told = [_checked(one) for one in written]
        raise ValueError(f"{' and '.join(told)} are no pattern together")
    return found


def _whole(written: Any) -> re.Pattern[str]:
    return _either(written, r"(?<!\w)(?:{})(?!\w)")


def _anywhere(written: Any) -> re.Pattern[str]:
    return _either(written, "{}")


Whole = Annotated[re.Pattern[str], BeforeValidator(_whole)]
"""A list of patterns as one that matches whole words, the longest first."""
Anywhere = Annotated[re.Pattern[str], BeforeValidator(_anywhere)]
"""The same, wherever it stands."""


class Words(BaseModel):
    """What a file of words, or a part of one, may hold; each kind of file is a subclass."""

    model_config = ConfigDict(extra="forbid", frozen=True)


Kind = TypeVar("Kind", bound=Words)


def read(kind: type[Kind], name: str, folder: str = "language") -> Kind:
    """The file of words called `name` in a folder of ``prompts``.

    Raises:
        SetupError: it is missing, or holds what no file of its kind may hold.
    """
    return read_file(kind, words_file(name, folder))


def read_file(kind: type[Kind], path: Path) -> Kind:
    """A file of words.

    Raises:
        SetupError: it is missing, or holds what no file of its kind may hold.
    """
    try:
        return kind.model_validate(rtoml.loads(path.read_text(encoding="utf-8")))
    except OSError as error:
        raise SetupError(f"The words in {path.name} cannot be read. Install Casebook again.") from error
    except ValidationError as error:
        faults = "; ".join(
            f"{'.'.join(map(str, one['loc'])) or 'file'}: {one['msg']}" for one in error.errors()
        )
        raise SetupError(f"The words in {path.name} are not as they should be: {faults}.") from error
    except ValueError as error:
        raise SetupError(f"The words in {path.name} are no TOML: {error}.") from error


class Heard:
    """A pattern that is made when it is first used, and from then on is used as `re.Pattern` is."""

    def __init__(self, made: Callable[[], re.Pattern[str]]) -> None:
        self._made = made

    @cached_property
    def compiled(self) -> re.Pattern[str]:
        """The pattern itself."""
        return self._made()

    @property
    def pattern(self) -> str:
        """What it is written as."""
        return self.compiled.pattern

    def search(self, text: str, *within: int) -> re.Match[str] | None:
        """Its first place in a text."""
        return self.compiled.search(text, *within)

    def match(self, text: str, *within: int) -> re.Match[str] | None:
        """Itself at the beginning of a text."""
        return self.compiled.match(text, *within)

    def fullmatch(self, text: str, *within: int) -> re.Match[str] | None:
        """Itself as all of a text."""
        return self.compiled.fullmatch(text, *within)

    def finditer(self, text: str, *within: int) -> Iterator[re.Match[str]]:
        """Its places in a text."""
        return self.compiled.finditer(text, *within)

    def findall(self, text: str) -> list[Any]:
        """What is at its places in a text: words, or what its groups hold."""
        return self.compiled.findall(text)

    def split(self, text: str) -> list[str]:
        """A text cut at its places."""
        return self.compiled.split(text)

    def sub(self, by: str | Callable[[re.Match[str]], str], text: str, count: int = 0) -> str:
        """A text with something else at its places."""
        return self.compiled.sub(by, text, count=count)


def whole(patterns: Iterable[str]) -> re.Pattern[str]:
    """What matches any of the patterns as a whole word, case ignored."""
    return re.compile(rf"\b(?:{'|'.join(patterns)})\b", re.I)
