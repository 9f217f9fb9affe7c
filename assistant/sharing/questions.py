"""A case as a question with answers to choose from; that nothing is abnormal is always one of them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from assistant.sharing.copies import CaseCopy
from tools.language.described import same_diagnosis, says_normal
from tools.language.sayings import say

# Ours: as many as a reader still weighs against each other.
_MOST = 6


@dataclass(frozen=True)
class Choice:
    """One answer, and whether it is right."""

    text: str
    right: bool


def asked_about(copy: CaseCopy) -> list[str]:
    """What is told of a case before its pictures: sex and age where they are known, and the history."""
    case, language = copy.case, copy.language
    age = "" if case.age_years is None else say("teach.age", language, years=f"{case.age_years:g}")
    sex = "" if case.sex == "unknown" else say(f"teach.sex_{case.sex}", language)
    who = ", ".join(filter(None, (sex, age)))
    return [*filter(None, (who,)), case.history or say("teach.no_history", language)]


def captions_of_regions(copy: CaseCopy) -> list[str]:
    """What the numbers of the outlined regions stand for."""
    return [f"{number}: {one.caption}" for number, one in enumerate(copy.case.regions, 1) if one.caption]


def choices(copy: CaseCopy, others: Iterable[str] = ()) -> list[Choice]:
    """The answers of a case by alphabet: the truth, its differential, that nothing is abnormal.

    Args:
        copy: the case.
        others: diagnoses of other cases, taken where the differential leaves room.
    """
    language = copy.language
    nothing = say("share.nothing_abnormal", language)
    wrong: list[str] = [] if copy.truth == nothing else [nothing]
    for name in (*copy.case.differential, *others):
        taken = [*copy.case.names, copy.truth, *wrong]
        normal = says_normal(name, language) or says_normal(name)
        if len(wrong) < _MOST - 1 and not normal and not same_diagnosis(name, taken, language):
            wrong.append(name)
    if not wrong:
        wrong.append(say("share.something_abnormal", language))
    found = [Choice(copy.truth, right=True), *(Choice(name, right=False) for name in wrong)]
    return sorted(found, key=lambda one: one.text.casefold())
