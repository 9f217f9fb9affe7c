"""What reading models say is shown while it comes, and gives way to the answer that quotes it."""

from __future__ import annotations

import pytest
from streamlit.testing.v1 import AppTest

from assistant.answers.answer import Answer, Evidence
from assistant.answers.events import ReaderText, Text, ToolFinished, ToolStarted, Waiting
from assistant.pages.answer_view import Shown, _has

pytestmark = pytest.mark.usefixtures("packages_searched_once")

READ = Evidence("read_radiograph", "img-1", "radiographer", "abc", 1.0, "radiographer says of img-1: “No.”")


def test_what_is_waited_for_is_the_status() -> None:
    shown = Shown()
    shown.take(ToolStarted("read_radiograph", "img-1"))
    assert shown.status == r"Asking a reading model about img\-1"
    assert shown.take(Waiting("Loading radiographer: 21.3 GB to cuda:0")) == ("status",)
    assert shown.status == r"Loading radiographer\: 21\.3 GB to cuda\:0"


def test_the_pieces_of_two_readers_are_kept_apart() -> None:
    shown = Shown()
    for reader in ("radiographer", "babydoctor"):
        shown.take(ReaderText(reader, "img-1", "", first=True))
        for piece in ("No ", f"({reader})"):
            assert shown.take(ReaderText(reader, "img-1", piece)) == ("status", "reading")
    assert shown.reading == {
        ("radiographer", "img-1"): "No (radiographer)",
        ("babydoctor", "img-1"): "No (babydoctor)",
    }


def test_a_reader_that_begins_again_replaces_what_it_had_said() -> None:
    shown = Shown()
    for piece in (
        ReaderText("radiographer", "img-1", "Ye"),
        ReaderText("radiographer", "img-1", "", first=True),
    ):
        shown.take(piece)
    shown.take(ReaderText("radiographer", "img-1", "Yes"))
    assert shown.reading == {("radiographer", "img-1"): "Yes"}


def test_the_answer_takes_the_place_of_what_was_heard() -> None:
    shown = Shown()
    shown.take(ReaderText("radiographer", "img-1", "No."))
    shown.take(ToolFinished(READ))
    assert shown.reading
    assert "reading" in shown.take(Text("radiographer says"))
    assert shown.reading == {}
    assert "reading" not in shown.take(Text(" No."))


def test_a_readers_words_are_shown_letter_by_letter() -> None:
    def page() -> None:
        from pathlib import Path

        from assistant.answers.events import ReaderText
        from assistant.pages.answer_view import AnswerView, Shown

        shown = Shown()
        shown.take(ReaderText("radiographer", "img-1", "![x](http://a/b) **No** <b>"))
        AnswerView(Path, "k").draw(shown)

    app = AppTest.from_function(page).run()
    assert not app.exception
    (line,) = [one.value for one in app.markdown if "radiographer" in one.value and "No" in one.value]
    assert r"\!\[x\]\(http" in line
    assert r"\*\*No\*\*" in line
    assert r"\<b\>" in line


def test_each_sentence_of_an_answer_shows_what_it_rests_on() -> None:
    def page() -> None:
        from pathlib import Path

        from assistant.answers.answer import Answer, Evidence
        from assistant.pages.answer_view import AnswerView, Shown

        records = ({"kind": "finding", "image_id": "img-1", "label": "a *rash*", "text": "", "model": "m"},)
        told = Evidence("read_skin_image", "img-1", "derm", "r1", 1.0, "A *rash*.", records)
        view = AnswerView(Path, "k")
        view.draw(Shown.of(Answer("c", "t", "A *rash*. Ask me more.", evidence=(told,))))

    app = AppTest.from_function(page).run()
    assert not app.exception
    lines = [one.value for one in (*app.markdown, *app.caption)]
    assert r"“A \*rash\*\.”" in lines
    assert r"- `read_skin_image` img\-1 by derm, revision r1: a \*rash\*" in lines
    assert "- Casebook's own words, or a tool's in other words." in lines


def test_an_answer_that_no_tool_said_has_nothing_to_show_of_that() -> None:
    shown = Shown.of(Answer("c", "t", "Ask me more."))
    assert not _has(shown, "rests")
