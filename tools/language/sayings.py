"""Every sentence that Casebook says itself, from ``prompts/sayings``: a folder of files for each language.

A file holds sentences on one subject, such as ``quality.toml``; `say` names one by file and key, as in
``quality.sound``, and fills its fields. ``language.toml`` tells how the language writes numbers. English is
the measure: every language has its sentences, with the fields that they have there.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from string import Formatter
from typing import Annotated, Any

from pydantic import AfterValidator, ConfigDict, Field

from prompts import SAYINGS
from store.errors import SetupError
from tools.language.lists import Words, read_file

FIRST = "en"
"""The language that the others are held against."""
_PARSED = Formatter()


def fields(text: str) -> frozenset[str]:
    """The names of a sentence's fields.

    Raises:
        ValueError: one is no name.
    """
    names = {name for _, name, _, _ in _PARSED.parse(text) if name is not None}
    if odd := [name for name in names if not re.fullmatch(r"[a-z_]+", name)]:
        raise ValueError(f"the field {{{odd[0]}}} is no name in lower case")
    return frozenset(names)


def _tidy(text: str) -> str:
    if text != text.strip() or not text:
        raise ValueError("a sentence is empty or has blanks around it")
    fields(text)
    return text


class _Sentences(Words):
    """A file of sentences by their keys."""

    model_config = ConfigDict(extra="allow", frozen=True)
    __pydantic_extra__: dict[str, Annotated[str, AfterValidator(_tidy)]]


class _Numbers(Words):
    """How a language writes numbers and quotations."""

    decimal: Annotated[str, Field(min_length=1, max_length=1)]
    thousands: Annotated[str, Field(min_length=1, max_length=1)]
    quotes: Annotated[str, Field(min_length=2, max_length=2)]


@dataclass(frozen=True)
class Sayings:
    """The sentences of one language by their names, their fields, its marks in numbers and of quotations."""

    texts: Mapping[str, str]
    fields: Mapping[str, frozenset[str]]
    marks: Mapping[int, str]
    quotes: Mapping[int, str]

    def fill(self, name: str, values: Mapping[str, object]) -> str:
        """The sentence `name` with its fields filled in.

        Raises:
            ValueError: there is no such sentence, or it has other fields than these.
        """
        if name not in self.texts:
            raise ValueError(f"There is no saying {name!r}.")
        if odd := sorted(self.fields[name] ^ set(values)):
            raise ValueError(f"{name}: the field {odd[0]!r} is missing or unknown.")
        return _Filling(self.marks).vformat(self.texts[name], (), values)


class _Filling(Formatter):
    """Fills fields; numbers are written as the language writes them."""

    def __init__(self, marks: Mapping[int, str]) -> None:
        self._marks = marks

    def format_field(self, value: Any, format_spec: str) -> str:
        said: str = super().format_field(value, format_spec)
        return said.translate(self._marks) if isinstance(value, int | float) else said


def say(name: str, /, language: str = FIRST, **fields: object) -> str:
    """A sentence of Casebook's own in a language.

    Args:
        name: file and key, as in ``quality.sound``.
        language: the folder that it is in.
        fields: what the sentence names in braces; numbers as numbers.

    Raises:
        ValueError: there is no such language or sentence, or it has other fields than these.
    """
    return sayings(language).fill(name, fields)


@dataclass(frozen=True)
class Saying:
    """A sentence that is chosen before it is known which language it will be said in.

    Attributes:
        name: file and key, as in ``quality.sound``.
        fields: what the sentence names in braces; one that is a row of sayings is said with it.
    """

    name: str
    fields: Mapping[str, str | tuple[Saying, ...]]

    def words(self, language: str) -> str:
        """The sentence in a language."""
        held = {
            name: one if isinstance(one, str) else "; ".join(part.words(language) for part in one)
            for name, one in self.fields.items()
        }
        return say(self.name, language, **held)


def word(group: str, key: str, language: str = FIRST) -> str:
    """What a thing is called, as in ``parts`` and ``chest``; the key itself where it has no saying."""
    return sayings(language).texts.get(f"{group}.{key}", key)


def in_a_row(names: Sequence[str], language: str = FIRST, *, by: str = "and") -> str:
    """Names in a row: “a”, “a and b”, “a, b and c”.

    Args:
        names: at least one.
        language: of the word between the last two.
        by: that word's key: ``and`` or ``or``.
    """
    if len(names) < 2:
        return "".join(names)
    return say(f"row.{by}", language, before=", ".join(names[:-1]), last=names[-1])


def was_said(name: str, text: str, **fields: str) -> bool:
    """Whether a text holds a sentence, in any language: with these words in its fields, any in the others."""
    return any(_stands_in(text, sayings(language).texts[name], fields) for language in languages())


def _stands_in(text: str, sentence: str, fields: Mapping[str, str]) -> bool:
    """Whether what a sentence holds beside its open fields stands in a text, one piece after the other."""
    at, piece = 0, ""
    for before, field in (*_pieces(sentence), ("", "")):
        piece += before
        if field in fields:
            piece += fields[field]
            continue
        found = text.find(piece, at)
        if found < 0:
            return False
        at, piece = found + len(piece), ""
    return True


@cache
def _pieces(sentence: str) -> tuple[tuple[str, str], ...]:
    """A sentence as words, each with the field behind it or with none."""
    return tuple((before, field or "") for before, field, _, _ in _PARSED.parse(sentence))


def offered(text: str, language: str) -> str | None:
    """What a question that Casebook offers in a language is in English; None if it does not offer it."""
    asked = text.strip(" ?.!¿¡")
    offers = [one for one in sayings(language).texts.items() if one[0].startswith("offers.")]
    for name, sentence in sorted(offers, key=lambda one: -len(one[1])):
        if found := re.fullmatch(anyhow(sentence.strip(" ?.!¿¡")), asked, re.I):
            return sayings(FIRST).fill(name, found.groupdict())
    return None


@cache
def languages() -> tuple[str, ...]:
    """The languages that there are sayings in."""
    return tuple(sorted(path.name for path in SAYINGS.iterdir() if (path / "language.toml").is_file()))


@cache
def sayings(language: str) -> Sayings:
    """The sentences of a language.

    Raises:
        ValueError: there is no such language.
        SetupError: its files do not hold what they should; the text says where.
    """
    if language not in languages():
        raise ValueError(f"There are no sayings in {language!r}, only in {', '.join(languages())}.")
    found = read_sayings(SAYINGS / language)
    if language != FIRST:
        _hold_against(sayings(FIRST), found, language)
    return found


def read_sayings(folder: Path) -> Sayings:
    """Check what the files of a folder hold and make sayings of it.

    Raises:
        SetupError: a file is no TOML, or holds something else than sentences with named fields.
    """
    numbers = read_file(_Numbers, folder / "language.toml")
    texts = {
        f"{path.stem}.{key}": text
        for path in sorted(folder.glob("*.toml"))
        if path.stem != "language"
        for key, text in (read_file(_Sentences, path).model_extra or {}).items()
    }
    return Sayings(
        texts,
        {name: fields(text) for name, text in texts.items()},
        str.maketrans({".": numbers.decimal, ",": numbers.thousands}),
        str.maketrans(dict(zip("“”", numbers.quotes, strict=True))),
    )


def _hold_against(first: Sayings, other: Sayings, language: str) -> None:
    """Refuse a language with other sentences than the first, or with other fields in one."""
    if odd := sorted(set(first.texts) ^ set(other.texts)):
        raise SetupError(f"{language}: {odd[0]!r} is missing or unknown.")
    for name, fields in first.fields.items():
        if odd := sorted(fields ^ other.fields[name]):
            raise SetupError(f"{language}: {name}: the field {odd[0]!r} is missing or unknown.")


def anyhow(sentence: str) -> str:
    """A pattern of a sentence; what its fields hold has their names."""
    return "".join(
        re.escape(before) + (f"(?P<{field}>.+?)" if field else "") for before, field in _pieces(sentence)
    )
