"""The page of teaching sessions without a browser: who sees what, and what is said if something is wrong."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from pathlib import Path

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from assistant.chat import Assistant
from assistant.pages import desk, main, teach_case, teach_class, teach_viewer
from assistant.teaching.answer import answered
from assistant.teaching.learner import Learner, join
from assistant.teaching.teacher import Teacher
from store.pictures.image import Image
from store.teaching.case import checked
from store.teaching.options import Consent, SessionOptions
from store.teaching.rows import SessionRow
from tests.inputs.case_library import mole

ME = hashlib.sha256(b"me").hexdigest()
HIDDEN = ("Zorbulosis", "Captionsecret", "Findingsecret", "Discussionsecret")


@pytest.fixture(autouse=True)
def fresh_process(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A process in which no page was opened, and a browser that is always the same."""
    desk._HELD.clear()
    monkeypatch.setattr(desk, "owner", lambda: (ME, True))
    # AppTest draws no components of version 2; Chromium does, in tests/browser/test_browser_teach.py.
    monkeypatch.setattr(teach_viewer, "viewer", lambda *_, **__: None)
    monkeypatch.setattr(teach_case, "clock", lambda *_, **__: False)
    yield
    desk._HELD.clear()


def made(owner: str) -> SessionRow:
    """A session of one case with two hints."""
    with Assistant() as assistant:
        teacher = Teacher(assistant.services, owner)
        blank = {"key": "0" * 64, "caption": "Captionsecret"}
        case = checked(
            diagnosis="Zorbulosis", findings=["Findingsecret: blue-white veil."], images=[blank],
            history="It grew.", age_years=41, sex="female", discussion="Discussionsecret",
            hints=["Look at the border.", "Look at the veil."],
        )  # fmt: skip
        return teacher.new_session("Tuesday", [teacher.make.keep(case, [Image(mole(3)[None], "PNG")])])


def joined(session: SessionRow, owner: str) -> Assistant:
    assistant = Assistant()
    join(assistant.services, owner, session.join_code, "Bob")
    return assistant


def _teach() -> None:
    from assistant.chat import Assistant
    from assistant.pages import teach
    from assistant.pages.desk import open_desk

    teach.show(open_desk(Assistant))


def open_teach(**query: str) -> AppTest:
    app = AppTest.from_function(_teach, default_timeout=60)
    for name, value in query.items():
        app.query_params[name] = value
    return app.run()


def texts(app: AppTest) -> str:
    kinds = (
        "title",
        "header",
        "subheader",
        "markdown",
        "caption",
        "error",
        "info",
        "warning",
        "success",
        "html",
    )
    return "\n".join(str(element.value) for kind in kinds for element in app.get(kind))


def titled(app: AppTest, title: str) -> None:
    next(one for one in app.text_input if one.label == "Title").set_value(title)


def press(app: AppTest, label: str) -> AppTest:
    return next(button for button in app.button if button.label == label).click().run()


def test_a_wrong_code_is_told_and_a_right_one_joins(home: Path) -> None:
    session = made("teacher")
    app = open_teach()
    app.text_input[0].set_value("WRONG2")
    app.text_input[1].set_value("Bob")
    press(app, "Join a session")
    assert "No open session" in texts(app)
    app.text_input[0].set_value(session.join_code.lower())
    press(app, "Join a session")
    assert not app.exception
    assert app.title[0].value == "Tuesday"
    assert "Case 1 of 1" in texts(app)
    assert "female, 41 years" in texts(app)


def test_join_codes_cannot_be_tried_without_end(home: Path) -> None:
    app = open_teach()
    for _ in range(11):
        app.text_input[0].set_value("WRONG2")
        press(app, "Join a session")
    assert "Too many join codes" in texts(app)


def test_a_commit_outlives_a_drawing_that_the_next_click_cut_off(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with joined(made("teacher"), ME):
        app = open_teach()
    app.text_input[0].set_value("melanoma")
    app.number_input[0].set_value(60).run()
    with monkeypatch.context() as cut_off:
        cut_off.setattr(teach_case, "_draw_answer", lambda *_: st.stop())
        press(app, "Commit to this answer")
    assert "Zorbulosis" not in texts(app)
    assert "Zorbulosis" in texts(app.run())


def test_a_case_is_read_helped_with_committed_and_revealed(home: Path) -> None:
    with joined(made("teacher"), ME):
        app = open_teach()
    assert not app.exception
    for secret in HIDDEN:
        assert secret not in texts(app)
    assert "Draft kept" not in texts(app)
    press(app, "Give me a hint")
    assert "Look at the border" in texts(app)
    assert "Look at the veil" not in texts(app)
    press(app, "Commit to this answer")
    assert "Name at least one diagnosis" in texts(app)
    app.text_area[0].set_value("A blue-white veil.")
    app.text_input[0].set_value("melanoma")
    app.number_input[0].set_value(60).run()
    assert "Draft kept: 18 characters and 1 diagnosis" in texts(app)
    press(app, "Commit to this answer")
    assert not app.exception
    for secret in HIDDEN:
        assert secret in texts(app)
    assert "melanoma \\(60 %\\)" in texts(app)
    assert "blue\\-white veil: found" in texts(app)
    press(app, "Next case")
    assert "gone through all cases" in texts(app)


def test_one_sentence_that_stands_for_findings_caption_and_discussion_is_shown_once(home: Path) -> None:
    with Assistant() as assistant:
        teacher = Teacher(assistant.services, "teacher")
        told = "A blue-white veil."
        case = checked(
            diagnosis="Zorbulosis", findings=[told], discussion=told,
            images=[{"key": "0" * 64, "caption": told}],
        )  # fmt: skip
        session = teacher.new_session("Tuesday", [teacher.make.keep(case, [Image(mole(3)[None], "PNG")])])
        join(assistant.services, ME, session.join_code, "Bob").commit(answered("", [("melanoma", 60)]))
    app = open_teach()
    assert not app.exception
    assert texts(app).count("A blue\\-white veil\\.") == 1


def test_chats_and_the_library_are_closed_while_a_learner_reads(home: Path) -> None:
    with joined(made("teacher"), ME) as assistant:
        app = AppTest.from_file(str(Path(main.__file__)), default_timeout=60).run()
        assert "closed in this browser" in texts(app)
        assert not app.chat_input
        learner = assistant.services.teaching.sessions.taking_part(ME)[0]
        Learner(assistant.services, *learner).leave()
        app.run()
    assert "closed in this browser" not in texts(app)
    assert app.chat_input


def test_a_teacher_sees_the_class_and_nobody_else_does(home: Path) -> None:
    session = made(ME)
    with joined(session, "bob") as assistant:
        learner = Learner(assistant.services, *assistant.services.teaching.sessions.taking_part("bob")[0])
        learner.commit(answered("", [("dark spot", 60)]))
        learner.leave()
    app = open_teach(session=session.id)
    assert not app.exception
    assert session.join_code in texts(app)
    assert "1. Zorbulosis" in texts(app)
    assert "Bob \\(L01\\) | 1 / 1 | 0" in texts(app)
    app.text_input[0].set_value("Close enough.")
    next(box for box in app.selectbox if box.label == "Which diagnosis is right").set_value(1)
    press(app, "Let my word count")
    assert "Bob \\(L01\\) | 1 / 1 | 1" in texts(app)
    press(app, "Close the session")
    assert "session is closed" in texts(app)


@pytest.mark.parametrize("alone", [True, False])
def test_where_the_page_is_open_to_this_machine_alone_the_class_view_says_how_others_get_in(
    home: Path, monkeypatch: pytest.MonkeyPatch, alone: bool
) -> None:
    monkeypatch.setattr(teach_class, "is_here", lambda _url: alone)
    assert ("casebook class-code" in texts(open_teach(session=made(ME).id))) is alone


def test_the_class_of_another_teacher_is_a_sentence(home: Path) -> None:
    app = open_teach(session=made("teacher").id)
    assert "no session" in texts(app)
    assert "Zorbulosis" not in texts(app)


def test_a_session_is_made_by_hand_of_ones_own_cases(home: Path) -> None:
    made(ME)
    app = open_teach()
    assert not app.radio
    press(app, "New session")
    assert app.radio[0].value == "teach.by_hand"  # there is no library to draw from
    titled(app, "Zorbulosis day")
    cases = next(one for one in app.multiselect if one.label == "Teaching cases, in order")
    cases.set_value([cases.options[0]])
    press(app, "Make the session")
    assert "given away" in texts(app)
    titled(app, "Wednesday")
    press(app, "Make the session")
    assert "Wednesday" in texts(app)
    assert "type this code" in texts(app)


def test_a_study_is_joined_after_its_consent_alone(home: Path) -> None:
    first = made("teacher")
    with Assistant() as assistant:
        teacher = Teacher(assistant.services, "teacher")
        asked = SessionOptions(consent=Consent(text="We keep what you answer.", version="7"), arms=("none",))
        session = teacher.new_session("Study", teacher.cases(), asked)
    app = open_teach()
    app.text_input[0].set_value(session.join_code)
    app.text_input[1].set_value("Bob")
    press(app, "Join a session")
    assert "We keep what you answer" in texts(app)
    assert "Case 1 of 1" not in texts(app)
    press(app, "I have read this and accept it")
    assert not app.exception
    assert "Case 1 of 1" in texts(app)
    assert "read without help" in texts(app)
    assert not [button for button in app.button if button.label == "Give me a hint"]
    assert first.id != session.id


def test_a_session_of_parts_with_time_and_arms_is_made_on_the_page(home: Path) -> None:
    made(ME)
    app = open_teach()
    press(app, "New session")
    app.radio[0].set_value("teach.by_hand").run()
    titled(app, "Course")
    cases = next(one for one in app.multiselect if one.label == "Teaching cases, in order")
    cases.set_value([cases.options[0]])
    fields = {one.label: one for one in app.number_input}
    fields["Seconds per case, 0 for no limit"].set_value(90)
    fields["Practice: cases"].set_value(1)
    next(one for one in app.multiselect if one.label.startswith("Arms")).set_value(
        ["built-in planner", "none"]
    )
    press(app, "Make the session")
    assert not app.exception
    assert "type this code" in texts(app)
    with Assistant() as assistant:
        options = Teacher(assistant.services, ME).sessions()[0].options
    assert (options.seconds_per_case, options.part_of(1)) == (90, "practice")
    assert set(options.arms) == {"planner", "none"}


def test_a_case_that_is_revealed_at_the_end_is_looked_at_again_then(home: Path) -> None:
    made("teacher")
    with Assistant() as assistant:
        teacher = Teacher(assistant.services, "teacher")
        session = teacher.new_session("Test", teacher.cases(), SessionOptions(feedback="end"))
        learner = join(assistant.services, ME, session.join_code, "Bob")
        learner.here()
        learner.commit(answered("", [("melanoma", 60)]))
    app = open_teach()
    assert "gone through all cases" in texts(app)
    assert "Zorbulosis" not in texts(app)
    assert "that of the teacher in 0 of 1 cases" in texts(app)
    again = next(box for box in app.selectbox if box.label == "Look at a case again")
    assert again.options == ["Case 1 of 1"]
    again.set_value(1).run()
    assert not app.exception
    assert "Zorbulosis" in texts(app)


def test_a_teacher_finds_a_case_of_their_own_and_nobody_elses(home: Path) -> None:
    made(ME)
    app = open_teach()
    press(app, "My teaching cases")
    assert "Zorbulosis" in texts(app)
    press(app, "See the case")
    assert not app.exception
    assert "Version 1" in texts(app)
    case_id = app.query_params["case"]
    other = made("teacher")
    with Assistant() as assistant:
        foreign = assistant.services.teaching.sessions.held(other.id)[0][0]
    assert "no teaching case" in texts(open_teach(case=foreign))
    assert "Version 1" in texts(open_teach(case=case_id[0] if isinstance(case_id, list) else case_id))
