"""A case of the library: its caption on the card, all of it at full size, and taught with."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from assistant.chat import Assistant
from assistant.pages import desk
from assistant.teaching.teacher import Teacher
from tests.inputs.case_library import mole, save, write_csv

ME = hashlib.sha256(b"me").hexdigest()
CAPTION = (
    "A mole with an even border, seen by chance at the yearly look at the skin " + "and again " * 9 + "late."
)

pytestmark = pytest.mark.process


@pytest.fixture(autouse=True)
def fresh_process(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    desk._HELD.clear()
    monkeypatch.setattr(desk, "owner", lambda: (ME, True))
    yield
    desk._HELD.clear()


def _library() -> None:
    import streamlit as st

    from assistant.chat import Assistant
    from assistant.pages import library
    from assistant.pages.desk import open_desk

    library.show(
        open_desk(Assistant), lambda: st.caption("To the chat."), lambda case: st.caption(f"To {case}.")
    )


def opened(**query: str) -> AppTest:
    app = AppTest.from_function(_library, default_timeout=60)
    for name, value in query.items():
        app.query_params[name] = value
    return app.run()


def kept(folder: Path, *rows: tuple[str, ...]) -> None:
    """Cases of the library: label, modality, caption, body part, source and licence of each."""
    table = [(save(folder, f"{at}.png", mole(at)), *row) for at, row in enumerate(rows, 1)]
    with Assistant() as assistant:
        assistant.import_cases(
            write_csv(folder, table, "image,label,modality,caption,body_part,source,licence")
        )


def press(app: AppTest, label: str) -> AppTest:
    return next(one for one in app.button if one.label == label).click().run()


def shown(app: AppTest) -> list[str]:
    """The labels on the cards."""
    return sorted(
        one.value.strip("*")
        for one in app.markdown
        if one.value.startswith("**") and one.value.endswith("**")
    )


def test_a_card_opens_into_a_page_of_its_own_with_all_that_is_kept_and_the_case_is_taught_with(
    home: Path, tmp_path: Path
) -> None:
    kept(tmp_path, ("naevus", "DMS", CAPTION, "back", "a drawer", "CC0"))
    app = opened()
    assert not app.exception
    assert any(one.value.startswith("A mole with") and one.value.endswith(" …") for one in app.caption)
    assert not any(one.value.endswith("late\\.") for one in app.markdown)
    press(app, "See the case")
    assert app.header[0].value == "naevus"
    assert any(one.value.endswith("late\\.") for one in app.markdown)
    facts = next(one.value for one in app.markdown if "**Licence:**" in one.value)
    for part in ("naevus", "dermoscopy", "back", "a drawer", "CC0"):
        assert part in facts
    case = str(app.query_params["case"])
    assert press(opened(case=case), "All cases").query_params == {}
    press(app, "Make a teaching case of it")
    assert not app.exception
    assert any("among your teaching cases" in one.value for one in app.caption)
    with Assistant() as assistant:
        (made,) = Teacher(assistant.services, ME).cases()
    assert made.case.diagnosis == "naevus"
    again = opened(case=case)
    assert not [one for one in again.button if one.label == "Make a teaching case of it"]
    press(again, "See the teaching case")
    assert any(one.value == f"To {made.id}." for one in again.caption)


def test_a_case_is_asked_about_in_a_new_chat_with_its_picture(home: Path, tmp_path: Path) -> None:
    kept(tmp_path, ("naevus", "DMS", CAPTION, "back", "a drawer", "CC0"))
    app = press(opened(), "See the case")
    press(app, "Ask about this case")
    assert not app.exception
    assert any(one.value == "To the chat." for one in app.caption)
    wish = app.session_state["wish"]
    assert wish.text == "What is this?"
    assert wish.files[0][:4] == b"\x89PNG"


def test_a_case_that_is_gone_is_a_sentence_with_the_way_back(home: Path) -> None:
    app = opened(case="0" * 32)
    assert not app.exception
    assert "There is no case" in app.error[0].value
    assert not press(app, "All cases").error


def test_cases_are_looked_for_by_words_of_label_caption_and_facts_and_by_names_of_the_vocabulary(
    home: Path, tmp_path: Path
) -> None:
    kept(
        tmp_path,
        ("nevus", "DMS", "An even border.", "back", "a drawer", "CC0"),
        ("melanoma", "DMS", "Blue-white veil, beside a nevus.", "arm", "a shelf", "CC BY"),
        ("eczema", "XC", "Red and dry.", "arm", "a shelf", "CC0"),
    )
    app = opened()

    def found(words: str) -> list[str]:
        next(one for one in app.text_input if one.label == "Search the cases").set_value(words).run()
        assert not app.exception
        return shown(app)

    assert found("") == ["eczema", "melanoma", "nevus"]
    assert found("VEIL") == ["melanoma"]
    assert found("nevus") == ["melanoma", "nevus"]
    assert found("mole") == ["nevus"]
    for word in ("Muttermale", "Muttermal", "Leberfleck", "Leberflecke", "lunar", "lunares"):
        assert found(word) == ["nevus"], word
    assert found("moles back") == ["nevus"]
    assert found("moles arm") == []
    assert found("shelf cc0") == ["eczema"]
    assert found("dermoscopy arm") == ["melanoma"]
    assert any(one.value == "1 cases fit." for one in app.caption)
