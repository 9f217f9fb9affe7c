"""Where a learner is in a session, and what is to be seen there before and after the commit."""

from __future__ import annotations

import json
import time
from dataclasses import dataclass, replace
from importlib.metadata import version
from typing import TYPE_CHECKING

from assistant.teaching.answer import LearnerAnswer
from assistant.teaching.clock import case_end, session_end, settle
from assistant.teaching.drawing_lots import arm_for
from assistant.teaching.feedback import Feedback, feedback
from assistant.teaching.judging import judged
from assistant.teaching.unknown import Unknown, UnknownImage, unknown_of
from store.errors import CaseError

if TYPE_CHECKING:
    from store.teaching.case import TeachingCase
    from store.teaching.rows import Participant, SessionRow
    from store.teaching.shelf import TeachingShelf


@dataclass(frozen=True)
class Revealed:
    """A case after its commit: all of it, the answer that stands, and what is said of it.

    Attributes:
        unknown: the case as it was read.
        case: everything that the teacher wrote.
        answer: as it was committed; None in a session on known cases.
        feedback: None without an answer.
        seconds: from opening the case to the commit; None without an answer.
        later: what the learner wrote after the reveal, the last of it; None if nothing.
        timed_out: whether time ran out and what was there was committed.
    """

    unknown: Unknown
    case: TeachingCase
    answer: LearnerAnswer | None
    feedback: Feedback | None
    seconds: float | None
    later: LearnerAnswer | None
    timed_out: bool = False


class Way:
    """One learner's way through the cases of a session.

    Args:
        shelf: what is kept.
        session: which.
        who: the learner.
    """

    def __init__(self, shelf: TeachingShelf, session: SessionRow, who: Participant) -> None:
        self._shelf, self.session, self.who = shelf, session, who

    def position(self) -> int | None:
        """The case in view, by its position in the session; None once all are gone through."""
        settle(self._shelf, self.session, self.who)
        steps = self._shelf.steps.of(self.who.id)
        gone = {step.position for step in steps if step.kind == "next"}
        if self.session.options.feedback != "always":
            gone |= {at for at in self._shelf.steps.commits(self.who.id) if self.is_withheld(at)}
        end = session_end(self.session.options, steps)
        if end is not None and end <= time.time():
            gone |= set(self.who.order) - {step.position for step in steps if step.kind == "opened"}
        return next((at for at in self.who.order if at not in gone), None)

    def open(self, position: int) -> None:
        """Write down that a case was shown first, with what Casebook it was and who helps."""
        seen = {
            "casebook": version("casebook"),
            "arm": arm_for(self.session.options, self.who.number),
            "part": self.session.options.part_of(position),
        }
        self._shelf.steps.once(self.who.id, position, "opened", json.dumps(seen))

    def is_withheld(self, position: int) -> bool:
        """Whether a case is not revealed after its commit."""
        options = self.session.options
        if options.feedback == "practice":
            return options.part_of(position) != "practice"
        return options.feedback == "end"

    @property
    def timed_out(self) -> list[int]:
        """The places at which time ran out, counted from 1."""
        steps = self._shelf.steps.of(self.who.id)
        return sorted(self.who.order.index(s.position) + 1 for s in steps if s.kind == "timed out")

    @property
    def unanswered(self) -> int:
        """How many cases have no answer."""
        return len(self.who.order) - len(self._shelf.steps.commits(self.who.id))

    def to_look_back(self) -> list[int]:
        """The places that may be seen again, counted from 1; none before all cases are gone through."""
        if self.position() is not None:
            return []
        there, options = self._shelf.steps.commits(self.who.id), self.session.options
        every = [at for at in self.who.order if options.feedback == "end" or not self.is_withheld(at)]
        return [self.who.order.index(at) + 1 for at in every if at in there]

    def case(self, position: int) -> TeachingCase:
        """All of a case.

        Raises:
            CaseError: the session was deleted meanwhile.
        """
        held = self._shelf.sessions.held(self.session.id)
        if not held:
            raise CaseError("This session was deleted. Reload the page.")
        return held[position - 1][2]

    def taken(self, position: int) -> int:
        """How many hints were taken at a case."""
        return sum(step.kind == "hint" for step in self._shelf.steps.of(self.who.id, position))

    def last(self, position: int, kind: str) -> LearnerAnswer | None:
        """What was written last of a kind of step at a case; None if nothing."""
        there = [step for step in self._shelf.steps.of(self.who.id, position) if step.kind == kind]
        return LearnerAnswer.model_validate_json(there[-1].text) if there else None

    def unknown(self, position: int) -> Unknown:
        """What may be read of a case before its commit."""
        case, taken = self.case(position), self.taken(position)
        images = tuple(UnknownImage(image.slices) for image in case.images)
        end = case_end(self.session.options, self._shelf.steps.of(self.who.id), position)
        seen = unknown_of(
            case,
            (self.who.order.index(position) + 1, len(self.who.order)),
            images,
            hints=case.hints[:taken],
            more_hints=taken < len(case.hints),
            draft=self.last(position, "draft"),
        )
        left = None if end is None else max(0.0, end - time.time())
        return replace(seen, part=self.session.options.part_of(position), seconds_left=left)

    def revealed(self, position: int) -> Revealed:
        """All of a case, with what is said of its answer."""
        case, seen = self.case(position), self.unknown(position)
        commit = self._shelf.steps.commits(self.who.id).get(position)
        if commit is None:
            return Revealed(seen, case, None, None, None, None)
        answer = LearnerAnswer.model_validate_json(commit.text)
        word = self._shelf.steps.overruled(self.session.id).get((self.who.id, position))
        steps = self._shelf.steps.of(self.who.id, position)
        opened = next(s.at for s in steps if s.kind == "opened")
        late = any(s.kind == "timed out" for s in steps)
        said = judged(feedback(case, answer), word)
        return Revealed(seen, case, answer, said, commit.at - opened, self.last(position, "later"), late)
