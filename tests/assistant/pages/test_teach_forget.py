"""On the page a teacher deletes a session, a case and what a learner did; a learner takes back their part."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from assistant.chat import Assistant
from assistant.pages import teach
from assistant.teaching.answer import answered
from assistant.teaching.learner import Learner
from assistant.teaching.teacher import Teacher
from tests.assistant.pages.test_teach import ME, fresh_process, joined, made, open_teach, press, texts, titled

__all__ = ["fresh_process"]


def chosen(app: AppTest, label: str) -> None:
    next(one for one in app.selectbox if one.label == label).select_index(0)


def left_of(owner: str) -> tuple[int, int]:
    """How many sessions and cases an owner has."""
    with Assistant() as assistant:
        teacher = Teacher(assistant.services, owner)
        return len(teacher.sessions()), len([*teacher.cases(), *teacher.withdrawn_cases()])


def test_a_session_is_deleted_once_it_is_closed_and_then_its_case(home: Path) -> None:
    session = made(ME)
    with Assistant() as assistant:
        case = Teacher(assistant.services, ME).cases()[0].id
    app = open_teach(session=session.id)
    assert "close it first" in texts(app)
    press(app, "Close the session")
    press(app, "Delete the session")
    assert not app.exception
    assert left_of(ME) == (0, 1)
    assert "The session is deleted" in texts(app)
    assert "Tuesday" not in texts(app)
    app = open_teach(case=case)
    press(app, "Delete the case")
    assert not app.exception
    assert left_of(ME) == (0, 0)


def test_a_case_that_a_session_holds_stays_and_the_session_is_named(home: Path) -> None:
    made(ME)
    with Assistant() as assistant:
        case = Teacher(assistant.services, ME).cases()[0].id
    app = open_teach(case=case)
    press(app, "Delete the case")
    assert "“Tuesday”" in texts(app)
    press(app, "Withdraw it")
    assert "Withdrawn cases" in [one.label for one in app.expander]
    press(app, "See the case")
    assert "Delete the case" in [one.label for one in app.button]
    assert left_of(ME) == (1, 1)


def test_a_teacher_deletes_what_one_learner_did_and_sees_the_count(home: Path) -> None:
    session = made(ME)
    for owner in ("bob", "eve"):
        joined(session, owner).close()
    app = open_teach(session=session.id)
    press(app, "Delete what they did")
    assert "Choose a learner first" in texts(app)
    assert "L01" in texts(app)
    chosen(app, "Learner")
    press(app, "Delete what they did")
    assert not app.exception
    assert "L01" not in texts(app)
    assert "L02" in texts(app)
    assert "nothing is kept of what they did: 1" in texts(app)


def test_a_learner_takes_back_what_they_did_and_is_at_the_start_again(home: Path) -> None:
    session = made("teacher")
    joined(session, ME).close()
    app = open_teach()
    press(app, "Delete it for good")
    assert not app.exception
    assert "Taken back: what you did" in texts(app)
    assert "Join a session" in texts(app)
    assert "Taken back: what you did" not in texts(app.run())
    with Assistant() as assistant:
        teacher = Teacher(assistant.services, "teacher")
        assert (teacher.learners(session.id), teacher.withdrawn(session.id)) == ([], 1)


def test_after_the_commit_and_after_leaving_it_can_be_taken_back_too(home: Path) -> None:
    session = made("teacher")
    joined(session, ME).close()
    app = open_teach()
    next(one for one in app.text_input if one.label == "Diagnosis 1").set_value("naevus").run()
    press(app, "Commit to this answer")
    assert "Zorbulosis" in texts(app)
    assert "Delete it for good" in [one.label for one in app.button]
    with Assistant() as assistant:
        who = assistant.services.teaching.sessions.participants(session.id)[0]
        assistant.services.teaching.sessions.leave(who.id)
    app = open_teach()
    chosen(app, "Session")
    press(app, "Delete it for good")
    assert not app.exception
    assert "What I did in sessions" not in [one.label for one in app.expander]
    with Assistant() as assistant:
        assert assistant.services.teaching.sessions.participants(session.id) == []


def test_who_did_nothing_is_offered_nothing_to_take_back(home: Path) -> None:
    app = open_teach()
    assert "What I did in sessions" not in [one.label for one in app.expander]


def _class_alone(owner: str, session_id: str) -> None:
    from assistant.chat import Assistant
    from assistant.pages import teach_class
    from assistant.teaching.teacher import Teacher

    with Assistant() as assistant:
        teacher = Teacher(assistant.services, owner)
        row = teacher.session(session_id)
        teacher.close(session_id)
        teacher.remove.session(session_id)
        teach_class._draw_class(teacher, row)


def test_a_class_view_whose_session_was_deleted_in_another_window_says_so(home: Path) -> None:
    session = made(ME)
    given = {"owner": ME, "session_id": session.id}
    app = AppTest.from_function(_class_alone, default_timeout=60, kwargs=given).run()
    assert not app.exception
    assert "There is no session" in texts(app)


def elsewhere(owner: str, do: Callable[[Teacher], object]) -> None:
    """What the same owner does in another window."""
    with Assistant() as assistant:
        do(Teacher(assistant.services, owner))


def test_a_click_that_deletes_is_done_before_anything_is_drawn(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    session = made(ME)
    elsewhere(ME, lambda teacher: teacher.close(session.id))
    app = open_teach(session=session.id)
    with monkeypatch.context() as cut_off:
        cut_off.setattr(teach, "resume", lambda *_: st.stop())  # the drawing ends here
        press(app, "Delete the session")
    assert left_of(ME) == (0, 1)
    app.run()
    assert not app.exception
    assert "Tuesday" not in texts(app)


def test_a_form_for_a_session_that_was_deleted_elsewhere_gives_a_sentence(home: Path) -> None:
    session = made(ME)
    elsewhere(ME, lambda teacher: teacher.close(session.id))
    app = open_teach(session=session.id)
    elsewhere(ME, lambda teacher: teacher.remove.session(session.id))
    press(app, "Delete the session")
    assert not app.exception
    assert "There is no session" in texts(app)
    assert "Join a session" in texts(app)


def test_a_form_for_a_learner_who_withdrew_elsewhere_gives_a_sentence_and_deletes_nobody(home: Path) -> None:
    session = made(ME)
    for owner in ("bob", "eve"):
        joined(session, owner).close()
    app = open_teach(session=session.id)
    chosen(app, "Learner")
    elsewhere(ME, lambda teacher: teacher.remove.learner(session.id, "L01"))
    press(app, "Delete what they did")
    assert not app.exception
    assert "There is no learner" in texts(app)
    with Assistant() as assistant:
        assert [one.pseudonym for one in Teacher(assistant.services, ME).learners(session.id)] == ["L02"]


def test_a_word_over_an_answer_reaches_the_answer_that_was_shown_or_nobody(home: Path) -> None:
    session = made(ME)
    for owner in ("bob", "eve"):
        with joined(session, owner) as assistant:
            part = assistant.services.teaching.sessions.taking_part(owner)[0]
            Learner(assistant.services, *part).commit(answered("", [("dark spot", 60)]))
    app = open_teach(session=session.id)
    next(box for box in app.selectbox if box.label == "Which diagnosis is right").set_value(1)
    elsewhere(ME, lambda teacher: teacher.remove.learner(session.id, "L01"))
    press(app, "Let my word count")
    assert not app.exception
    assert "There is no answer of L01" in texts(app)
    with Assistant() as assistant:
        (left,) = Teacher(assistant.services, ME).marked(session.id)
        assert (left.learner.pseudonym, left.feedback.right) == ("L02", False)


def test_a_session_on_a_case_that_was_deleted_elsewhere_is_not_made_without_it(home: Path) -> None:
    gone = [made(ME), made(ME)][0]
    with Assistant() as assistant:
        case = assistant.services.teaching.sessions.held(gone.id)[0][0]
    app = open_teach(new="1")
    app.radio[0].set_value("teach.by_hand").run()
    titled(app, "Wednesday")
    cases = next(one for one in app.multiselect if one.label == "Teaching cases, in order")
    assert sorted(cases.options) == ["Zorbulosis", "Zorbulosis (2)"]
    cases.set_value(["Zorbulosis", "Zorbulosis (2)"])

    def delete(teacher: Teacher) -> None:
        teacher.close(gone.id)
        teacher.remove.session(gone.id)
        teacher.remove.case(case)

    elsewhere(ME, delete)
    press(app, "Make the session")
    assert not app.exception
    assert "was just deleted or withdrawn" in texts(app)
    assert left_of(ME) == (1, 1)


def test_a_learner_whose_session_ended_elsewhere_is_told_so_and_who_left_is_told_that(home: Path) -> None:
    session = made("teacher")
    joined(session, ME).close()
    app = open_teach()
    elsewhere("teacher", lambda teacher: teacher.close(session.id))
    press(app, "Commit to this answer")
    assert not app.exception
    assert "“Tuesday” was closed or deleted" in texts(app)
    joined(made("teacher"), ME).close()
    app.run()
    press(app, "Leave for good")
    assert "You left the session" in texts(app)
    assert "was closed or deleted" not in texts(app)


def test_who_deletes_while_somebody_reads_the_database_is_told_what_is_left_and_until_when(
    home: Path,
) -> None:
    joined(made("teacher"), ME).close()
    app = open_teach()
    with closing(sqlite3.connect(home / "conversations.db")) as reader:
        reader.execute("BEGIN")
        reader.execute("SELECT count(*) FROM teaching_steps").fetchone()
        press(app, "Delete it for good")
    assert "Taken back" in texts(app)
    assert "still stands in its log" in texts(app)
