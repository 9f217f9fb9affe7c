"""A learner's way through a session: look, describe, name a differential, commit; the reveal; the next case.

Until the commit everything that this gives is an `Unknown`. A commit is final; what is written after the
reveal is kept apart from it. What a call returned from is kept, whatever happens to the process.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from assistant.teaching.answer import LearnerAnswer, nameless
from assistant.teaching.drawing_lots import order_for
from assistant.teaching.feedback import Feedback, feedback
from assistant.teaching.judging import judged
from assistant.teaching.unknown import Unknown, UnknownImage, unknown_of
from store.errors import CaseError
from store.teaching.rows import Participant, SessionRow
from tools.language.identifiers import without_persons

if TYPE_CHECKING:
    from collections.abc import Sequence

    from assistant.build import Services
    from store.pictures.image import Image
    from store.teaching.case import TeachingCase
    from store.teaching.region import Region

# Ours: a nickname fits into a column of the class view.
_LONGEST_NAME = 24


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
    """

    unknown: Unknown
    case: TeachingCase
    answer: LearnerAnswer | None
    feedback: Feedback | None
    seconds: float | None
    later: LearnerAnswer | None


class Learner:
    """One browser's part in a session; made by `join` or `resume`.

    Args:
        services: the installation.
        session: which.
        who: the learner in it.
    """

    def __init__(self, services: Services, session: SessionRow, who: Participant) -> None:
        self._services, self.session, self.who = services, session, who
        self._shelf = services.teaching

    @property
    def done(self) -> bool:
        """Whether every case has been gone through."""
        return self._position() is None

    @property
    def place(self) -> int:
        """Which case is in view, counted from 1; one more than there are once all are gone through."""
        position = self._position()
        return len(self.who.order) + 1 if position is None else self.who.order.index(position) + 1

    @property
    def image_count(self) -> int:
        """How many images the case in view has."""
        position = self._position()
        return 0 if position is None else len(self._case(position).images)

    @property
    def marks(self) -> tuple[Region, ...]:
        """The marks that are kept of the case in view, not committed."""
        position = self._position()
        draft = None if position is None else self._last(position, "draft")
        return draft.marks if draft else ()

    def here(self) -> Unknown | Revealed | None:
        """What the learner has before them: an unknown case, its reveal, or nothing any more."""
        position = self._position()
        if position is None:
            return None
        self._shelf.steps.once(self.who.id, position, "opened")
        if not self.session.options.known and position not in self._shelf.steps.commits(self.who.id):
            return self._unknown(position)
        self._shelf.steps.once(self.who.id, position, "revealed")
        return self._revealed(position)

    def draft(self, answer: LearnerAnswer) -> None:
        """Keep what is written so far; nothing is committed.

        Raises:
            CaseError: there is no case left, the answer is committed, or the session is closed.
        """
        position = self._open_case()
        if self._last(position, "draft") != answer:
            self._shelf.steps.add(self.who.id, position, "draft", answer.model_dump_json())

    def mark(self, marks: Sequence[Region]) -> None:
        """Keep marks in the images of the case in view, in place of those kept so far; nothing is committed.

        Raises:
            CaseError: a mark does not lie in a picture of the case, or as `draft`.
        """
        position = self._open_case()
        draft = self._last(position, "draft") or LearnerAnswer()
        if tuple(marks) == draft.marks:
            return
        self._refuse_outside(marks)
        self.draft(draft.model_copy(update={"marks": tuple(map(nameless, marks))}))

    def _refuse_outside(self, marks: Sequence[Region]) -> None:
        images = {number: self.image(number - 1) for number in {one.image for one in marks}}
        for one in marks:
            image = images[one.image]
            if not one.within(*image.size) or one.slice > image.frame_count:
                width, height = image.size
                raise CaseError(
                    f"A mark leaves image {one.image} of {width} × {height} pixels and {image.frame_count} "
                    "slices. Draw it again."
                )

    def hint(self) -> str | None:
        """The teacher's next hint on the case; None if there is none left.

        Raises:
            CaseError: as `draft`.
        """
        position = self._open_case()
        hints, taken = self._case(position).hints, self._taken(position)
        if taken >= len(hints):
            return None
        self._shelf.steps.add(self.who.id, position, "hint", str(taken + 1))
        return hints[taken]

    def note_question(self, words: str) -> None:
        """Write down that the tutor was asked, with the words; raises as `draft`."""
        self._shelf.steps.add(self.who.id, self._open_case(), "asked", without_persons(words))

    def commit(self, answer: LearnerAnswer) -> Revealed:
        """Give the answer for good, and see the truth.

        Raises:
            CaseError: the differential is empty, this case has an answer already, there is no case left, or
                the session is closed.
        """
        position = self._open_case()
        if not answer.differential:
            raise CaseError("Name at least one diagnosis, or say that you see nothing abnormal; then commit.")
        self._refuse_outside(answer.marks)
        self._shelf.steps.commit(self.who.id, position, answer.model_dump_json())
        self._shelf.steps.once(self.who.id, position, "revealed")
        return self._revealed(position)

    def change_later(self, answer: LearnerAnswer) -> None:
        """Keep what the learner would say now; the committed answer stands.

        Raises:
            CaseError: nothing is revealed here.
        """
        position = self._position()
        if position is None or position not in self._shelf.steps.commits(self.who.id):
            raise CaseError("Commit to the case first; then you may write what you would say now.")
        self._shelf.steps.add(self.who.id, position, "later", answer.model_dump_json())

    def go_on(self) -> None:
        """Go to the next case.

        Raises:
            CaseError: the case is not revealed yet.
        """
        position = self._position()
        if position is None:
            return
        if not any(step.kind == "revealed" for step in self._shelf.steps.of(self.who.id, position)):
            raise CaseError("Commit to this case first; then go on to the next.")
        self._shelf.steps.once(self.who.id, position, "next")

    def leave(self) -> None:
        """Take part no longer; what was done stays with the class."""
        self._shelf.sessions.leave(self.who.id)

    def image(self, number: int) -> Image:
        """An image of the case in view, by its number, counted from 0; it says nothing of its file.

        Raises:
            CaseError: there is no case in view, or no such image.
        """
        position = self._position()
        images = self._case(position).images if position is not None else ()
        if not 0 <= number < len(images):
            raise CaseError("There is no such image in this case.")
        return self._shelf.images.get(images[number].key)

    def _position(self) -> int | None:
        gone = {step.position for step in self._shelf.steps.of(self.who.id) if step.kind == "next"}
        return next((at for at in self.who.order if at not in gone), None)

    def _open_case(self) -> int:
        """Where the learner may still write: open, unknown, and not committed."""
        position = self._position()
        self._shelf.sessions.of_code(self.session.join_code)  # refuses where it was closed meanwhile
        if position is None or self.session.options.known:
            raise CaseError("There is no case here to commit to.")
        if position in self._shelf.steps.commits(self.who.id):
            raise CaseError("You have committed to this case already; that answer stands.")
        self._shelf.steps.once(self.who.id, position, "opened")
        return position

    def _case(self, position: int) -> TeachingCase:
        return self._shelf.sessions.held(self.session.id)[position - 1][2]

    def _taken(self, position: int) -> int:
        return sum(step.kind == "hint" for step in self._shelf.steps.of(self.who.id, position))

    def _last(self, position: int, kind: str) -> LearnerAnswer | None:
        there = [step for step in self._shelf.steps.of(self.who.id, position) if step.kind == kind]
        return LearnerAnswer.model_validate_json(there[-1].text) if there else None

    def _unknown(self, position: int) -> Unknown:
        case, taken = self._case(position), self._taken(position)
        images = tuple(UnknownImage(image.slices) for image in case.images)
        return unknown_of(
            case,
            (self.who.order.index(position) + 1, len(self.who.order)),
            images,
            hints=case.hints[:taken],
            more_hints=taken < len(case.hints),
            draft=self._last(position, "draft"),
        )

    def _revealed(self, position: int) -> Revealed:
        case, seen = self._case(position), self._unknown(position)
        commit = self._shelf.steps.commits(self.who.id).get(position)
        if commit is None:
            return Revealed(seen, case, None, None, None, None)
        answer = LearnerAnswer.model_validate_json(commit.text)
        word = self._shelf.steps.overruled(self.session.id).get((self.who.id, position))
        opened = next(s.at for s in self._shelf.steps.of(self.who.id, position) if s.kind == "opened")
        said = judged(feedback(case, answer), word)
        return Revealed(seen, case, answer, said, commit.at - opened, self._last(position, "later"))


def join(services: Services, owner: str, code: str, nickname: str) -> Learner:
    """Take part in the session of a join code; who joined before goes on where they were.

    Args:
        services: the installation.
        owner: of the browser.
        code: as the teacher gave it.
        nickname: for the class, not a full name.

    Raises:
        CaseError: no open session has this code, or the nickname is empty or too long.
    """
    sessions = services.teaching.sessions
    session = sessions.of_code(code)
    name = without_persons(" ".join(nickname.split()))
    if not 0 < len(name) <= _LONGEST_NAME:
        raise CaseError(f"Give a nickname of one to {_LONGEST_NAME} characters, not your full name.")
    count = len(sessions.held(session.id))
    order = partial(order_for, session.options, count)
    return Learner(services, session, sessions.join(session, owner, name, order))


def resume(services: Services, owner: str) -> Learner | None:
    """The learner that a browser is in the open session it joined last; None if it takes part in none."""
    found = services.teaching.sessions.taking_part(owner)
    return Learner(services, *found[0]) if found else None


def still_reading(services: Services, owner: str) -> bool:
    """Whether a browser takes part in an open session on unknown cases and has not gone through all."""
    found = services.teaching.sessions.taking_part(owner)
    return any(not one[0].options.known and not Learner(services, *one).done for one in found)
