"""What the user sees and drew in the viewer, measured by the spacing of the file."""

from __future__ import annotations

import numpy as np
import pytest

from store.errors import ToolUseError
from store.pictures.image import Image
from store.pictures.seen import Drawn, Seen
from store.records import Gate, Measurement, View
from tools.context import ChatImage
from tools.describe_view import describe, measure_marks, middle
from tools.measure_lesion import drawn_outline


def scan(spacing: tuple[float, float] | None = (0.5, 0.25), slices: int = 3) -> Image:
    return Image(
        np.zeros((slices, 100, 100), np.uint8), "DICOM", spacing_mm=spacing, scale_caution="Estimated."
    )


def chat_image(image: Image, seen: Seen | None) -> ChatImage:
    gate = Gate(image_id="img-1", domain="radiology", modality="CT", known_from="file header")
    return ChatImage("img-1", "k", gate, lambda: image, seen.index if seen else 0, {}, seen)


LINE = Drawn("distance", 1, ((10, 10), (50, 40)))


def test_a_line_is_measured_with_pixels_that_are_not_square() -> None:
    (one,) = measure_marks(scan(), "img-1", [LINE])
    assert (one.value, one.unit) == (pytest.approx(np.hypot(40 * 0.25, 30 * 0.5), abs=1e-3), "mm")
    assert one.text == "Mark 1 on slice 2 of img-1 is 18.0 mm long."
    assert one.caution == "Estimated."


def test_without_a_spacing_there_are_pixels_and_no_millimetres() -> None:
    seen = Seen(1, marks=(LINE,))
    told, records = describe(chat_image(scan(None), seen), seen)
    assert "50.0 px long" in told
    assert "pixels and not millimetres" in told
    assert "mm" not in told.replace("millimetres", "")
    assert [one.unit for one in records if isinstance(one, Measurement)] == ["px"]


def test_marks_of_one_slice_are_told_apart_and_those_of_another_are_not() -> None:
    arrows = [Drawn("arrow", 0, ((0, 0), (90, 90))), Drawn("arrow", 0, ((40, 0), (9, 9)))]
    box = Drawn("rectangle", 2, ((10, 10), (30, 50)))
    (one,) = measure_marks(scan(), "img-1", [*arrows, box])
    assert (one.name, one.value) == ("distance of marks 1 and 2", 10.0)
    assert middle(box) == (20, 30)


def test_an_angle_is_that_in_the_patient_and_not_in_pixels() -> None:
    corner = Drawn("angle", 0, ((10, 0), (0, 0), (10, 10)))
    (one,) = measure_marks(scan(), "img-1", [corner])
    assert (one.value, one.unit) == (pytest.approx(np.degrees(np.arctan2(5, 2.5)), abs=1e-3), "°")


def test_a_mark_on_a_slice_that_is_not_there_is_no_measure() -> None:
    assert measure_marks(scan(), "img-1", [Drawn("distance", 9, ((0, 0), (1, 1)))]) == []


def test_slice_and_window_are_told_and_recorded() -> None:
    seen = Seen(2, 40.0, 400.0)
    told, records = describe(chat_image(scan(), seen), seen)
    assert told == (
        "You see slice 3 of 3 of img-1 in the viewer. Its window has level 40 and width 400. "
        "You drew no marks."
    )
    assert records == [View(image_id="img-1", index=2, frame_count=3, level=40.0, width=400.0)]


def test_the_outline_is_the_last_area_on_the_slice_in_view() -> None:
    line = Drawn("freehand", 0, ((1, 1), (9, 1), (9, 9)))
    ellipse = Drawn("ellipse", 0, ((10, 20), (50, 40)))
    other = Drawn("rectangle", 1, ((0, 0), (5, 5)))
    assert drawn_outline(chat_image(scan(), Seen(0, marks=(line, other, LINE)))) == [1, 1, 9, 1, 9, 9]
    assert drawn_outline(chat_image(scan(), Seen(0, marks=(line, ellipse)))) == [30, 30, 40, 20]
    assert drawn_outline(chat_image(scan(), Seen(1, marks=(other,)))) == [0, 0, 5, 0, 5, 5, 0, 5]
    for seen in (None, Seen(2, marks=(line, other)), Seen(0, marks=(LINE,))):
        with pytest.raises(ToolUseError, match="no outline drawn"):
            drawn_outline(chat_image(scan(), seen))
