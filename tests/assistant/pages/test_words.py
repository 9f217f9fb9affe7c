"""How texts are made safe and short for the page."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as some

from assistant.pages import words
from assistant.pages.evidence_view import _table
from assistant.pages.matches_view import trust
from store.errors import CaseError
from store.records import Neighbours
from tools.catalogue import cards


def test_an_answer_can_show_emphasis_but_load_nothing() -> None:
    assert words.prose("**bold** ![x](http://elsewhere/p.png) for $5") == (
        "**bold** !\\[x](http:\u2060//elsewhere/p.png) for \\$5"
    )


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("# Diagnosis", "\\# Diagnosis"),
        ("so\n   ###### Result", "so\n   \\###### Result"),
        ("> # Result\n- ## two\n1. # three", "> \\# Result\n- \\## two\n1. \\# three"),
        ("Cancer\n===", "Cancer\n\\==="),
        ("Cancer\n--- ", "Cancer\n\\--- "),
        ("#", "\\#"),
        ("- one\n* two #3\n#4", "- one\n* two #3\n#4"),
    ],
)
def test_an_answer_makes_no_heading_of_the_page(text: str, shown: str) -> None:
    assert words.prose(text) == shown


def test_an_answer_holds_no_link_however_a_text_escapes_it() -> None:
    assert words.prose(r"[a](b) \[a](b) \\[a](b) <a:b>") == "\\[a](b) \\[a](b) \\\\\\[a](b) \\<a:\u2060b>"


@given(some.text(alphabet=some.characters(codec="ascii", categories=["P", "S"]), min_size=1))
def test_a_label_is_shown_letter_by_letter(label: str) -> None:
    shown = words.plain(label)
    assert not re.search(r"(?<!\\)(?:\\\\)*[<>$*_`\[\]!|]", shown)
    assert re.sub(r"\\(.)", r"\1", shown).replace("\u2060", "") == label


@pytest.mark.parametrize(
    "label", [":material/home:", "http://a.b/c", "www.a.b", "WWW.a.b", "me@a.b", ":+1:", ":100:", ":red[x]"]
)
def test_a_label_becomes_no_icon_and_no_link(label: str) -> None:
    for shown in (words.plain(label), words.prose(label), words.prose(words.plain(label))):
        seen = re.sub(r"\\(.)", r"\1", shown)
        assert not re.search(r":\S*:|https?://|www\.|@\w|:red", seen.replace(":\u2060", " "), re.IGNORECASE)
        assert seen.replace("\u2060", "") == label


def test_a_cell_cannot_break_its_table() -> None:
    table = _table(("A", "B"), [("x | y", "two\nlines")])
    assert table.splitlines()[2] == r"| x \| y | two lines |"


def test_a_question_keeps_its_lines() -> None:
    assert words.asked("one\ntwo") == "one  \ntwo"


def test_durations_and_amounts_are_short() -> None:
    assert words.seconds(0.01) == "less than 0.1 s"
    assert words.seconds(1.26) == "1.3 s"
    assert words.amount(12.345, "%") == "12.3 %"
    assert words.amount(12345, "px") == "12\u202f345 px"


def test_trust_in_a_collection_is_said_with_chance_beside_it() -> None:
    record = Neighbours(
        image_id="img-1", counts={"nevus": 4}, near=True, collection="c", encoder="casebook-skin-1", size=500,
        precision=0.39, chance=0.14,
    )  # fmt: skip
    assert "39 %" in trust(record)
    assert "14 %" in trust(record)
    assert "500 cases" in trust(record)


def test_what_any_tool_does_is_said_with_an_image_and_without() -> None:
    for tool in cards():
        assert words.doing(tool, "img-1") and words.doing(tool, "")


def test_where_things_lie_on_the_machine_is_not_shown() -> None:
    error = CaseError("The file '/srv/my models/x.gguf' is not there.")
    assert words.told(error) == words.plain("The file 'x.gguf' is not there.")
