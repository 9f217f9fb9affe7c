"""On the page a teacher deletes a session, a case and what a learner did; a learner takes back their part."""

from __future__ import annotations

from pathlib import Path

from streamlit.testing.v1 import AppTest

from assistant.chat import Assistant
from assistant.teaching.teacher import Teacher
from tests.assistant.pages.test_teach import ME, fresh_process, joined, made, open_teach, press, texts

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
    press(app, "Delete what they did")  # nobody is chosen yet
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
    assert "Join a session" in texts(app)
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
