"""Lists of words, read from ``prompts/language`` and checked: no key that nobody knows, no pattern twice.

A list holds patterns (regular expressions) without capturing groups, so that they can be joined. What a
message does not touch is never compiled: Python takes longer to compile all patterns than a turn takes.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from functools import cached_property
from pathlib import Path
from typing import Annotated, Any, TypeVar

import rtoml
from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    ValidationError,
    ValidationInfo,
)

from prompts import words_file
from store.errors import SetupError
from tools.language.needed import Needed, may_hold, needed_by


class Heard:
    """A pattern, case ignored, made when it is first used, and from then on used as `re.Pattern` is."""

    def __init__(self, made: Callable[[], str | re.Pattern[str]], where: str = "a list") -> None:
        """Take it as it will be made.

        Args:
            made: gives the pattern as it is written, or compiled where it has flags of its own.
            where: what is named if it is no regular expression.
        """
        self._made, self._where = made, where

    @cached_property
    def _written(self) -> str | re.Pattern[str]:
        return self._made()

    @cached_property
    def compiled(self) -> re.Pattern[str]:
        """The pattern itself.

        Raises:
            SetupError: it is no regular expression.
        """
        if isinstance(self._written, re.Pattern):
            return self._written
        try:
            return re.compile(self._written, re.I)
        except re.error as error:
            raise SetupError(f"The rules for {self._where} are no regular expression: {error}.") from error

    @property
    def pattern(self) -> str:
        """What it is written as; to ask for that compiles nothing."""
        return self._written if isinstance(self._written, str) else self._written.pattern

    @cached_property
    def _needed(self) -> Needed:
        return needed_by(self._written) if isinstance(self._written, str) else frozenset()

    def _may_be_in(self, text: str) -> bool:
        """Whether it may be in a text, as far as that is known without compiling it."""
        return "compiled" in self.__dict__ or may_hold(text, self._needed)

    def search(self, text: str, *within: int) -> re.Match[str] | None:
        """Its first place in a text."""
        return self.compiled.search(text, *within) if self._may_be_in(text) else None

    def match(self, text: str, *within: int) -> re.Match[str] | None:
        """Itself at the beginning of a text."""
        return self.compiled.match(text, *within) if self._may_be_in(text) else None

    def fullmatch(self, text: str, *within: int) -> re.Match[str] | None:
        """Itself as all of a text."""
        return self.compiled.fullmatch(text, *within) if self._may_be_in(text) else None

    def finditer(self, text: str, *within: int) -> Iterator[re.Match[str]]:
        """Its places in a text."""
        return self.compiled.finditer(text, *within) if self._may_be_in(text) else iter(())

    def findall(self, text: str) -> list[Any]:
        """What is at its places in a text: words, or what its groups hold."""
        return self.compiled.findall(text) if self._may_be_in(text) else []

    def split(self, text: str, maxsplit: int = 0) -> list[str]:
        """A text cut at its places."""
        return self.compiled.split(text, maxsplit) if self._may_be_in(text) else [text]

    def sub(self, by: str | Callable[[re.Match[str]], str], text: str, count: int = 0) -> str:
        """A text with something else at its places."""
        return self.compiled.sub(by, text, count=count) if self._may_be_in(text) else text

    def subn(self, by: str, text: str) -> tuple[str, int]:
        """The same, and how many places there were."""
        return self.compiled.subn(by, text) if self._may_be_in(text) else (text, 0)


EACH = object()
"""As the context of a validation: every pattern is tried by itself. That takes longer than a first answer."""


def _checked(written: str, info: ValidationInfo) -> str:
    if written != written.strip() or not written:
        raise ValueError("a pattern is empty or has blanks around it")
    if info.context is EACH:
        _tried(written)
    return written


def _tried(written: str) -> None:
    try:
        groups = re.compile(written).groups
    except re.error as error:
        raise ValueError(f"{written!r} is no regular expression: {error}") from error
    if groups:
        raise ValueError(f"{written!r} has a group that captures; write (?:…)")
    if re.fullmatch(written, ""):
        raise ValueError(f"{written!r} matches nothing at all, so it matches everywhere")


def _unlike(patterns: tuple[str, ...]) -> tuple[str, ...]:
    if len(set(patterns)) < len(patterns):
        twice = {one for one in patterns if patterns.count(one) > 1}
        raise ValueError(f"twice in one list: {', '.join(sorted(twice))}")
    return patterns


Pattern = Annotated[str, AfterValidator(_checked)]
Patterns = Annotated[tuple[Pattern, ...], Field(min_length=1), AfterValidator(_unlike)]


def _either(written: Any, frame: str, info: ValidationInfo) -> Heard:
    """The patterns as one, in a frame."""
    if not isinstance(written, list) or not written or not all(isinstance(one, str) for one in written):
        raise ValueError("no list of words")
    for one in written:
        _checked(one, info)
    longest_first = sorted(_unlike(tuple(written)), key=len, reverse=True)
    return Heard(lambda: frame.format("|".join(longest_first)))


def _whole(written: Any, info: ValidationInfo) -> Heard:
    return _either(written, r"(?<!\w)(?:{})(?!\w)", info)


def _anywhere(written: Any, info: ValidationInfo) -> Heard:
    return _either(written, "{}", info)


Whole = Annotated[Heard, BeforeValidator(_whole)]
"""A list of patterns as one that matches whole words, the longest first."""
Anywhere = Annotated[Heard, BeforeValidator(_anywhere)]
"""The same, wherever it stands."""


class Words(BaseModel):
    """What a file of words, or a part of one, may hold; each kind of file is a subclass."""

    model_config = ConfigDict(extra="forbid", frozen=True, arbitrary_types_allowed=True)


Kind = TypeVar("Kind", bound=Words)


def read(kind: type[Kind], name: str, folder: str = "language") -> Kind:
    """The file of words called `name` in a folder of ``prompts``.

    Raises:
        SetupError: it is missing, or holds what no file of its kind may hold.
    """
    return read_file(kind, words_file(name, folder))


def read_file(kind: type[Kind], path: Path, context: object = None) -> Kind:
    """A file of words.

    Args:
        kind: what it may hold.
        path: where it is.
        context: `EACH` to try every pattern by itself.

    Raises:
        SetupError: it is missing, or holds what no file of its kind may hold.
    """
    try:
        return kind.model_validate(rtoml.loads(path.read_text(encoding="utf-8")), context=context)
    except OSError as error:
        raise SetupError(f"The words in {path.name} cannot be read. Install Casebook again.") from error
    except ValidationError as error:
        faults = "; ".join(
            f"{'.'.join(map(str, one['loc'])) or 'file'}: {one['msg']}" for one in error.errors()
        )
        raise SetupError(f"The words in {path.name} are not as they should be: {faults}.") from error
    except ValueError as error:
        raise SetupError(f"The words in {path.name} are no TOML: {error}.") from error


def either(patterns: Iterable[str]) -> str:
    """What matches any of the patterns as a whole word, as it is written."""
    return rf"\b(?:{'|'.join(patterns)})\b"


def whole(patterns: Iterable[str]) -> re.Pattern[str]:
    """The same, compiled, case ignored."""
    return re.compile(either(patterns), re.I)
