"""What a learner answers: a description, marks, and a differential with confidences, likeliest first."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from store.errors import CaseError
from store.teaching.region import MOST as MOST_MARKS
from store.teaching.region import Region
from tools.language.identifiers import without_persons
from tools.language.sayings import FIRST, say

NORMAL = "normal"
"""The diagnosis of who sees nothing abnormal."""
MOST = 5
"""Diagnoses of a differential. Ours: what a board examination asks for at most."""
_LONGEST = 8_000
_FROZEN = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=True)


class Guess(BaseModel):
    """One diagnosis of a differential; `confidence` is the learner's own, in per cent, None where unsaid."""

    model_config = _FROZEN

    diagnosis: Annotated[str, Field(min_length=1, max_length=200)]
    confidence: Annotated[int, Field(ge=0, le=100)] | None = None


class LearnerAnswer(BaseModel):
    """A description, a differential and marks in the images; `language` is what it is written in."""

    model_config = _FROZEN

    description: Annotated[str, Field(max_length=_LONGEST)] = ""
    differential: Annotated[tuple[Guess, ...], Field(max_length=MOST)] = ()
    marks: Annotated[tuple[Region, ...], Field(max_length=MOST_MARKS)] = ()
    language: str = FIRST


def answered(
    description: str,
    differential: list[tuple[str, int | None]],
    *,
    nothing_abnormal: bool = False,
    marks: Sequence[Region] = (),
    language: str = FIRST,
) -> LearnerAnswer:
    """An answer of what a learner typed. What tells who somebody is gets a stand-in; empty lines go.

    Args:
        description: in words.
        differential: diagnoses with confidences in per cent, the likeliest first.
        nothing_abnormal: the learner sees nothing abnormal; then that is the whole differential, with the
            confidence of its first line.
        marks: in the images.
        language: what it is written in.

    Raises:
        CaseError: a text is too long, there are too many diagnoses, or a confidence is none.
    """
    named = [(without_persons(" ".join(name.split())), sure) for name, sure in differential]
    if nothing_abnormal:
        named = [(NORMAL, differential[0][1] if differential else None)]
    try:
        guesses = tuple(Guess(diagnosis=name, confidence=sure) for name, sure in named if name)
        return LearnerAnswer(
            description=without_persons(description),
            differential=guesses,
            marks=tuple(nameless(one) for one in marks),
            language=language,
        )
    except ValidationError as error:
        raise CaseError(say("teach.answer_refused", language, most=MOST, longest=_LONGEST)) from error


def nameless(region: Region) -> Region:
    """A region whose caption has lost what tells who somebody is."""
    return region.model_copy(update={"caption": without_persons(region.caption)})
