"""What the database holds of a session, row by row. What steps mean is known above: here it is JSON text."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from store.teaching.options import SessionOptions

StepKind = Literal["opened", "draft", "hint", "asked", "revealed", "later", "next", "timed out"]

HELPED = "learner-"
"""How the owners of the chats begin in which learners are helped."""
_HELPED = re.compile(f"{HELPED}([0-9a-f]{{32}})-[0-9]+")


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
        consent: the version that was accepted on joining; "" where none was asked for.
    """

    id: str
    session_id: str
    number: int
    nickname: str
    order: tuple[int, ...]
    joined_at: float
    left_at: float | None = None
    consent: str = ""

    @property
    def pseudonym(self) -> str:
        """What the learner is called in exports: ``L03``."""
        return f"L{self.number:02d}"

    def helped_at(self, place: int) -> str:
        """The owner of the chat in which the learner is helped with a case; `helped` reads it back."""
        return f"{HELPED}{self.id}-{place}"


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


@dataclass(frozen=True)
class Done:
    """Everything that was done in a session, of one moment.

    Attributes:
        participants: everybody who joined, by number.
        steps: of all of them, in order for each.
        commits: of all of them.
        overruled: the teacher's last word on each answer that has one, by learner and position.
        withdrawn: how many withdrew, with nothing kept of them.
    """

    participants: list[Participant]
    steps: list[Step]
    commits: list[Written]
    overruled: dict[tuple[str, int], Written]
    withdrawn: int


def helped(owner: str) -> str | None:
    """The id of the learner who is helped in an owner's chat; None where it is no such chat."""
    found = _HELPED.fullmatch(owner)
    return found[1] if found else None
