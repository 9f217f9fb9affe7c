"""A teacher's word over what was computed of an answer; both are kept, and the teacher's counts."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Annotated

from pydantic import BaseModel, ConfigDict, Field

from assistant.teaching.feedback import Feedback

if TYPE_CHECKING:
    from store.teaching.rows import Written


class Verdict(BaseModel):
    """What a teacher says of an answer.

    Attributes:
        rank: of the truth in the differential, counted from 1; None where it is not in it.
        note: to the learner.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=True)

    rank: Annotated[int, Field(ge=1)] | None
    note: Annotated[str, Field(max_length=2_000)] = ""


def judged(computed: Feedback, word: Written | None) -> Feedback:
    """The feedback with a teacher's word over it, if there is one."""
    if word is None:
        return computed
    verdict = Verdict.model_validate_json(word.text)
    return replace(computed, rank=verdict.rank, note=verdict.note, overruled=True)
