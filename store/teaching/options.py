"""How a teaching session is held: order, time, parts, when feedback is given, consent and arms of a study."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from store.errors import CaseError

PartKind = Literal["pre-test", "practice", "post-test"]
Arm = Literal["none", "planner", "model"]
Feedback = Literal["always", "practice", "end"]
_DAY_S = 86_400
_FROZEN = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=True)


class Part(BaseModel):
    """So many cases, one after the other, that are a test or practice."""

    model_config = _FROZEN

    kind: PartKind
    cases: Annotated[int, Field(ge=1)]


class Consent(BaseModel):
    """What a learner accepts before joining, and which version of it this is."""

    model_config = _FROZEN

    text: Annotated[str, Field(min_length=1, max_length=20_000)]
    version: Annotated[str, Field(min_length=1, max_length=40)]


class SessionOptions(BaseModel):
    """How a session is held.

    Attributes:
        known: everything is open from the start, and nothing is committed.
        order: whether every learner gets the cases in another order, within each part.
        seed: of all lots.
        share: of normals and mimics that was asked for, in [0, 1]; None where cases were not drawn by lot.
        seconds_per_case: from opening a case to its commit; None for no limit.
        seconds_in_all: from opening the first case; None for no limit.
        parts: of the cases in order; without any, the session is one.
        feedback: ``always`` reveals a case after its commit, ``practice`` only one of a practice part,
            ``end`` all of them once the last case is gone through.
        consent: None where none is asked for.
        arms: who helps, one of them for each learner by lot; without any, the planner helps everybody.
        block: learners of a block, in which each arm comes equally often; None for two of each.
    """

    model_config = _FROZEN

    known: bool = False
    order: Literal["given", "random"] = "given"
    seed: Annotated[int, Field(ge=0, lt=2**63)] = 0
    share: Annotated[float, Field(ge=0, le=1)] | None = None
    seconds_per_case: Annotated[int, Field(ge=1, le=_DAY_S)] | None = None
    seconds_in_all: Annotated[int, Field(ge=1, le=_DAY_S)] | None = None
    parts: tuple[Part, ...] = ()
    feedback: Feedback = "always"
    consent: Consent | None = None
    arms: tuple[Arm, ...] = ()
    block: Annotated[int, Field(ge=1, le=1_000)] | None = None

    @model_validator(mode="after")
    def _fits(self) -> SessionOptions:
        if len(set(self.arms)) < len(self.arms):
            raise ValueError("each arm is named once")
        if self.block is not None and (not self.arms or self.block % len(self.arms)):
            raise ValueError(f"a block of {self.block} does not hold {len(self.arms)} arms equally often")
        if self.known and (self.seconds_per_case or self.seconds_in_all or self.parts or self.arms):
            raise ValueError("a session on known cases has no time, no parts and no arms")
        if self.feedback == "practice" and not any(one.kind == "practice" for one in self.parts):
            raise ValueError("feedback in practice needs a practice part")
        return self

    def part_of(self, position: int) -> PartKind | None:
        """The part of a case by its position, counted from 1; None in a session without parts."""
        last = 0
        for part in self.parts:
            last += part.cases
            if position <= last:
                return part.kind
        return None


def session_options(**fields: object) -> SessionOptions:
    """Options of these fields.

    Raises:
        CaseError: a field cannot be used; the text says which and why.
    """
    try:
        return SessionOptions.model_validate(fields)
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"])
        said = first["msg"].removeprefix("Value error, ")
        told = f"{where}: {said}" if where else said
        raise CaseError(f"The session cannot be held so: {told}.") from error
