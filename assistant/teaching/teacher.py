"""A teacher's side of sessions: made on cases, watched, overruled, closed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from assistant.teaching.answer import LearnerAnswer
from assistant.teaching.clock import settle
from assistant.teaching.drawing_lots import SHARE, Lot, balanced
from assistant.teaching.feedback import feedback
from assistant.teaching.given_away import refuse_given_away
from assistant.teaching.judging import Verdict, judged
from assistant.teaching.making import CaseMaker, kind_by_words
from assistant.teaching.marked import Marked
from assistant.teaching.places import PlaceOutcome
from assistant.teaching.removing import Remover
from store.cases.case import CaseFilter
from store.errors import CaseError
from store.teaching.case import Kind, TeachingCase
from store.teaching.cases import CaseVersion
from store.teaching.options import SessionOptions
from store.teaching.rows import Done, Participant, SessionRow
from tools.language.identifiers import without_persons

if TYPE_CHECKING:
    from assistant.build import Services
    from store.cases.case import Case

# Ours: what one sitting takes, and what the page shows at once.
MOST = 100
_EVERY = 1_000_000


class Teacher:
    """One owner's teaching cases and sessions.

    Args:
        services: the installation.
        owner: whose.
    """

    def __init__(self, services: Services, owner: str) -> None:
        self._services, self._owner = services, owner
        self._shelf = services.teaching
        self.make, self.remove = CaseMaker(services, owner), Remover(services, owner)

    def cases(self, tags: Sequence[str] = ()) -> list[CaseVersion]:
        """The teacher's cases, the newest first: those with any of some tags, or all."""
        wanted = {tag.casefold() for tag in tags}
        return [
            one
            for one in self._shelf.cases.cases(self._owner)
            if not wanted or wanted & {tag.casefold() for tag in one.case.tags}
        ]

    def withdrawn_cases(self) -> list[CaseVersion]:
        """Those of the teacher's cases that are offered for no further session, the newest first."""
        return self._shelf.cases.cases(self._owner, withdrawn=True)

    def case(self, case_id: str) -> CaseVersion:
        """The newest version of one of them.

        Raises:
            CaseError: the teacher has none of this id.
        """
        return self._shelf.cases.case(self._owner, case_id)

    def withdraw(self, case_id: str) -> None:
        """Offer a case for no further session; those that hold it keep it. Raises as `case`."""
        self._shelf.cases.withdraw(self._owner, case_id)

    def every_version(self) -> list[CaseVersion]:
        """All versions of the teacher's cases that are not withdrawn."""
        return [old for one in self.cases() for old in self._shelf.cases.versions(self._owner, one.id)]

    def new_session(
        self, title: str, cases: Sequence[CaseVersion], options: SessionOptions | None = None
    ) -> SessionRow:
        """A session on these cases in this order.

        Raises:
            CaseError: the title is empty, there are no cases or too many, one is withdrawn, the parts do not
                hold all cases, there is no chat model for an arm, or what learners are told would give a case
                away.
        """
        name = without_persons(" ".join(title.split()))[:120]
        if not name:
            raise CaseError("The title is empty. Give the session a name that tells nothing of its cases.")
        if not 0 < len(cases) <= MOST:
            raise CaseError(f"A session takes 1 to {MOST} cases; these are {len(cases)}.")
        if any(one.withdrawn for one in cases):
            raise CaseError("One of these cases is withdrawn. Leave it out.")
        held = options or SessionOptions()
        self._refuse_unheld(held, len(cases))
        if not held.known:
            refuse_given_away(name, [one.case for one in cases])
        return self._shelf.sessions.add(self._owner, name, [(one.id, one.version) for one in cases], held)

    def _refuse_unheld(self, options: SessionOptions, cases: int) -> None:
        parts = sum(part.cases for part in options.parts)
        if options.parts and parts != cases:
            raise CaseError(f"The parts hold {parts} cases and the session {cases}. Make them the same.")
        if "model" in options.arms and self._services.speaker[0] is None:
            raise CaseError("No chat model is set up for the arm “model”. See casebook llm, or leave it out.")

    def from_library(
        self,
        title: str,
        number: int,
        options: SessionOptions,
        where: CaseFilter | None = None,
        kinds: Mapping[str, Kind] = MappingProxyType({}),
    ) -> SessionRow:
        """A session on library cases by lot: a stated share of normals and mimics, the rest spread evenly.

        Args:
            title: of the session.
            number: of cases.
            options: how it is held.
            where: only such cases.
            kinds: what labels count as; the others are normal where they say so, else a disease.

        Raises:
            CaseError: there are too few cases of either kind, or as `new_session`.
            SetupError: the library is damaged.
        """
        there = {one.id: one for one in self._services.library.cases(where, _EVERY) if one.key}
        lots = [Lot(one.id, kind_of(one.label, kinds), one.label) for one in there.values()]
        share = SHARE if options.share is None else options.share
        drawn = balanced(lots, number, options.seed, share)
        options = options.model_copy(update={"share": share})
        return self.of_library_cases(title, [there[one] for one in drawn], options, kinds)

    def from_own(
        self, title: str, number: int, options: SessionOptions, tags: Sequence[str] = ()
    ) -> SessionRow:
        """A session on the teacher's own cases by lot, as `from_library`; mimics are as marked."""
        there = {one.id: one for one in self.cases(tags)}
        lots = [Lot(one.id, one.case.kind, one.case.diagnosis) for one in there.values()]
        share = SHARE if options.share is None else options.share
        drawn = balanced(lots, number, options.seed, share)
        options = options.model_copy(update={"share": share})
        return self.new_session(title, [there[one] for one in drawn], options)

    def of_library_cases(
        self,
        title: str,
        chosen: Sequence[Case],
        options: SessionOptions | None = None,
        kinds: Mapping[str, Kind] = MappingProxyType({}),
    ) -> SessionRow:
        """A session on these library cases; each is made a teaching case of the teacher's first."""
        if not 0 < len(chosen) <= MOST:
            raise CaseError(f"A session takes 1 to {MOST} cases; these are {len(chosen)}.")
        made = [self.make.from_library(one, kind=kind_of(one.label, kinds)) for one in chosen]
        return self.new_session(title, made, options)

    def sessions(self) -> list[SessionRow]:
        """The teacher's sessions, the newest first."""
        return self._shelf.sessions.sessions(self._owner)

    def session(self, session_id: str) -> SessionRow:
        """One of them.

        Raises:
            CaseError: the teacher has none of this id.
        """
        return self._shelf.sessions.session(self._owner, session_id)

    def close(self, session_id: str) -> None:
        """Let no learner join or commit any more; raises as `session`."""
        self._shelf.sessions.close(self._owner, session_id)

    def held(self, session_id: str) -> list[TeachingCase]:
        """The cases of a session as they were when it was made; raises as `session`."""
        self.session(session_id)
        return [case for _, _, case in self._shelf.sessions.held(session_id)]

    def learners(self, session_id: str) -> list[Participant]:
        """Everybody who joined; raises as `session`."""
        self.session(session_id)
        return self._shelf.sessions.participants(session_id)

    def withdrawn(self, session_id: str) -> int:
        """How many took back what they did, or had it deleted; raises as `session`."""
        self.session(session_id)
        return self._shelf.forgetting.withdrawn(session_id)

    def done(self, session_id: str) -> Done:
        """What the class did, of one moment, once what ran out of time is committed; raises as `session`."""
        session = self.session(session_id)
        for one in self._shelf.sessions.participants(session_id):
            settle(self._shelf, session, one)
        return self._shelf.steps.done(session_id)

    def marked(self, session_id: str, done: Done | None = None) -> list[Marked]:
        """Every committed answer beside the truth, by learner and case; raises as `session`.

        Args:
            session_id: the session.
            done: what the class did; None to read it now.
        """
        session, done = self.session(session_id), done or self.done(session_id)
        cases, who = self.held(session_id), {one.id: one for one in done.participants}
        words, found = done.overruled, []
        for commit in done.commits:
            at = (commit.participant_id, commit.position)
            mine = [step for step in done.steps if (step.participant_id, step.position) == at]
            answer = LearnerAnswer.model_validate_json(commit.text)
            case = cases[commit.position - 1]
            found.append(
                Marked.of(
                    learner=who[commit.participant_id],
                    commit=commit,
                    case=case,
                    answer=answer,
                    steps=mine,
                    said=judged(feedback(case, answer), words.get(at)),
                    options=session.options,
                )
            )
        return sorted(found, key=lambda one: (one.learner.number, one.position))

    def overrule(
        self, session_id: str, learner: str, position: int, rank: int | None, note: str = ""
    ) -> None:
        """Say which place of a differential is right, in place of what was computed.

        Args:
            session_id: the session.
            learner: the pseudonym, such as L02.
            position: of the case in the session, counted from 1.
            rank: counted from 1; None where none of them is right.
            note: to the learner.

        Raises:
            CaseError: there is no such answer, or it has no such place.
        """
        one = self._answer(session_id, learner, position)
        if rank is not None and not 1 <= rank <= len(one.answer.differential):
            raise CaseError(f"There is no answer of {learner} to case {position} with a place {rank}.")
        self._say(session_id, one, {"rank": rank, "ranked": True}, note)

    def overrule_places(
        self,
        session_id: str,
        learner: str,
        position: int,
        outcomes: Mapping[int, PlaceOutcome],
        note: str = "",
    ) -> None:
        """Say how regions and marks came out, in place of what was computed; those not named stand.

        Args:
            session_id: the session.
            learner: the pseudonym, such as L02.
            position: of the case in the session, counted from 1.
            outcomes: by the place's number in the feedback, counted from 1.
            note: to the learner.

        Raises:
            CaseError: there is no such answer, or it has no such place.
        """
        one = self._answer(session_id, learner, position)
        count = len(one.feedback.places)
        if odd := [at for at in outcomes if not 1 <= at <= count]:
            raise CaseError(f"The answer of {learner} to case {position} has no region {odd[0]} of {count}.")
        self._say(session_id, one, {"places": dict(outcomes)}, note)

    def _answer(self, session_id: str, learner: str, position: int) -> Marked:
        for one in self.marked(session_id):
            if (one.learner.pseudonym, one.position) == (learner, position):
                return one
        raise CaseError(f"There is no answer of {learner} to case {position}.")

    def _say(self, session_id: str, one: Marked, word: dict[str, Any], note: str) -> None:
        """Write down a word; what was said before of the rest of the answer goes on to count."""
        there = self._shelf.steps.overruled(session_id).get((one.learner.id, one.position))
        before = Verdict.model_validate_json(there.text) if there else Verdict(ranked=False)
        places = before.places | word.pop("places", {})
        told = {"note": without_persons(note)[:2_000] or before.note, "places": places}
        verdict = before.model_copy(update=word | told)
        self._shelf.steps.overrule(one.learner.id, one.position, verdict.model_dump_json())


def kind_of(label: str, kinds: Mapping[str, Kind]) -> Kind:
    """What a label of the library counts as: what is said of it, else normal by its words, else a disease."""
    said = {name.casefold(): kind for name, kind in kinds.items()}
    return said.get(label.casefold(), kind_by_words(label))
