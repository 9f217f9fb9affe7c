"""A teacher makes a case of pictures on the page, changes its words, and withdraws it."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from PIL import Image as PillowImage

from assistant.chat import Assistant
from assistant.teaching.teacher import Teacher
from store.pictures.image import Image
from store.teaching.cases import CaseVersion
from tests.assistant.pages.test_teach import ME, fresh_process, made, open_teach, press, texts
from tests.inputs.case_library import mole

__all__ = ["fresh_process"]


def picture(seed: int) -> bytes:
    data = io.BytesIO()
    PillowImage.fromarray(mole(seed)).save(data, "PNG")
    return data.getvalue()


def field(app: object, kind: str, label: str) -> object:
    return next(one for one in getattr(app, kind) if one.label == label)


def own() -> list[CaseVersion]:
    with Assistant() as assistant:
        return Teacher(assistant.services, ME).cases()


@pytest.mark.process
def test_a_case_is_made_of_pictures_with_its_words(home: Path) -> None:
    app = open_teach()
    press(app, "My teaching cases")
    press(app, "New case")
    app.file_uploader[0].set_value([("a.png", picture(1), "image/png"), ("b.png", picture(2), "image/png")])
    field(app, "text_input", "Diagnosis").set_value("naevus")
    field(app, "text_area", "History").set_value("It grew.")
    field(app, "text_area", "Hints, the faintest first").set_value("Look at the border.\n\n Count colours. ")
    field(app, "number_input", "Age in years").set_value(41)
    field(app, "text_area", "Findings").set_value("Pearly border\nulceration")
    field(app, "selectbox", "Sex").set_value("female")
    press(app, "Keep the case")
    assert not app.exception
    (one,) = own()
    assert (one.case.diagnosis, one.case.history, one.case.age_years, one.case.sex) == (
        "naevus", "It grew.", 41, "female",
    )  # fmt: skip
    assert one.case.hints == ("Look at the border.", "Count colours.")
    assert len(one.case.images) == 2
    assert "Version 1" in texts(app)
    (told,) = app.warning
    assert "Pearly border" in told.value
    assert "ulceration" not in told.value


def test_what_is_missing_is_said_and_nothing_is_kept(home: Path) -> None:
    app = open_teach(case="new")
    field(app, "text_input", "Diagnosis").set_value("naevus")
    press(app, "Keep the case")
    assert "Add at least one picture" in texts(app)
    app.file_uploader[0].set_value([("a.png", picture(1), "image/png")])
    field(app, "text_input", "Diagnosis").set_value(" ")
    press(app, "Keep the case")
    assert "Write the diagnosis" in texts(app)
    field(app, "text_input", "Diagnosis").set_value("naevus")
    field(app, "text_area", "History").set_value("A known naevus.")
    press(app, "Keep the case")
    assert "given away" in texts(app)
    assert own() == []


def test_words_are_changed_into_a_new_version_and_a_give_away_is_refused(home: Path) -> None:
    made(ME)
    app = open_teach(case=own()[0].id)
    field(app, "text_area", "History").set_value("It is a zorbulosis.")
    press(app, "Keep the words")
    assert "given away" in texts(app)
    assert own()[0].version == 1
    field(app, "text_area", "History").set_value("It grew for a year.")
    press(app, "Keep the words")
    assert not app.exception
    assert "Version 2" in texts(app)
    changed = own()[0].case
    assert (changed.history, changed.diagnosis, len(changed.hints)) == (
        "It grew for a year.",
        "Zorbulosis",
        2,
    )
    assert changed.images[0].caption == "Captionsecret"


def test_a_withdrawn_case_is_offered_no_more_and_its_session_keeps_it(home: Path) -> None:
    session = made(ME)
    app = open_teach(case=own()[0].id)
    press(app, "Withdraw it")
    assert own() == []
    with Assistant() as assistant:
        assert len(Teacher(assistant.services, ME).held(session.id)) == 1


@pytest.mark.process
def test_of_several_files_the_one_that_is_no_picture_is_named_and_what_is_read_is_said(home: Path) -> None:
    app = open_teach(case="new")
    files = [("a.png", picture(1), "image/png"), ("notes.csv", b"patient,age\nA,3\n", "text/csv")]
    app.file_uploader[0].set_value(files)
    field(app, "text_input", "Diagnosis").set_value("naevus")
    press(app, "Keep the case")
    assert not app.exception
    assert "notes\\.csv" in texts(app)
    assert "file 2 of 2" in texts(app).replace("\\", "")
    assert "Casebook reads PNG" in texts(app)
    assert own() == []


def test_a_case_is_made_of_the_pictures_of_a_chat(home: Path) -> None:
    with Assistant() as assistant:
        chat = assistant.for_owner(ME).chat()
        chat.ask("What is this?", [Image(mole(5)[None], "PNG")])
    app = open_teach(case="new")
    field(app, "selectbox", "Pictures of a chat, where none are sent").set_value(chat.id)
    field(app, "text_input", "Diagnosis").set_value("naevus")
    press(app, "Keep the case")
    assert not app.exception
    (one,) = own()
    assert (one.case.diagnosis, len(one.case.images)) == ("naevus", 1)


def test_what_tells_who_somebody_is_is_left_out_and_the_teacher_is_told(home: Path) -> None:
    made(ME)
    app = open_teach(case=own()[0].id)
    field(app, "text_area", "History").set_value("Dr. Jane Roe, phone 0511 532 3000, asks.")
    press(app, "Keep the words")
    assert not app.exception
    assert "were left out of what you wrote" in texts(app)
    assert "Roe" not in own()[0].case.history
    field(app, "text_area", "History").set_value("It grew for a year.")
    press(app, "Keep the words")
    assert "were left out of what you wrote" not in texts(app)


def test_a_copy_of_a_case_is_changed_by_itself(home: Path) -> None:
    made(ME)
    (first,) = own()
    app = open_teach(case=first.id)
    press(app, "Copy this case")
    assert "This is the copy" in texts(app)
    assert app.query_params["case"] != [first.id]
    field(app, "text_area", "History").set_value("It grew for a year.")
    press(app, "Keep the words")
    told = {one.id: one.case for one in own()}
    assert len(told) == 2
    assert told.pop(first.id) == first.case
    (copied,) = told.values()
    assert (copied.history, copied.diagnosis) == ("It grew for a year.", "Zorbulosis")
    assert copied.images == first.case.images
