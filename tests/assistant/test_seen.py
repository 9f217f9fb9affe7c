"""Marks and view of the viewer in a chat: measured, told, used as the outline of a lesion."""

from __future__ import annotations

from pathlib import Path

import pytest

from assistant.chat import Assistant, Chat
from store.pictures.seen import Drawn, Seen
from store.records import Measurement, Outline, View, parse_record
from tests.inputs.case_library import mole, save
from tests.inputs.phantom import make_phantom

LINE = Drawn("distance", 1, ((10.0, 10.0), (40.0, 10.0)))
RING = Drawn("ellipse", 0, ((100.0, 100.0), (300.0, 260.0)))


@pytest.fixture
def scan(casebook: Assistant, process: None, tmp_path: Path) -> Chat:
    chat = casebook.chat()
    chat.ask("what is this?", [make_phantom(tmp_path / "ct", 4)])
    return chat


@pytest.fixture
def photo(casebook: Assistant, process: None, tmp_path: Path) -> Chat:
    chat = casebook.chat()
    chat.ask("this is a dermoscopy", [tmp_path / save(tmp_path, "mole.png", mole(3, side=400))])
    return chat


@pytest.mark.parametrize(
    "words", ["measure from here to there", "Wie lang sind meine Linien?", "mide desde aquí hasta allí"]
)
def test_a_line_in_the_viewer_is_measured_in_the_language_of_the_question(scan: Chat, words: str) -> None:
    spacing = scan.images()[0].image.spacing_mm
    assert spacing is not None
    answer = scan.start(words, seen={"img-1": Seen(1, 40.0, 400.0, (LINE,))}).answer()
    records = [parse_record(one) for said in answer.evidence for one in said.records]
    (length,) = [one for one in records if isinstance(one, Measurement)]
    assert (length.value, length.unit) == (pytest.approx(30 * spacing[1], abs=1e-3), "mm")
    assert any(isinstance(one, View) and one.index == 1 for one in records)
    assert f"{length.value:.1f}" in answer.text.replace(",", ".")


def test_what_am_i_looking_at_tells_slice_and_window_while_the_viewer_is_open(scan: Chat) -> None:
    answer = scan.start("what am I looking at here?", seen={"img-1": Seen(2, -600.0, 1500.0)}).answer()
    assert "slice 3 of 4" in answer.text
    assert "1500" in answer.text
    closed = scan.start("what am I looking at here?").answer()
    assert "viewer" not in closed.text


@pytest.mark.parametrize(
    ("words", "levels"), [("lung and bone window", [-600, 480]), ("bone window, then lung", [480, -600])]
)
def test_two_windows_come_in_the_order_in_which_they_were_asked_for(
    scan: Chat, words: str, levels: list[float]
) -> None:
    records = [parse_record(one) for said in scan.ask(words).evidence for one in said.records]
    assert [one.level for one in records if isinstance(one, View)] == levels


def test_marks_that_cannot_be_seen_are_asked_for(scan: Chat) -> None:
    answer = scan.start("what is the distance between my marks?").answer()
    assert "View in detail" in answer.text


def test_a_lesion_is_measured_inside_the_outline_that_was_drawn_and_again_after_a_change(photo: Chat) -> None:
    def area(mark: Drawn) -> tuple[float, list[float]]:
        answer = photo.start(
            "measure it again inside my outline", seen={"img-1": Seen(0, marks=(mark,))}
        ).answer()
        records = [parse_record(one) for said in answer.evidence for one in said.records]
        (outline,) = [one for one in records if isinstance(one, Outline)]
        assert "outline" in answer.text
        size = next(one.value for one in records if isinstance(one, Measurement) and one.name == "area")
        return size, list(outline.numbers)

    size, numbers = area(RING)
    assert numbers == [200, 180, 200, 160]
    smaller, numbers = area(Drawn("ellipse", 0, ((150.0, 140.0), (250.0, 220.0))))
    assert numbers == [200, 180, 100, 80]
    assert smaller == pytest.approx(size / 4, rel=0.1)


def test_marks_of_the_skin_are_not_taken_for_marks_in_the_viewer(photo: Chat) -> None:
    answer = photo.start("are my marks dangerous?").answer()
    assert "View in detail" not in answer.text
    assert not [one for one in (*answer.evidence, *answer.refused) if one.tool == "describe_view"]
