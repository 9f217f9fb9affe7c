"""Timed sessions: what is there is committed when time is over, and the clock goes on over a restart."""

from __future__ import annotations

import time

import pytest

from assistant.chat import Assistant
from assistant.teaching.answer import answered
from assistant.teaching.clock import case_end, session_end
from assistant.teaching.figures import figures
from assistant.teaching.learner import Learner, join, resume
from assistant.teaching.teacher import Teacher
from assistant.teaching.unknown import Unknown
from assistant.teaching.way import Revealed
from store.errors import CaseError
from store.teaching.cases import CaseVersion
from store.teaching.options import SessionOptions
from store.teaching.rows import Step

NAEVUS = answered("A veil.", [("naevus", 60)])


def step(kind: str, at: float, position: int = 1) -> Step:
    return Step("p", position, 1, kind, "{}", at)  # type: ignore[arg-type]


@pytest.fixture
def hurried(casebook: Assistant, teacher: Teacher, unknown_case: CaseVersion, normal_case: CaseVersion):
    """Makes a learner of a session on two cases with a limit."""

    def make(**limits: int) -> Learner:
        session = teacher.new_session("Tuesday", [unknown_case, normal_case], SessionOptions(**limits))
        return join(casebook.services, "bob", session.join_code, "Bob")

    return make


def test_a_case_ends_by_its_own_limit_or_by_the_sessions_whichever_is_first() -> None:
    steps = [step("opened", 100.0), step("opened", 150.0, 2), step("draft", 160.0, 2)]
    both = SessionOptions(seconds_per_case=30, seconds_in_all=70)
    assert session_end(both, steps) == 170.0
    assert (case_end(both, steps, 1), case_end(both, steps, 2)) == (130.0, 170.0)
    assert case_end(SessionOptions(seconds_per_case=30), steps, 2) == 180.0
    assert case_end(SessionOptions(), steps, 1) is None
    assert case_end(both, [], 1) is None


def test_time_out_commits_what_is_there_and_says_so(hurried, teacher: Teacher) -> None:
    learner = hurried(seconds_per_case=1)
    before = learner.here()
    assert isinstance(before, Unknown)
    assert before.seconds_left is not None
    assert 0 < before.seconds_left <= 1
    learner.draft(NAEVUS)
    time.sleep(1.1)
    with pytest.raises(CaseError, match="committed"):
        learner.draft(answered("Too late.", []))
    seen = learner.here()
    assert isinstance(seen, Revealed)
    assert (seen.answer, seen.timed_out) == (NAEVUS, True)
    assert seen.seconds == pytest.approx(1.0)
    (one,) = teacher.marked(learner.session.id)
    assert (one.timed_out, one.first) == (True, "naevus")


def test_who_wrote_nothing_has_an_empty_answer_that_figures_take(hurried, teacher: Teacher) -> None:
    learner = hurried(seconds_per_case=1)
    learner.here()
    time.sleep(1.1)
    (one,) = teacher.marked(learner.session.id)  # the learner's browser is gone: the clock ran all the same
    assert (one.first, one.confidence, one.feedback.rank) == ("", None, None)
    found = figures([one])
    assert found.everybody is not None
    assert (found.everybody.right.count, found.confusions) == (0, ())


def test_who_takes_back_at_the_moment_when_time_runs_out_leaves_the_class_view_whole(
    hurried, teacher: Teacher, monkeypatch: pytest.MonkeyPatch
) -> None:
    learner = hurried(seconds_per_case=1)
    learner.here()
    time.sleep(1.1)
    steps = learner._shelf.steps
    commit = steps.commit

    def commit_and_take_back(*given: object, **more: object) -> None:
        commit(*given, **more)
        learner.take_back()

    monkeypatch.setattr(steps, "commit", commit_and_take_back)
    assert teacher.marked(learner.session.id) == []
    assert teacher.done(learner.session.id).withdrawn == 1


def test_the_clock_goes_on_over_a_restart(hurried) -> None:
    learner = hurried(seconds_per_case=60)
    first = learner.here()
    time.sleep(0.2)
    with Assistant() as restarted:
        again = resume(restarted.services, "bob")
        assert again is not None
        here = again.here()
    assert isinstance(first, Unknown)
    assert isinstance(here, Unknown)
    assert here.seconds_left is not None
    assert first.seconds_left is not None
    assert here.seconds_left < first.seconds_left - 0.15


def test_when_the_session_is_over_no_further_case_is_opened(hurried, teacher: Teacher) -> None:
    learner = hurried(seconds_in_all=1)
    learner.here()
    learner.commit(NAEVUS)
    time.sleep(1.1)
    learner.go_on()
    assert learner.done
    assert len(teacher.marked(learner.session.id)) == 1


def test_without_a_limit_nothing_is_said_of_time(hurried) -> None:
    here = hurried().here()
    assert isinstance(here, Unknown)
    assert here.seconds_left is None
