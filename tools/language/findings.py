"""Findings and diagnoses, each under one name: how answers claim them, and how questions ask for them.

A "mole" is thereby found where the evidence says "naevus". The list: ``findings.toml``.
"""

from __future__ import annotations

import re
from functools import cache, lru_cache
from typing import Annotated, Literal

from pydantic import AfterValidator, Field

from tools.language.lists import Heard, Patterns, Words, either, read

NORMAL = "normal"
Of = Literal["radiology", "dermatology"]


class Finding(Words):
    """One finding.

    Attributes:
        written: how an answer claims it.
        asked: how a question asks for it, where that is looser.
        of: the kind of image that it is found on, where that is one alone.
        everyday: a word of every day, which says of no question that it is medical.
        harmless: it does not say that something is wrong.
    """

    written: Patterns
    asked: Patterns | None = None
    of: Of | None = None
    everyday: bool = False
    harmless: bool = False


def _apart(findings: dict[str, Finding]) -> dict[str, Finding]:
    """The findings, if none is written as another is."""
    seen: dict[str, str] = {}
    for name, one in findings.items():
        for pattern in one.written:
            if pattern in seen:
                raise ValueError(f"{pattern!r} is written for {seen[pattern]!r} and for {name!r}")
            seen[pattern] = name
    return findings


class Findings(Words):
    """What ``findings.toml`` holds."""

    asking: Patterns
    ending: Patterns
    findings: Annotated[dict[str, Finding], Field(min_length=1), AfterValidator(_apart)]


@cache
def _lists() -> Findings:
    return read(Findings, "findings")


@cache
def _written() -> dict[str, str]:
    return {name: "|".join(one.written) for name, one in _lists().findings.items()}


def _label() -> re.Pattern[str]:
    # Which of them it was is asked of the word found: with a name for each, looking takes ten times as long.
    each = "|".join(f"(?:{one})" for one in (*_written().values(), *_lists().ending))
    return re.compile(rf"(?<!\w)(?=[a-z]{{2}})(?:{each})\b", re.I)


LABEL = Heard(_label)
"""Where an answer claims a finding."""


def asked(*, of: Of | None = None, everyday: bool = False) -> list[str]:
    """How questions ask for findings, as patterns.

    Args:
        of: only those that are found on one kind of image alone.
        everyday: words of every day too.
    """
    return [
        pattern
        for one in _lists().findings.values()
        if (of is None or one.of == of) and (everyday or not one.everyday)
        for pattern in one.asked or one.written
    ]


FINDINGS = Heard(lambda: either([*asked(), *_lists().asking]))
"""Where a question asks for findings, of any or of a certain one."""


def label_name(found: re.Match[str]) -> str:
    """The one name of what `LABEL` found."""
    return _name(found[0].lower())


def is_harmless(name: str) -> bool:
    """Whether a finding of this name does not say that something is wrong."""
    return name in _lists().findings and _lists().findings[name].harmless


@lru_cache(maxsize=1024)
def _name(written: str) -> str:
    return next((name for name, how in _written().items() if re.fullmatch(how, written, re.I)), written)
