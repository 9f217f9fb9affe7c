"""What is not found in the evidence is marked in words, in the text and below it."""

from __future__ import annotations

import pytest
from streamlit.testing.v1 import AppTest

from assistant.answers.answer import Answer, Ungrounded
from assistant.answers.events import Retracted, Text
from assistant.pages.answer_view import Shown
from assistant.pages.marks_view import marked_prose

pytestmark = pytest.mark.usefixtures("packages_searched_once")

BADGE = " :orange-badge[not found 1]\u2060"


def mark(text: str, words: str, kind: str = "number") -> Ungrounded:
    start = text.index(words)
    return Ungrounded(words, start, start + len(words), kind, "No tool gave it.")  # type: ignore[arg-type]


def test_the_words_stand_right_after_what_they_are_about() -> None:
    text = "It is 12 mm wide and on the left side."
    both = [mark(text, "left"), mark(text, "12 mm")]
    second = BADGE.replace("1", "2")
    assert marked_prose(text, both) == f"It is 12 mm{BADGE} wide and on the left{second} side."


def test_the_same_words_for_the_same_reason_are_listed_once() -> None:
    def page() -> None:
        from assistant.answers.answer import Ungrounded
        from assistant.pages.marks_view import draw_marks

        draw_marks([Ungrounded("12 mm", at, at + 5, "number", "No tool gave it.") for at in (0, 9)])

    app = AppTest.from_function(page).run()
    assert app.warning[0].value.count("12 mm") == 1
    text = "12 mm or 12 mm"
    marks = [Ungrounded("12 mm", at, at + 5, "number", "No tool gave it.") for at in (0, 9)]
    assert marked_prose(text, marks) == f"12 mm{BADGE} or 12 mm{BADGE}"


def test_emphasis_code_and_word_ends_are_not_broken() -> None:
    bold = "It is **12 mm** wide."
    assert marked_prose(bold, [mark(bold, "12 mm")]) == f"It is **12 mm**{BADGE} wide."
    code = "See `img-9`, there."
    assert marked_prose(code, [mark(code, "img-9", "image")]) == f"See `img-9`{BADGE}, there."


def test_a_mark_that_does_not_fit_the_text_marks_nothing_and_links_stay_harmless() -> None:
    text = "See [here](http://x.y) for <b>12 mm</b>."
    wrong = Ungrounded("13 mm", 3, 8, "number", "r")
    assert marked_prose(text, [wrong]) == marked_prose(text, [])
    assert marked_prose(text, [mark(text, "12 mm")]).startswith(r"See \[here](http:")
    assert r"\<b>" in marked_prose(text, [mark(text, "12 mm")])


def test_the_page_shows_the_marks_and_their_reasons() -> None:
    def page() -> None:
        from pathlib import Path

        from assistant.answers.answer import Answer, Ungrounded
        from assistant.pages.answer_view import AnswerView, Shown

        found = Ungrounded("12 mm", 6, 11, "number", "No tool gave *it*.")
        answer = Answer("c", "t", "It is 12 mm wide.", ungrounded=(found,))
        AnswerView(lambda _: Path("x"), "t").draw(Shown.of(answer))

    app = AppTest.from_function(page).run()
    assert not app.exception
    assert f"It is 12 mm{BADGE} wide." in app.markdown[0].value
    (listed,) = app.warning
    assert "A language model wrote this answer" in listed.value
    assert "No tool gave \\*it\\*" in listed.value


def test_an_answer_without_marks_shows_no_list() -> None:
    assert Shown.of(Answer("c", "t", "Fine.")).ungrounded == ()


def test_what_is_taken_back_vanishes_from_the_page() -> None:
    shown = Shown()
    shown.take(Text("and so on and so on"))
    assert "text" in shown.take(Retracted())
    assert shown.text == ""
    shown.take(Text("Now."))
    assert shown.text == "Now."
