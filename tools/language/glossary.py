"""Terms Casebook itself uses, in a sentence each, with where the definition comes from: ``glossary.toml``."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from tools.language.lists import Patterns, Words, read, whole

_Text = Annotated[str, Field(min_length=1)]


class _Term(Words):
    asked: Patterns
    says: _Text
    source: _Text


class _Lists(Words):
    terms: Annotated[tuple[_Term, ...], Field(min_length=1)]


_TERMS = [(whole(one.asked), one.says, one.source) for one in read(_Lists, "glossary").terms]
DEFINITIONS = tuple((says, source) for _, says, source in _TERMS)
"""Every definition, and where it comes from."""


def explain(text: str) -> list[str]:
    """Explanations of the terms that a text names, each with its source."""
    return [f"{says} (Source: {source}.)" for asked, says, source in _TERMS if asked.search(text)]
