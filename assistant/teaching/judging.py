"""A teacher's word over what was computed of an answer; both are kept, and the teacher's counts."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Annotated

from pydantic import BaseModel, ConfigDict, Field

from assistant.teaching.feedback import Feedback
from assistant.teaching.places import PlaceOutcome

if TYPE_CHECKING:
    from store.teaching.rows import Written


class Verdict(BaseModel):
    """What a teacher says of an answer.

    Attributes:
        rank: of the truth in the differential, counted from 1; None where it is not in it.
        ranked: whether the teacher judged the rank; else the computed one stands.
        note: to the learner.
        places: how places came out, by their number in the feedback, counted from 1; the others stand.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=True)

    rank: Annotated[int, Field(ge=1)] | None = None
    ranked: bool = True
    note: Annotated[str, Field(max_length=2_000)] = ""
    places: dict[Annotated[int, Field(ge=1)], PlaceOutcome] = {}


def judged(computed: Feedback, word: Written | None) -> Feedback:
    """The feedback with a teacher's word over it, if there is one."""
    if word is None:
        return computed
    verdict = Verdict.model_validate_json(word.text)
    places = tuple(
        replace(one, outcome=verdict.places[at], overruled=True) if at in verdict.places else one
        for at, one in enumerate(computed.places, 1)
    )
    rank = verdict.rank if verdict.ranked else computed.rank
    return replace(computed, rank=rank, places=places, note=verdict.note, overruled=verdict.ranked)
