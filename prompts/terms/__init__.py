"""The words of the field as data: read from the TOML files beside this, checked when they are read."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

_EMPTY = ("words", "lead", "tags", "pointing", "open", "verbs", "things", "denying")
_LISTS = (
    "before",
    "after",
    "anywhere",
    "before_noun",
    "between",
    "until",
    "idle",
    "lead",
    "polite",
    "denying",
    "past",
)


@dataclass(frozen=True)
class Part:
    """A part of the body: how it is named, and the larger parts that it is a piece of."""

    pattern: re.Pattern[str]
    within: frozenset[str]


@dataclass(frozen=True)
class Kinds:
    """Words for what is known of a picture without reading it (``kinds.toml``).

    Attributes:
        modalities: by DICOM code.
        domains: radiology, dermatology, and medical for both.
        parts: of the body.
        finer: what asks for a kind of picture more closely than it is known.
        empty: words that ask for nothing, by what they do in a question.
    """

    modalities: Mapping[str, re.Pattern[str]]
    domains: Mapping[str, re.Pattern[str]]
    parts: Mapping[str, Part]
    finer: Mapping[str, re.Pattern[str]]
    empty: Mapping[str, re.Pattern[str]]


@dataclass(frozen=True)
class Declined:
    """How people say what they do not want done (``declined.toml``).

    Attributes:
        before: what takes a deed back where an order may begin.
        after: what such an order may begin after, besides a mark or nothing.
        anywhere: what takes a deed back anywhere.
        before_noun: what takes a thing back.
        between: what may stand between either and the deed.
        until: where such a wish ends.
        idle: what is left of a wish that asked for nothing else.
        lead: what an order that changes the chat may begin with.
        polite: the same as a question.
        denying: what makes it no order.
        past: what makes it a question about what was done.
        verbs: deeds by the names of their intents, or a reader, or a second opinion.
        nouns: the same as things.
    """

    before: re.Pattern[str]
    after: re.Pattern[str]
    anywhere: re.Pattern[str]
    before_noun: re.Pattern[str]
    between: re.Pattern[str]
    until: re.Pattern[str]
    idle: re.Pattern[str]
    lead: re.Pattern[str]
    polite: re.Pattern[str]
    denying: re.Pattern[str]
    past: re.Pattern[str]
    verbs: Mapping[str, re.Pattern[str]]
    nouns: Mapping[str, re.Pattern[str]]


@cache
def kinds() -> Kinds:
    """The words of ``kinds.toml``.

    Raises:
        ValueError: the file does not hold what it should; the text says where.
    """
    return read_kinds(_read("kinds"))


@cache
def declined() -> Declined:
    """The words of ``declined.toml``.

    Raises:
        ValueError: the file does not hold what it should; the text says where.
    """
    return read_declined(_read("declined"))


def read_kinds(data: Mapping[str, Any]) -> Kinds:
    """Check what a file holds and make patterns of it.

    Raises:
        ValueError: a table or a word is missing, unknown or no pattern.
    """
    _only(data, ("modalities", "domains", "parts", "finer", "empty"), "kinds")
    _only(data["empty"], _EMPTY, "empty")
    for name, part in data["parts"].items():
        _only(part, ("words", "within"), f"parts.{name}", optional=("within",))
        unknown = [other for other in part.get("within", ()) if other not in data["parts"]]
        if unknown:
            raise ValueError(f"parts.{name} is within {unknown[0]!r}, which is no part.")
    return Kinds(
        modalities=_patterns(data["modalities"], "modalities"),
        domains=_patterns(data["domains"], "domains"),
        parts={
            name: Part(_pattern(part["words"], f"parts.{name}"), frozenset(part.get("within", ())))
            for name, part in data["parts"].items()
        },
        finer=_patterns(data["finer"], "finer"),
        empty=_patterns(data["empty"], "empty"),
    )


def read_declined(data: Mapping[str, Any]) -> Declined:
    """Check what a file holds and make patterns of it.

    Raises:
        ValueError: a table or a word is missing, unknown or no pattern.
    """
    _only(data, (*_LISTS, "verbs", "nouns"), "declined")
    return Declined(
        **{name: _pattern(data[name], name, whole=name != "until") for name in _LISTS},
        verbs=_patterns(data["verbs"], "verbs"),
        nouns=_patterns(data["nouns"], "nouns"),
    )


def _read(name: str) -> Mapping[str, Any]:
    return tomllib.loads((Path(__file__).parent / f"{name}.toml").read_text(encoding="utf-8"))


def _only(
    table: Mapping[str, Any], names: Iterable[str], where: str, *, optional: Iterable[str] = ()
) -> None:
    """Refuse a table with another key than these, or without one of them."""
    expected = set(names)
    odd = sorted((set(table) - expected) | (expected - set(optional) - set(table)))
    if odd:
        raise ValueError(
            f"{where}: {odd[0]!r} is missing or unknown. Expected: {', '.join(sorted(expected))}."
        )


def _patterns(table: Mapping[str, Any], where: str) -> dict[str, re.Pattern[str]]:
    return {name: _pattern(words, f"{where}.{name}") for name, words in table.items()}


def _pattern(words: Any, where: str, *, whole: bool = True) -> re.Pattern[str]:
    if not isinstance(words, list) or not words or not all(isinstance(word, str) and word for word in words):
        raise ValueError(f"{where} is no list of words.")
    either = "|".join(sorted(words, key=len, reverse=True))
    try:
        return re.compile(rf"(?<!\w)(?:{either})(?!\w)" if whole else f"(?:{either})", re.I)
    except re.error as error:
        raise ValueError(f"{where} holds a word that is no pattern: {error}.") from error
