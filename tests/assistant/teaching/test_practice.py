"""A learner who practises alone: what is offered, what comes back, what is seen before the commit."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from assistant.chat import Assistant
from assistant.teaching.answer import answered
from assistant.teaching.learner import Learner, join
from assistant.teaching.practice import Practice
from assistant.teaching.practice_told import told
from assistant.teaching.teacher import Teacher
from assistant.teaching.unknown import Unknown
from store.cases.case import CaseFilter
from store.errors import CaseError
from store.teaching.rows import SessionRow
from tests.inputs.teaching_library import write_teaching_cases
from tools.language.sayings import say
from tools.privacy.searching import Needle, find_in_folder

pytestmark = pytest.mark.process


@pytest.fixture
def practice(casebook: Assistant, tmp_path: Path) -> Practice:
    for table in write_teaching_cases(tmp_path / "sets"):
        casebook.import_cases(table)
    return Practice(casebook.services, "ann")


def sat(casebook: Assistant, row: SessionRow, *, right: bool) -> list[str]:
    """Read all of a sitting, right or wrong; the tags of its cases."""
    learner: Learner = join(casebook.services, "ann", row.join_code, "Ann")
    held = casebook.services.teaching.sessions.held(row.id)
    seen = []
    while not learner.done:
        here = learner.here()
        assert isinstance(here, Unknown)
        case = held[learner.who.order[here.place - 1] - 1][2]
        seen.append(case.tags[0])
        learner.commit(answered("", [(case.diagnosis if right else "Zorbulosis", 50)]))
        learner.go_on()
    return seen


def test_missed_cases_come_back_when_they_are_due_and_right_ones_do_not(
    casebook: Assistant, practice: Practice
) -> None:
    first = sat(casebook, practice.begin(3), right=False)
    later = datetime.now(UTC) + timedelta(minutes=11)
    assert practice.state().due(datetime.now(UTC)) == []
    assert set(practice.state().due(later)) == set(first)
    fresh = sat(casebook, practice.begin(3), right=True)
    assert not set(fresh) & set(first)
    again = practice.begin(3, now=later)
    tags = {case.tags[0] for _, _, case in casebook.services.teaching.sessions.held(again.id)}
    assert tags == set(first)


def test_a_case_that_comes_back_is_the_same_teaching_case(casebook: Assistant, practice: Practice) -> None:
    row = practice.begin(2)
    ids = {name for name, _, _ in casebook.services.teaching.sessions.held(row.id)}
    sat(casebook, row, right=False)
    again = practice.begin(2, now=datetime.now(UTC) + timedelta(minutes=11))
    assert {name for name, _, _ in casebook.services.teaching.sessions.held(again.id)} == ids


def test_a_new_sitting_closes_the_one_before_and_another_learner_starts_afresh(
    casebook: Assistant, practice: Practice
) -> None:
    before = practice.begin(2)
    practice.begin(2)
    with pytest.raises(CaseError, match="join code"):
        join(casebook.services, "ann", before.join_code, "Ann")
    assert Practice(casebook.services, "bob").state().readings == ()
    assert Teacher(casebook.services, "ann").sessions() == []
    assert Teacher(casebook.services, "ann").cases() == []


def test_labels_are_kept_to_and_what_is_left_is_said(casebook: Assistant, practice: Practice) -> None:
    labels = sorted({one.label for one in casebook.services.library.cases(None, 100)})
    row = practice.begin(50, CaseFilter(label=(labels[0],)))
    held = casebook.services.teaching.sessions.held(row.id)
    assert {case.diagnosis for _, _, case in held} == {labels[0]}
    sat(casebook, row, right=True)
    with pytest.raises(CaseError, match="no case left"):
        practice.begin(5, CaseFilter(label=(labels[0],)))
    row = practice.begin(50)
    sat(casebook, row, right=False)
    with pytest.raises(CaseError, match="The next one comes back at 20"):
        practice.begin(5)
    with pytest.raises(CaseError, match="1 to"):
        practice.begin(0)


def test_the_state_says_what_is_due_and_that_there_is_no_curve_yet(
    casebook: Assistant, practice: Practice
) -> None:
    sat(casebook, practice.begin(2), right=False)
    text = "\n".join(told(practice.state(), "en", datetime.now(UTC) + timedelta(minutes=11)))
    assert "to be read again now: 2; later: 0." in text
    assert "is shown from 20 cases on" in text
    assert "too few cases to say" in text
    for language, word in (("de", "dran sind: 0; später: 2"), ("es", "otra vez ahora: 0; más tarde: 2")):
        assert word in "\n".join(told(practice.state(), language))


def test_who_never_practised_is_told_what_practice_is_and_of_no_missed_cases(practice: Practice) -> None:
    first, *rest = told(practice.state(), "en")
    assert first.startswith("You read cases of the library one after the other")
    assert not any("missed" in line for line in rest)


@pytest.mark.parametrize("language", ["en", "de", "es"])
def test_lines_name_no_package_and_explain_the_one_sign_they_use(
    casebook: Assistant, practice: Practice, language: str
) -> None:
    sat(casebook, practice.begin(2), right=False)
    assert not any("fsrs" in line or "Hautus" in line for line in told(practice.state(), language))
    assert say("practice.how", language).startswith("d′")


def test_practice_is_forgotten_with_its_answers_and_cases_and_begins_anew(
    casebook: Assistant, practice: Practice, home: Path
) -> None:
    sat(casebook, practice.begin(2), right=False)
    join(casebook.services, "ann", practice.begin(2).join_code, "Ann")
    bob = Practice(casebook.services, "bob")
    bob.begin(2)
    assert any(find_in_folder(home, Needle("Zorbulosis")))
    practice.forget()
    assert not any(find_in_folder(home, Needle("Zorbulosis")))
    assert practice.state().readings == ()
    assert len(casebook.services.teaching.cases.cases(None)) == 2
    assert len(casebook.services.teaching.sessions.sessions(None)) == 1
    practice.begin(2)
