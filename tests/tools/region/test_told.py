"""The numbers of a region in sentences and records, in every language, with what has to be said of them."""

from __future__ import annotations

import numpy as np
import pytest

from store.pictures.image import NO_VALUE, Image
from store.records import Region
from tools.language.retold import retell
from tools.language.sayings import FIRST, languages
from tools.region.told import number, records, sentences
from tools.region.values import values_in

REGION = Region(image_id="img-1", shape="rectangle", column=1.5, row=1.5, width=4, height=4)
POINT = Region(image_id="img-1", shape="point", column=1, row=2, width=1, height=1)
OTHERS = [one for one in languages() if one != FIRST]


def ct(slices: int = 1, **more: object) -> Image:
    values = np.full((slices, 4, 4), 40, np.int16)
    values[:, 0, :2] = (50, 30)
    frames = np.zeros((slices, 4, 4), np.uint8)
    return Image(frames, "DICOM", values=values, unit="HU", **more)  # type: ignore[arg-type]


def mr(**more: object) -> Image:
    return Image(
        np.zeros((1, 4, 4), np.uint8),
        "DICOM",
        values=np.full((1, 4, 4), 0.25, np.float32),
        **more,  # type: ignore[arg-type]
    )


COLOUR = Image(np.full((1, 4, 4, 3), (200, 100, 0), np.uint8), "JPEG")
GREY = Image(np.full((1, 4, 4), 7, np.uint8), "PNG")
PADDED = Image(
    np.zeros((1, 4, 4), np.uint8),
    "DICOM",
    values=np.where(np.eye(4) > 0, NO_VALUE, 5).astype(np.int16)[None],
    unit="HU",
)
CUT = REGION.model_copy(update={"column": 0.0})
KINDS = {
    "CT with a scale": (REGION, ct(spacing_mm=(0.5, 0.5))),
    "a slice of several": (REGION.model_copy(update={"index": 3}), ct(5).at(3)),
    "a pixel of HU": (POINT, ct()),
    "a pixel of a slice": (POINT, ct(5)),
    "MR": (REGION, mr()),
    "MR, a pixel": (POINT, mr()),
    "a unit in the file": (REGION, mr(facts={"unit of values": "counts (from the file)"})),
    "low values white": (REGION, mr(inverted=True)),
    "colour": (REGION, COLOUR),
    "a pixel of colour": (POINT, COLOUR),
    "grey": (REGION, GREY),
    "a pixel of grey": (POINT, GREY),
    "padding": (REGION, PADDED),
    "cut": (CUT, ct()),
    "a region of one pixel": (REGION.model_copy(update={"width": 1, "height": 1}), ct()),
}


def told(kind: str) -> str:
    region, image = KINDS[kind]
    return " ".join(sentences(region, values_in(region, image), image))


def test_hounsfield_units_come_with_place_and_area() -> None:
    said = told("CT with a scale")
    assert said.startswith(
        "Mean 40 HU, standard deviation 3.65 HU, minimum 30 HU, maximum 50 HU, median 40 HU."
    )
    assert "It holds 16 pixels, 4 mm² by the pixel spacing of the file." in said
    assert "middle at column 1.5, row 1.5" in said
    assert "Hounsfield units" not in said


def test_no_scale_no_millimetres() -> None:
    assert not [kind for kind in KINDS if "mm" in told(kind) and kind != "CT with a scale"]


def test_what_is_no_hounsfield_unit_is_said_to_be_none() -> None:
    assert "no unit that I know" in told("MR")
    assert "the file names the unit counts." in told("a unit in the file")
    assert "Low values are white" in told("low values white")
    assert [kind for kind in KINDS if "HU" in told(kind)] == [
        "CT with a scale", "a slice of several", "a pixel of HU", "a pixel of a slice", "padding", "cut",
        "a region of one pixel",
    ]  # fmt: skip


def test_the_levels_of_a_picture_are_said_to_be_those() -> None:
    for kind in ("colour", "grey", "a pixel of colour", "a pixel of grey"):
        assert "measure nothing physical" in told(kind)
    assert "Mean red 200, green 100, blue 0" in told("colour")
    assert told("a pixel of grey").startswith("The grey level is 7 of 255.")


def test_slice_padding_and_border_are_said() -> None:
    assert "slice 4 of 5" in told("a slice of several")
    assert "4 pixels are filled up by the file" in told("padding")
    assert "was cut there" in told("cut")
    assert "no standard deviation" in told("a region of one pixel")


@pytest.mark.parametrize("language", OTHERS)
@pytest.mark.parametrize("kind", [*KINDS])
def test_no_sentence_stays_english(kind, language):
    left = [one for one in told(kind).split(". ") if one.rstrip(".") in retell(told(kind), language)]
    assert not left


def test_decimals_are_written_as_the_language_writes_them() -> None:
    assert "Standardabweichung 3,65 HU" in retell(told("CT with a scale"), "de")


def test_the_records_hold_each_number_once() -> None:
    region, image = KINDS["CT with a scale"]
    found = {one.name: (one.value, one.unit) for one in records(region, values_in(region, image), image)}
    assert found == {
        "mean": (40, "HU"),
        "standard deviation": (3.6515, "HU"),
        "minimum": (30, "HU"),
        "maximum": (50, "HU"),
        "median": (40, "HU"),
        "number of pixels": (16, "px"),
        "area": (4, "mm²"),
    }
    point, scan = KINDS["a pixel of HU"]
    assert [one.text for one in records(point, values_in(point, scan), scan)] == [
        "Measured in the region, value: 40 HU."
    ]
    colour = records(REGION, values_in(REGION, COLOUR), COLOUR)
    assert [one.value for one in colour if one.name.startswith("mean of")] == [200, 100, 0]


@pytest.mark.parametrize("language", OTHERS)
@pytest.mark.parametrize("kind", [*KINDS])
def test_no_record_stays_english(kind, language):
    region, image = KINDS[kind]
    for one in records(region, values_in(region, image), image):
        told = (one.text, one.definition, *((one.name,) if one.name != "area" else ()))
        assert not [text for text in told if retell(text, language) == text]


@pytest.mark.parametrize(
    ("value", "said"), [(3, "3"), (-1024.0, "-1024"), (12.345, "12.3"), (0.01234, "0.0123"), (0.0, "0")]
)
def test_numbers_have_as_many_digits_as_are_read(value, said):
    assert number(value) == said
