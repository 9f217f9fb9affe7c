"""A teacher's cases taken away and brought in on the page, and a learner who practises alone there."""

from __future__ import annotations

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from assistant.chat import Assistant
from assistant.pages import desk
from assistant.pages.desk import open_desk
from assistant.pages.teach_share import _case, _session
from assistant.sharing.bringing import bring
from assistant.sharing.formats import CASE, CASES
from assistant.teaching.teacher import Teacher
from store.errors import CaseError
from tests.assistant.pages.test_teach import HIDDEN, ME, fresh_process, made, open_teach, texts
from tests.inputs.teaching_library import write_teaching_cases

__all__ = ["fresh_process"]


def labels(app: AppTest) -> list[str]:
    return [one.label for one in app.button]


def test_cases_and_practice_are_one_step_away_and_the_first_view_holds_no_label(home: Path) -> None:
    made(ME)
    app = open_teach()
    assert {"Share cases", "Practise alone"} <= set(labels(app))
    assert not any(word in texts(app) for word in HIDDEN)
    next(one for one in app.button if one.label == "Share cases").click().run()
    assert not app.exception
    assert "Zorbulosis" in app.selectbox[0].options
    shown = [one.proto.label for one in app.get("download_button")]
    assert shown == ["Data, for Casebook (.json)", "A MIRCdocument (.zip)", "A document, to print (.pdf)",
                     "A document, to read in a browser (.html)", "A document, as Markdown (.md)",
                     "Anki cards (.apkg)", "A Moodle quiz (.xml)", "An unknown MIRCdocument (.zip)",
                     "An unknown document (.pdf)", "An unknown document, to read in a browser (.html)",
                     "An unknown document, as Markdown (.md)"]  # fmt: skip


def test_the_class_view_takes_cases_and_report_away(home: Path) -> None:
    row = made(ME)
    app = open_teach(session=row.id)
    assert not app.exception
    shown = [one.proto.label for one in app.get("download_button")]
    assert shown == ["Anki cards (.apkg)", "A Moodle quiz (.xml)", "The report with figures and cases (.pdf)",
                     "The report, to read in a browser (.html)", "The report, as Markdown (.md)"]  # fmt: skip


def test_what_the_buttons_make_is_brought_in_again_as_the_same_case(home: Path) -> None:
    row = made(ME)
    here = open_desk(Assistant)
    teacher = Teacher(here.assistant.services, ME)
    (one,) = teacher.cases()
    for ending in (".zip", ".json"):
        again = bring(here.assistant.services, teacher, _case(here, one.id, CASE[ending]))
        assert again.case == one.case
        assert again.id != one.id
    assert _session(here, teacher, row, CASES[".xml"]).startswith(b"<?xml")
    with pytest.raises(CaseError, match="no teaching case that Casebook can read"):
        bring(here.assistant.services, teacher, b"something else")


@pytest.mark.process
def test_who_practises_gets_an_unknown_case_of_the_library_and_no_label(home: Path, tmp_path: Path) -> None:
    with Assistant() as assistant:
        for table in write_teaching_cases(tmp_path / "sets"):
            assistant.import_cases(table)
    desk._HELD.clear()
    app = open_teach(practice="1")
    assert "is shown from 20 cases on" in texts(app)
    app.number_input[0].set_value(2)
    next(one for one in app.button if one.label == "Practise alone").click().run()
    assert not app.exception
    assert "Case 1 of 2" in texts(app)
    assert not any(word in texts(app) for word in ("nevus", "melanoma", "angioma", "fracture"))


def test_an_empty_library_is_said_to_be_empty(home: Path) -> None:
    app = open_teach(practice="1")
    next(one for one in app.button if one.label == "Practise alone").click().run()
    assert "no case left to practise on" in " ".join(one.value for one in app.warning)
