"""A learner's way through a session: look, describe, name a differential, commit; the reveal; the next case.

Until the commit everything that this gives is an `Unknown`. A commit is final; what is written after the
reveal is kept apart from it. What a call returned from is kept, whatever happens to the process.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from assistant.teaching.answer import LearnerAnswer, nameless
from assistant.teaching.drawing_lots import arm_for, order_for
from assistant.teaching.removing import take_back
from assistant.teaching.unknown import Unknown
from assistant.teaching.way import Revealed, Way
from assistant.teaching.within import refuse_marks_outside
from store.errors import CaseError
from store.teaching.rows import Participant, SessionRow
from tools.language.identifiers import without_persons

if TYPE_CHECKING:
    from collections.abc import Sequence

    from assistant.build import Services
    from store.pictures.image import Image
    from store.teaching.options import Arm
    from store.teaching.region import Region

# Ours: a nickname fits into a column of the class view.
_LONGEST_NAME = 24


class ConsentError(CaseError):
    """The session asks for a consent; its options hold the text."""


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
        self.way = Way(services.teaching, session, who)

    @property
    def done(self) -> bool:
        """Whether every case has been gone through."""
        return self.way.position() is None

    @property
    def place(self) -> int:
        """Which case is in view, counted from 1; one more than there are once all are gone through."""
        position = self.way.position()
        return len(self.who.order) + 1 if position is None else self.who.order.index(position) + 1

    @property
    def image_count(self) -> int:
        """How many images the case in view has."""
        position = self.way.position()
        return 0 if position is None else len(self.way.case(position).images)

    @property
    def marks(self) -> tuple[Region, ...]:
        """The marks that are kept of the case in view, not committed."""
        position = self.way.position()
        draft = None if position is None else self.way.last(position, "draft")
        return draft.marks if draft else ()

    def here(self) -> Unknown | Revealed | None:
        """What the learner has before them: an unknown case, its reveal, or nothing any more."""
        position = self.way.position()
        if position is None:
            return None
        self.way.open(position)
        if not self.session.options.known and position not in self._shelf.steps.commits(self.who.id):
            return self.way.unknown(position)
        self._shelf.steps.once(self.who.id, position, "revealed")
        return self.way.revealed(position)

    def draft(self, answer: LearnerAnswer, place: int | None = None) -> None:
        """Keep what is written so far; nothing is committed.

        Args:
            answer: so far.
            place: of the case that it is of; None for the case in view.

        Raises:
            CaseError: there is no case left, the case of this place is over, the answer is committed, or the
                session is closed.
        """
        position = self._open_case(place)
        if self.way.last(position, "draft") != answer:
            self._shelf.steps.add(self.who.id, position, "draft", answer.model_dump_json())

    def mark(self, marks: Sequence[Region], place: int | None = None) -> None:
        """Keep marks in the images of a case, in place of those kept so far; nothing is committed.

        Args:
            marks: all of them.
            place: as `draft`.

        Raises:
            CaseError: a mark does not lie in a picture of the case, or as `draft`.
        """
        position = self._open_case(place)
        draft = self.way.last(position, "draft") or LearnerAnswer()
        if tuple(marks) == draft.marks:
            return
        refuse_marks_outside(marks, self.way.case(position).images, self._shelf.images)
        self.draft(draft.model_copy(update={"marks": tuple(map(nameless, marks))}), place)

    def hint(self) -> str | None:
        """The teacher's next hint on the case; None if there is none left.

        Raises:
            CaseError: as `draft`.
        """
        position = self._open_case()
        self._refuse_alone()
        hints, taken = self.way.case(position).hints, self.way.taken(position)
        if taken >= len(hints):
            return None
        self._shelf.steps.add(self.who.id, position, "hint", str(taken + 1))
        return hints[taken]

    def note_question(self, words: str) -> None:
        """Write down that the tutor was asked, with the words; raises as `draft`."""
        position = self._open_case()
        self._refuse_alone()
        self._shelf.steps.add(self.who.id, position, "asked", without_persons(words))

    def _refuse_alone(self) -> None:
        if self.arm == "none":
            raise CaseError("In this session you read without help.")

    def commit(self, answer: LearnerAnswer, place: int | None = None) -> Revealed | None:
        """Give the answer for good, and see the truth; None where the session tells it later or never.

        Args:
            answer: the answer.
            place: as `draft`.

        Raises:
            CaseError: the differential is empty, this case has an answer already, there is no case left, or
                the session is closed.
        """
        position = self._open_case(place)
        if not answer.differential:
            raise CaseError("Name at least one diagnosis, or say that you see nothing abnormal; then commit.")
        refuse_marks_outside(answer.marks, self.way.case(position).images, self._shelf.images)
        self._shelf.steps.commit(self.who.id, position, answer.model_dump_json())
        if self.way.is_withheld(position):
            return None
        self._shelf.steps.once(self.who.id, position, "revealed")
        return self.way.revealed(position)

    def change_later(self, answer: LearnerAnswer) -> None:
        """Keep what the learner would say now; the committed answer stands.

        Raises:
            CaseError: nothing is revealed here.
        """
        position = self.way.position()
        if position is None or position not in self._shelf.steps.commits(self.who.id):
            raise CaseError("Commit to the case first; then you may write what you would say now.")
        self._shelf.steps.add(self.who.id, position, "later", answer.model_dump_json())

    def go_on(self) -> None:
        """Go to the next case.

        Raises:
            CaseError: the case is not revealed yet.
        """
        position = self.way.position()
        if position is None:
            return
        if not any(step.kind == "revealed" for step in self._shelf.steps.of(self.who.id, position)):
            raise CaseError("Commit to this case first; then go on to the next.")
        self._shelf.steps.once(self.who.id, position, "next")

    def leave(self) -> None:
        """Take part no longer; what was done stays with the class."""
        self._shelf.sessions.leave(self.who.id)

    def take_back(self) -> bool:
        """Have all deleted that the learner did here; the class counts that somebody withdrew.

        Returns:
            Whether nothing of it is left in the database's log either; somebody may be reading.
        """
        return take_back(self._services, self.who)

    @property
    def arm(self) -> Arm:
        """Who helps this learner."""
        return arm_for(self.session.options, self.who.number)

    @property
    def tells_now(self) -> bool:
        """Whether the case in view is revealed after its commit."""
        position = self.way.position()
        return position is None or not self.way.is_withheld(position)

    def to_look_back(self) -> list[int]:
        """The places that may be seen again, counted from 1; none before all cases are gone through."""
        return self.way.to_look_back()

    def look_back(self, place: int) -> Revealed:
        """A case that was gone through, by its place.

        Raises:
            CaseError: it may not be seen again.
        """
        if place not in self.to_look_back():
            raise CaseError("This case is not open to you.")
        return self.way.revealed(self.who.order[place - 1])

    def image(self, number: int, place: int | None = None) -> Image:
        """An image by its number, counted from 0; it says nothing of its file.

        Args:
            number: of the image.
            place: of the case in view or of one that may be seen again; None for the case in view.

        Raises:
            CaseError: there is no case in view, or no such image, or the case may not be seen.
        """
        if place not in (None, self.place) and place not in self.to_look_back():
            raise CaseError("This case is not open to you.")
        position = self.way.position() if place is None else self.who.order[place - 1]
        images = self.way.case(position).images if position is not None else ()
        if not 0 <= number < len(images):
            raise CaseError("There is no such image in this case.")
        return self._shelf.images.get(images[number].key)

    def _open_case(self, place: int | None = None) -> int:
        """Where the learner may still write: open, unknown, and not committed."""
        position = self.way.position()
        self._shelf.sessions.of_code(self.session.join_code)  # refuses where it was closed meanwhile
        if position is None or self.session.options.known:
            raise CaseError("There is no case here to commit to.")
        if place is not None and self.who.order[place - 1] != position:
            raise CaseError(f"Case {place} is over; the next one is in view.")
        if position in self._shelf.steps.commits(self.who.id):
            raise CaseError("You have committed to this case already; that answer stands.")
        self.way.open(position)
        return position


def join(services: Services, owner: str, code: str, nickname: str, consent: str = "") -> Learner:
    """Take part in the session of a join code; who joined before goes on where they were.

    Args:
        services: the installation.
        owner: of the browser.
        code: as the teacher gave it.
        nickname: for the class, not a full name.
        consent: the version of the session's consent that the learner accepts.

    Raises:
        ConsentError: the session asks for a consent that is not given.
        CaseError: no open session has this code, or the nickname is empty or too long.
    """
    sessions = services.teaching.sessions
    session = sessions.of_code(code)
    name = without_persons(" ".join(nickname.split()))
    if not 0 < len(name) <= _LONGEST_NAME:
        raise CaseError(f"Give a nickname of one to {_LONGEST_NAME} characters, not your full name.")
    asked = session.options.consent
    if asked and consent != asked.version and sessions.participant(session.id, owner) is None:
        raise ConsentError(f"To take part, accept the consent of this session, version {asked.version}.")
    count = len(sessions.held(session.id))
    order = partial(order_for, session.options, count)
    return Learner(services, session, sessions.join(session, owner, name, order, consent if asked else ""))


def resume(services: Services, owner: str) -> Learner | None:
    """The learner that a browser is in the open session it joined last; None if it takes part in none."""
    found = services.teaching.sessions.taking_part(owner)
    return Learner(services, *found[0]) if found else None


def still_reading(services: Services, owner: str) -> bool:
    """Whether a browser takes part in an open session on unknown cases and has not gone through all."""
    found = services.teaching.sessions.taking_part(owner)
    return any(not one[0].options.known and not Learner(services, *one).done for one in found)
