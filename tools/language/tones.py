"""Examples of what sentences of answers are about, by tone: ``prompts/grounding/tones.toml``."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated

from pydantic import Field

from tools.language.lists import Words, read

_Sentences = Annotated[tuple[Annotated[str, Field(min_length=1)], ...], Field(min_length=1)]


class Tones(Words):
    """What ``tones.toml`` holds: sentences by tone."""

    calm: _Sentences
    treat: _Sentences
    past: _Sentences
    chance: _Sentences
    teach: _Sentences
    limit: _Sentences
    care: _Sentences
    talk: _Sentences
    claim: _Sentences


def examples() -> Iterator[tuple[str, str]]:
    """Every sentence with its tone."""
    for name, those in read(Tones, "tones", "grounding").model_dump().items():
        yield from ((one, name) for one in those)
