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


def _cards() -> None:
    from assistant.chat import Assistant
    from assistant.pages.case_cards import draw_cases
    from assistant.pages.desk import open_desk

    draw_cases(open_desk(Assistant))


def test_a_card_has_the_beginning_of_its_caption_and_opens_into_a_case_to_teach_with(
    home: Path, tmp_path: Path
) -> None:
    rows = [(save(tmp_path, "0.png", mole(1)), "naevus", "DMS", CAPTION, "a drawer", "CC0")]
    with Assistant() as assistant:
        assistant.import_cases(write_csv(tmp_path, rows, "image,label,modality,caption,source,licence"))
    app = AppTest.from_function(_cards, default_timeout=60).run()
    assert not app.exception
    assert any(one.value.startswith("A mole with") and one.value.endswith(" …") for one in app.caption)
    assert not any(one.value.endswith("late\\.") for one in app.markdown)
    next(one for one in app.button if one.label == "See the case").click().run()
    assert any(one.value.endswith("late\\.") for one in app.markdown)
    next(one for one in app.button if one.label == "Make a teaching case of it").click().run()
    assert not app.exception
    assert any("among your teaching cases" in one.value for one in app.toast)
    with Assistant() as assistant:
        assert [one.case.diagnosis for one in Teacher(assistant.services, ME).cases()] == ["naevus"]
