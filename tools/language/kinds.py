"""Words for what is known of a picture without reading it, and those that ask for nothing: ``kinds.toml``."""

from __future__ import annotations

from functools import cache
from typing import Annotated

from pydantic import AfterValidator

from tools.language.lists import Whole, Words, read


class Part(Words):
    """A part of the body: how it is named, and the larger parts that it is a piece of."""

    words: Whole
    within: frozenset[str] = frozenset()


class Empty(Words):
    """Words that ask for nothing, by what they do in a question; the file says what each does."""

    words: Whole
    lead: Whole
    tags: Whole
    beside: Whole
    pointing: Whole
    open: Whole
    verbs: Whole
    things: Whole
    denying: Whole


def _whole_body(parts: dict[str, Part]) -> dict[str, Part]:
    """The parts, if each is within parts that there are."""
    for name, part in parts.items():
        if unknown := sorted(part.within - set(parts)):
            raise ValueError(f"{name} is within {unknown[0]!r}, which is no part")
    return parts


class Kinds(Words):
    """What ``kinds.toml`` holds.

    Attributes:
        domains: radiology, dermatology, and medical for both.
        parts: of the body.
        finer: what asks for a kind of picture more closely than it is known.
        empty: words that ask for nothing.
    """

    domains: dict[str, Whole]
    parts: Annotated[dict[str, Part], AfterValidator(_whole_body)]
    finer: dict[str, Whole]
    empty: Empty


@cache
def kinds() -> Kinds:
    """The words of ``kinds.toml``.

    Raises:
        SetupError: the file is missing, or does not hold what it should.
    """
    return read(Kinds, "kinds")
