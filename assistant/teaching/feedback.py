"""What is said of an answer beside the truth, computed from words, and how; a teacher may overrule it.

Rank: the first line of the differential that is the truth or another name of it. Findings: concepts of the
vocabulary that the description states, against those that the case's findings state, with their sides; what
is denied counts as not seen, what is left open as in doubt. A finding that is the diagnosis itself is also
found by who names it in the differential. Places: `assistant.teaching.places`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from assistant.teaching.answer import LearnerAnswer
from assistant.teaching.places import Place, PlaceOutcome, places
from store.teaching.case import TeachingCase
from tools.language.described import Observation, described, same_diagnosis, says_normal
from tools.language.glosses import heard_as
from tools.language.vocabulary import vocabulary

Outcome = Literal["found", "side unnamed", "wrong side", "in doubt", "missed", "extra"]
OUTCOMES: tuple[Outcome, ...] = ("found", "side unnamed", "wrong side", "in doubt", "missed", "extra")


@dataclass(frozen=True)
class Compared:
    """One finding: how it came out, what it is called, and its side in the case, or in an extra one."""

    outcome: Outcome
    term: str
    side: str | None


@dataclass(frozen=True)
class Feedback:
    """An answer beside the truth.

    Attributes:
        rank: of the truth in the differential, counted from 1; None where it is not in it.
        computed_rank: the same before a teacher's word.
        findings: one entry each.
        places: one entry for each region of the case, then one for each mark that is none of them.
        note: the teacher's words; "" without.
        overruled: whether the rank is a teacher's.
    """

    rank: int | None
    computed_rank: int | None
    findings: tuple[Compared, ...]
    places: tuple[Place, ...] = ()
    note: str = ""
    overruled: bool = False

    @property
    def right(self) -> bool:
        """Whether the first diagnosis is the truth."""
        return self.rank == 1

    def count(self, outcome: Outcome) -> int:
        """How many findings came out so."""
        return sum(one.outcome == outcome for one in self.findings)

    def count_places(self, outcome: PlaceOutcome) -> int:
        """How many places came out so."""
        return sum(one.outcome == outcome for one in self.places)


def feedback(case: TeachingCase, answer: LearnerAnswer) -> Feedback:
    """What the words of an answer come to beside those of the case."""
    ranks = (
        at
        for at, guess in enumerate(answer.differential, 1)
        if _is_truth(case, guess.diagnosis, answer.language)
    )
    rank = next(ranks, None)
    return Feedback(rank, rank, _findings(case, answer), places(case.regions, answer.marks))


def _is_truth(case: TeachingCase, diagnosis: str, language: str) -> bool:
    if case.kind == "normal" and says_normal(diagnosis, language):
        return True
    names = dict.fromkeys([*case.names, *(heard_as(name, case.language) for name in case.names)])
    return same_diagnosis(diagnosis, list(names), language)


def _findings(case: TeachingCase, answer: LearnerAnswer) -> tuple[Compared, ...]:
    truth = [one for text in case.findings for one in described(text, case.language)]
    there = [one for one in truth if one.standing == "stated"]
    said = described(answer.description, answer.language)
    named = {concept.id for name in case.names for concept in vocabulary().find(name)}
    guessed = [one for guess in answer.differential for one in described(guess.diagnosis, answer.language)]
    truths = tuple(one for one in guessed if one.ids & named)
    compared = [_compared(one, (*said, *truths)) for one in there]
    known = named.union(*(one.ids for one in truth if one.standing != "denied"))
    extra = [one for one in said if one.standing == "stated" and not one.ids & known]
    return (*compared, *(Compared("extra", one.term, one.side) for one in extra))


def _compared(truth: Observation, said: tuple[Observation, ...]) -> Compared:
    same = [one for one in said if one.ids & truth.ids]
    stated = [one for one in same if one.standing == "stated"]
    outcome: Outcome = "missed"
    if (stated and truth.side in (None, *(one.side for one in stated))) or _on_both(truth, stated):
        outcome = "found"
    elif any(one.side is None for one in stated):
        outcome = "side unnamed"
    elif stated:
        outcome = "wrong side"
    elif any(one.standing == "open" for one in same):
        outcome = "in doubt"
    return Compared(outcome, truth.term, truth.side)


def _on_both(truth: Observation, stated: list[Observation]) -> bool:
    """Whether what is on both sides was named for each of them."""
    return truth.side == "both" and {one.side for one in stated} >= {"left", "right"}
