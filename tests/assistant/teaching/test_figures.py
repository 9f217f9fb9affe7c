"""Figures of a class: counted by hand on answers that are known."""

from __future__ import annotations

import pytest

from assistant.teaching.answer import answered
from assistant.teaching.feedback import feedback
from assistant.teaching.figures import HOW, figures, how
from assistant.teaching.marked import Marked
from assistant.teaching.teacher import Teacher
from store.errors import CaseError
from store.teaching.case import TeachingCase, checked
from store.teaching.options import SessionOptions
from store.teaching.rows import Participant, SessionRow, Step, Written
from tools.language.sayings import languages

CASES = [
    checked(diagnosis="naevus", images=[{"key": "0" * 64}], findings=["Blue-white veil."]),
    checked(diagnosis="normal", kind="normal", images=[{"key": "0" * 64}]),
    checked(diagnosis="melanoma", images=[{"key": "0" * 64}]),
]


def marked(learner: int, position: int, first: str, sure: int | None, seconds: float = 10.0) -> Marked:
    who = Participant(f"p{learner}", "s", learner, f"Nick{learner}", (1, 2, 3), 0.0)
    case: TeachingCase = CASES[position - 1]
    answer = answered("A blue-white veil.", [(first, sure), ("melanoma", None)])
    steps = [Step(who.id, position, 1, "opened", "{}", 100.0)]
    commit = Written(who.id, position, answer.model_dump_json(), 100.0 + seconds)
    said = feedback(case, answer)
    return Marked.of(
        learner=who, commit=commit, case=case, answer=answer, steps=steps, said=said, options=SessionOptions()
    )


ANSWERS = [
    marked(1, 1, "mole", 90, 10), marked(1, 2, "nothing abnormal", 90, 20), marked(1, 3, "naevus", 90, 30),
    marked(2, 1, "naevus", 50, 40), marked(2, 2, "psoriasis", 10, 50), marked(2, 3, "mole", 100, 60),
]  # fmt: skip


def test_the_class_is_counted_answer_by_answer() -> None:
    everybody = figures(ANSWERS).everybody
    assert everybody is not None
    assert (everybody.right.count, everybody.right.of) == (3, 6)
    assert everybody.in_list.count == 5  # melanoma stands second in every list
    assert everybody.seconds == 35.0
    assert everybody.findings["found"] == 2
    assert everybody.findings["extra"] == 4
    expected = ((0.9 - 1) ** 2 * 2 + 0.9**2 + (0.5 - 1) ** 2 + 0.1**2 + 1.0**2) / 6
    assert everybody.brier == pytest.approx(expected)
    low, high = everybody.right.interval
    assert 0 < low < 0.5 < high < 1


def test_learners_and_cases_have_figures_of_their_own_the_hardest_first() -> None:
    found = figures(ANSWERS)
    assert [(one.name, one.right.count) for one in found.learners] == [("L01", 2), ("L02", 1)]
    assert [(one.name, one.right.count) for one in found.cases] == [("3", 0), ("2", 1), ("1", 2)]


def test_a_case_that_nobody_answered_is_neither_hard_nor_easy() -> None:
    assert {one.name for one in figures(ANSWERS[:2]).cases} == {"1", "2"}


def test_confusions_name_the_same_thing_once() -> None:
    assert figures(ANSWERS).confusions == (("melanoma", "naevus", 2), ("normal", "psoriasis", 1))


def test_confidence_is_held_against_what_came_out() -> None:
    bins = {(one.low, one.high): (one.mean, one.right.count, one.right.of) for one in figures(ANSWERS).bins}
    assert bins == {(0, 20): (10.0, 0, 1), (40, 60): (50.0, 1, 1), (80, 100): (92.5, 2, 4)}


def test_confidences_that_nobody_gave_are_no_figure() -> None:
    found = figures([marked(1, 1, "naevus", None)])
    assert found.bins == ()
    assert found.everybody is not None
    assert found.everybody.brier is None


def test_agreement_is_on_names_of_the_same_thing() -> None:
    found = figures(ANSWERS).agreement
    cohen = found["Cohen"]
    assert cohen is not None
    # naevus, naevus | normal, psoriasis | naevus, naevus: 2 of 3 agree; by chance 2/3 · 2/3.
    assert cohen.value == pytest.approx((2 / 3 - 4 / 9) / (1 - 4 / 9))
    assert cohen.cases == 3


def test_without_answers_there_are_no_figures() -> None:
    found = figures([])
    assert found.everybody is None
    assert (found.learners, found.cases, found.bins, found.confusions) == ((), (), (), ())
    assert set(found.agreement.values()) == {None}


def test_one_learner_agrees_with_nobody() -> None:
    assert set(figures(ANSWERS[:3]).agreement.values()) == {None}


@pytest.mark.parametrize("language", languages())
def test_every_figure_says_how_it_is_computed(language: str) -> None:
    assert all(how(name, language) for name in HOW)


def test_a_teachers_word_changes_the_figures_and_nobody_elses_does(
    teacher: Teacher, session: SessionRow, learner: object
) -> None:
    from assistant.teaching.learner import Learner

    assert isinstance(learner, Learner)
    learner.commit(answered("", [("dark spot", 40), ("lichen", 20)]))
    assert not teacher.marked(session.id)[0].feedback.right
    teacher.overrule(session.id, "L01", 1, 1, "I count that.")
    (one,) = teacher.marked(session.id)
    assert (one.feedback.right, one.feedback.computed_rank, one.feedback.note) == (
        True,
        None,
        "I count that.",
    )
    seen = learner.here()
    assert getattr(seen, "feedback", None) == one.feedback
    for at in (("L01", 1, 3), ("L01", 2, 1), ("L02", 1, 1)):
        with pytest.raises(CaseError, match="no answer"):
            teacher.overrule(session.id, *at)
    with pytest.raises(CaseError, match="no session"):
        Teacher(teacher._services, "other").overrule(session.id, "L01", 1, None)
