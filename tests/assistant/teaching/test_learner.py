"""A learner's way through a session, and that nothing is told too early, lost or changed."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import fields, is_dataclass

import pytest

from assistant.chat import Assistant
from assistant.teaching.answer import LearnerAnswer, answered
from assistant.teaching.learner import Learner, join, resume, still_reading
from assistant.teaching.teacher import Teacher
from assistant.teaching.unknown import Unknown, UnknownImage
from assistant.teaching.way import Revealed
from store.errors import CaseError
from store.teaching.options import SessionOptions
from store.teaching.rows import SessionRow
from tests.assistant.teaching.conftest import HINTS

ZORBULOSIS = answered("A blue-white veil.", [("quuxoma", 80), ("naevus", 20)])


def test_what_may_be_read_before_the_commit_has_no_place_for_more() -> None:
    assert {one.name for one in fields(Unknown)} == {
        "place", "count", "history", "age_years", "sex", "images", "hints", "more_hints", "draft",
        "part", "seconds_left",
    }  # fmt: skip
    assert {one.name for one in fields(UnknownImage)} == {"slices"}
    assert set(LearnerAnswer.model_fields) == {"description", "differential", "marks", "language"}


def test_nothing_of_the_truth_is_told_before_the_commit_and_all_of_it_after(learner: Learner) -> None:
    before = learner.here()
    assert isinstance(before, Unknown)
    assert is_dataclass(before)
    assert (before.history, before.age_years, before.sex) == ("A mole that grew.", 41.0, "female")
    assert "secret" not in repr(before).lower()
    assert "zorb" not in repr(before).lower()
    assert "secret" not in repr(learner.image(0)).lower()
    after = learner.commit(ZORBULOSIS)
    assert after.case.diagnosis == "Zorbulosis"
    assert after.case.images[0].caption == "Captionsecret"
    assert learner.here() == after


def test_pictures_are_handed_out_without_what_their_file_says(learner: Learner) -> None:
    picture = learner.image(0)
    assert (picture.facts, picture.notes) == ({}, ())


def test_a_commit_is_final_and_what_comes_later_is_kept_apart(learner: Learner) -> None:
    first = learner.commit(ZORBULOSIS)
    assert first.feedback is not None
    assert first.feedback.right
    other = answered("", [("melanoma", 99)])
    for late in (learner.commit, learner.draft):
        with pytest.raises(CaseError, match="that answer stands"):
            late(other)
    with pytest.raises(CaseError, match="that answer stands"):
        learner.hint()
    learner.change_later(other)
    now = learner.here()
    assert isinstance(now, Revealed)
    assert (now.answer, now.later) == (ZORBULOSIS, other)


def test_an_empty_differential_is_no_answer_and_nothing_abnormal_is_one(learner: Learner) -> None:
    with pytest.raises(CaseError, match="nothing abnormal"):
        learner.commit(answered("A veil.", [("  ", 50)]))
    assert isinstance(learner.here(), Unknown)
    learner.commit(ZORBULOSIS)
    learner.go_on()
    done = learner.commit(answered("", [("", 70)], nothing_abnormal=True))
    assert done.feedback is not None
    assert done.feedback.right
    assert done.answer is not None
    assert done.answer.differential[0].confidence == 70


def test_nobody_goes_on_without_a_commit(learner: Learner) -> None:
    learner.here()
    with pytest.raises(CaseError, match="Commit to this case first"):
        learner.go_on()
    with pytest.raises(CaseError, match="Commit to the case first"):
        learner.change_later(ZORBULOSIS)


def test_hints_come_one_by_one_and_end(learner: Learner) -> None:
    assert [learner.hint() for _ in range(3)] == [*HINTS, None]
    here = learner.here()
    assert isinstance(here, Unknown)
    assert (here.hints, here.more_hints) == (tuple(HINTS), False)


def test_a_draft_and_the_place_are_found_again_by_another_process(
    casebook: Assistant, learner: Learner
) -> None:
    learner.draft(ZORBULOSIS)
    with Assistant() as restarted:
        again = resume(restarted.services, "bob")
        assert again is not None
        here = again.here()
        assert isinstance(here, Unknown)
        assert here.draft == ZORBULOSIS
        again.commit(ZORBULOSIS)
    seen = learner.here()
    assert isinstance(seen, Revealed)
    learner.go_on()
    assert learner.place == 2


def test_the_end_is_reached_and_the_browser_is_free_again(casebook: Assistant, learner: Learner) -> None:
    for answer in (ZORBULOSIS, answered("", [], nothing_abnormal=True)):
        assert still_reading(casebook.services, "bob")
        learner.here()
        learner.commit(answer)
        learner.go_on()
    assert learner.done
    assert learner.here() is None
    assert not still_reading(casebook.services, "bob")


def test_who_leaves_reads_no_more(casebook: Assistant, learner: Learner) -> None:
    learner.leave()
    assert not still_reading(casebook.services, "bob")
    assert resume(casebook.services, "bob") is None


def test_a_closed_session_takes_no_answer(teacher: Teacher, session: SessionRow, learner: Learner) -> None:
    learner.here()
    teacher.close(session.id)
    with pytest.raises(CaseError, match="No open session"):
        learner.commit(ZORBULOSIS)


def test_in_a_known_session_all_is_open_and_nothing_is_committed(
    casebook: Assistant, teacher: Teacher, session: SessionRow
) -> None:
    cases = teacher.cases()
    known = teacher.new_session("Zorbulosis for all", cases, SessionOptions(known=True))
    eve = join(casebook.services, "eve", known.join_code, "Eve")
    here = eve.here()
    assert isinstance(here, Revealed)
    assert here.answer is None
    with pytest.raises(CaseError, match="no case here"):
        eve.commit(ZORBULOSIS)
    eve.go_on()
    assert eve.place == 2
    assert not still_reading(casebook.services, "eve")


def test_the_time_is_from_opening_to_commit(learner: Learner) -> None:
    learner.here()
    time.sleep(0.05)
    learner.here()
    done = learner.commit(ZORBULOSIS)
    assert done.seconds is not None
    assert 0.05 <= done.seconds < 60


def test_a_class_of_thirty_at_once_loses_nothing(
    casebook: Assistant, teacher: Teacher, session: SessionRow
) -> None:
    def work(n: int) -> None:
        who = join(casebook.services, f"browser-{n}", session.join_code, f"Nick {n}")
        while not who.done:
            who.here()
            who.draft(answered(f"Draft {n}.", []))
            who.commit(answered(f"Words of {n}.", [("zorbulosis", n)]))
            who.go_on()

    with ThreadPoolExecutor(10) as pool:
        list(pool.map(work, range(30)))
    found = teacher.marked(session.id)
    assert len(found) == 60
    for one in found:
        assert one.answer.description == f"Words of {one.confidence}."
    assert {one.learner.pseudonym for one in found} == {f"L{n:02d}" for n in range(1, 31)}


@pytest.mark.parametrize("nickname", ["", "   ", "x" * 25])
def test_a_nickname_has_one_to_24_characters(casebook: Assistant, session: SessionRow, nickname: str) -> None:
    with pytest.raises(CaseError, match="nickname"):
        join(casebook.services, "eve", session.join_code, nickname)


def test_what_tells_who_a_patient_is_is_not_kept(learner: Learner) -> None:
    learner.draft(answered("Patient name: Erika Mustermann, born 12.08.1964.", []))
    here = learner.here()
    assert isinstance(here, Unknown)
    assert "Mustermann" not in here.draft.description


def test_a_picture_is_that_of_its_case_and_of_no_other_place(casebook: Assistant, learner: Learner) -> None:
    first = learner.image(0, 1)
    with pytest.raises(CaseError, match="not open to you"):
        learner.image(0, 2)
    learner.here()
    learner.commit(ZORBULOSIS)
    learner.go_on()
    with pytest.raises(CaseError, match="not open to you"):
        learner.image(0, 1)
    assert (learner.image(0, 2).pixels != first.pixels).any()
