"""Parts of a session, and when a case is revealed in which."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from assistant.chat import Assistant
from assistant.teaching.answer import answered
from assistant.teaching.drawing_lots import order_for
from assistant.teaching.figures import figures
from assistant.teaching.learner import Learner, join
from assistant.teaching.teacher import Teacher
from assistant.teaching.unknown import Unknown
from assistant.teaching.way import Revealed
from store.errors import CaseError
from store.teaching.cases import CaseVersion
from store.teaching.options import Feedback, Part, SessionOptions, session_options

NAEVUS = answered("", [("naevus", 60)])
PARTS = (Part(kind="pre-test", cases=1), Part(kind="practice", cases=1), Part(kind="post-test", cases=1))


def begun(casebook: Assistant, teacher: Teacher, cases: Sequence[CaseVersion], told: Feedback) -> Learner:
    options = SessionOptions(parts=PARTS, feedback=told)
    session = teacher.new_session("Study", cases, options)
    return join(casebook.services, "bob", session.join_code, "Bob")


@pytest.fixture
def three(unknown_case: CaseVersion, normal_case: CaseVersion) -> list[CaseVersion]:
    return [unknown_case, normal_case, unknown_case]


def test_with_feedback_in_practice_alone_no_test_case_is_ever_revealed(
    casebook: Assistant, teacher: Teacher, three: list[CaseVersion]
) -> None:
    learner = begun(casebook, teacher, three, "practice")
    first = learner.here()
    assert isinstance(first, Unknown)
    assert (first.part, learner.tells_now) == ("pre-test", False)
    assert learner.commit(NAEVUS) is None
    second = learner.here()
    assert isinstance(second, Unknown)
    assert (second.place, second.part, learner.tells_now) == (2, "practice", True)
    assert isinstance(learner.commit(NAEVUS), Revealed)
    learner.go_on()
    assert learner.commit(NAEVUS) is None
    assert learner.done
    assert learner.to_look_back() == [2]
    for place in (1, 3):
        with pytest.raises(CaseError, match="not open to you"):
            learner.look_back(place)
        with pytest.raises(CaseError, match="not open to you"):
            learner.image(0, place)
    assert learner.look_back(2).case.kind == "normal"


def test_with_feedback_at_the_end_all_is_revealed_after_the_last_commit(
    casebook: Assistant, teacher: Teacher, three: list[CaseVersion]
) -> None:
    learner = begun(casebook, teacher, three, "end")
    for place in (1, 2, 3):
        assert learner.to_look_back() == []
        with pytest.raises(CaseError, match="not open to you"):
            learner.look_back(place)
        learner.here()
        assert learner.commit(NAEVUS) is None
    assert learner.to_look_back() == [1, 2, 3]
    assert learner.look_back(1).case.diagnosis == "Zorbulosis"
    assert learner.image(0, 1).frame_count == 1


def test_the_figures_are_told_by_part(
    casebook: Assistant, teacher: Teacher, three: list[CaseVersion]
) -> None:
    learner = begun(casebook, teacher, three, "end")
    for said in ("zorbulosis", "naevus", "naevus"):
        learner.here()
        learner.commit(answered("", [(said, None)]))
    parts = figures(teacher.marked(learner.session.id)).parts
    assert [(one.name, one.right.count, one.right.of) for one in parts] == [
        ("pre-test", 1, 1), ("practice", 0, 1), ("post-test", 0, 1),
    ]  # fmt: skip


def test_a_random_order_stays_within_each_part() -> None:
    parts = [Part(kind="pre-test", cases=4), Part(kind="practice", cases=6)]
    options = SessionOptions(order="random", seed=3, parts=tuple(parts))
    orders = [order_for(options, 10, learner) for learner in range(1, 9)]
    assert all(sorted(one[:4]) == [1, 2, 3, 4] for one in orders)
    assert len({tuple(one) for one in orders}) > 4


def test_parts_hold_all_cases_or_the_session_is_refused(teacher: Teacher, three: list[CaseVersion]) -> None:
    with pytest.raises(CaseError, match="parts hold 3 cases and the session 2"):
        teacher.new_session("Study", three[:2], SessionOptions(parts=PARTS))


@pytest.mark.parametrize(
    ("odd", "why"),
    [
        ({"feedback": "practice"}, "practice part"),
        ({"arms": ["none", "none"]}, "once"),
        ({"arms": ["none", "planner"], "block": 3}, "equally often"),
        ({"known": True, "seconds_per_case": 5}, "known cases"),
        ({"seconds_per_case": 0}, "seconds_per_case"),
        ({"parts": [{"kind": "exam", "cases": 1}]}, "parts.0.kind"),
    ],
)
def test_a_session_that_cannot_be_held_so_is_refused_with_the_reason(
    odd: dict[str, object], why: str
) -> None:
    with pytest.raises(CaseError, match=why):
        session_options(**odd)
