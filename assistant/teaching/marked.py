"""One committed answer beside the truth, with what led to it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from assistant.teaching.answer import LearnerAnswer
from assistant.teaching.drawing_lots import arm_for
from assistant.teaching.feedback import Feedback
from store.teaching.case import TeachingCase
from store.teaching.options import Arm, PartKind, SessionOptions
from store.teaching.rows import Participant, Step, Written


@dataclass(frozen=True)
class Marked:
    """One answer of one learner to one case.

    Attributes:
        position: of the case in the session, counted from 1.
        place: at which the learner got it, counted from 1.
        seconds: from opening the case to the commit.
        hints: how many were taken before the commit.
        asked: how often the tutor was asked before the commit.
        later: what the learner wrote after the reveal, the last of it; None if nothing.
        part: of the session; None in one without parts.
        arm: who helped.
        timed_out: whether time ran out and what was there was committed.
    """

    learner: Participant
    position: int
    place: int
    case: TeachingCase
    answer: LearnerAnswer
    feedback: Feedback
    opened_at: float
    committed_at: float
    hints: int
    asked: int
    later: LearnerAnswer | None
    part: PartKind | None = None
    arm: Arm = "planner"
    timed_out: bool = False

    @property
    def seconds(self) -> float:
        """From opening the case to the commit."""
        return self.committed_at - self.opened_at

    @property
    def first(self) -> str:
        """The likeliest diagnosis, as the learner wrote it; "" where time ran out before."""
        return self.answer.differential[0].diagnosis if self.answer.differential else ""

    @property
    def confidence(self) -> int | None:
        """Of the first diagnosis, in per cent, as the learner gave it; None where unsaid."""
        return self.answer.differential[0].confidence if self.answer.differential else None

    @classmethod
    def of(
        cls,
        *,
        learner: Participant,
        commit: Written,
        case: TeachingCase,
        answer: LearnerAnswer,
        steps: Sequence[Step],
        said: Feedback,
        options: SessionOptions,
    ) -> Marked:
        """Put together from what is kept of one learner at one case."""
        later = [step.text for step in steps if step.kind == "later"]
        kinds = [step.kind for step in steps]
        return cls(
            learner,
            commit.position,
            learner.order.index(commit.position) + 1,
            case,
            answer,
            said,
            min((step.at for step in steps if step.kind == "opened"), default=commit.at),
            commit.at,
            kinds.count("hint"),
            kinds.count("asked"),
            LearnerAnswer.model_validate_json(later[-1]) if later else None,
            options.part_of(commit.position),
            arm_for(options, learner.number),
            "timed out" in kinds,
        )
