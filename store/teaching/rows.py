"""What the database holds of a session, row by row. What steps mean is known above: here it is JSON text."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

StepKind = Literal["opened", "draft", "hint", "asked", "revealed", "later", "next"]


class SessionOptions(BaseModel):
    """How a session is held.

    Attributes:
        known: everything is open from the start, and nothing is committed.
        order: whether every learner gets the cases in another order.
        seed: of all lots.
        share: of normals and mimics that was asked for, in [0, 1]; None where cases were not drawn by lot.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    known: bool = False
    order: Literal["given", "random"] = "given"
    seed: Annotated[int, Field(ge=0, lt=2**63)] = 0
    share: Annotated[float, Field(ge=0, le=1)] | None = None


@dataclass(frozen=True)
class SessionRow:
    """One session. Times are seconds since the epoch; `closed_at` is None while learners may work in it."""

    id: str
    title: str
    join_code: str
    options: SessionOptions
    made_at: float
    closed_at: float | None = None


@dataclass(frozen=True)
class Participant:
    """One learner of a session.

    Attributes:
        id: unguessable.
        number: counted from 1, in the order of joining.
        nickname: for the class; it leaves Casebook in no export.
        order: positions of the session's cases in the order in which this learner gets them.
        left_at: None while the learner takes part.
    """

    id: str
    session_id: str
    number: int
    nickname: str
    order: tuple[int, ...]
    joined_at: float
    left_at: float | None = None

    @property
    def pseudonym(self) -> str:
        """What the learner is called in exports: ``L03``."""
        return f"L{self.number:02d}"


@dataclass(frozen=True)
class Step:
    """Something a learner did at a case before or after the commit, as JSON text."""

    participant_id: str
    position: int
    n: int
    kind: StepKind
    text: str
    at: float


@dataclass(frozen=True)
class Written:
    """What was written once and for all, such as a commit, as JSON text."""

    participant_id: str
    position: int
    text: str
    at: float
