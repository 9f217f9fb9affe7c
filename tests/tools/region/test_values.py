"""What the pixels of a region hold: on the file's scale, without padding; levels as shown."""

from __future__ import annotations

import numpy as np
import pytest

from store.errors import ToolUseError
from store.pictures.image import NO_VALUE, Image
from store.records import Region
from tools.region.values import values_in

REGION = Region(image_id="img-1", shape="rectangle", column=1.5, row=1.5, width=4, height=4)


def scan(values: np.ndarray, unit: str | None = "HU", **more: object) -> Image:
    frames = np.zeros((1, *values.shape), np.uint8)
    return Image(frames, "DICOM", values=values[None], unit=unit, **more)  # type: ignore[arg-type]


def test_mean_and_spread_of_a_sample() -> None:
    found = values_in(REGION, scan(np.arange(16, dtype=np.int16).reshape(4, 4)))
    assert (found.scale, found.mean) == ("HU", 7.5)
    assert found.spread == pytest.approx(np.std(np.arange(16), ddof=1))


def test_padding_is_left_out_and_counted() -> None:
    values = np.full((4, 4), 40, np.int16)
    values[0] = NO_VALUE
    found = values_in(REGION, scan(values))
    assert (found.mean, found.of.size, found.left_out) == (40, 12, 4)
    floats = np.full((4, 4), 0.5, np.float32)
    floats[0, :2] = (np.nan, np.inf)
    found = values_in(REGION, scan(floats, None))
    assert (found.scale, found.mean, found.left_out) == ("file", 0.5, 2)


@pytest.mark.parametrize("values", [np.full((4, 4), NO_VALUE), np.full((4, 4), np.nan, np.float32)])
def test_a_region_of_padding_alone_is_refused(values):
    with pytest.raises(ToolUseError, match="was not measured"):
        values_in(REGION, scan(values))


def test_values_without_a_unit_are_the_files_own() -> None:
    assert values_in(REGION, scan(np.ones((4, 4), np.uint16), None)).scale == "file"


def test_low_values_that_are_white_are_told_as_they_are_stored() -> None:
    frames = np.full((1, 4, 4), 255, np.uint8)
    image = Image(frames, "DICOM", values=np.zeros((1, 4, 4), np.uint16), inverted=True)
    assert values_in(REGION, image).mean == 0


def test_a_single_value_has_no_spread() -> None:
    point = REGION.model_copy(update={"column": 1, "row": 1, "width": 1, "height": 1, "shape": "point"})
    assert values_in(point, scan(np.full((4, 4), 3, np.int16))).spread is None


def test_a_plain_picture_gives_grey_levels_also_as_three_equal_channels() -> None:
    grey = np.arange(16, dtype=np.uint8).reshape(1, 4, 4)
    assert values_in(REGION, Image(grey, "PNG")).mean == 7.5
    three = np.repeat(grey[..., None], 3, axis=3)
    found = values_in(REGION, Image(three, "JPEG"))
    assert (found.scale, found.mean, found.channels) == ("grey", 7.5, ())


def test_colours_give_each_channel_and_their_luminance() -> None:
    frames = np.zeros((1, 4, 4, 3), np.uint8)
    frames[..., 0], frames[..., 1] = 200, 100
    found = values_in(REGION, Image(frames, "JPEG"))
    assert found.scale == "colour"
    assert [mean for mean, _ in found.channels] == [200, 100, 0]
    assert found.mean == pytest.approx(0.299 * 200 + 0.587 * 100)


def test_the_frame_in_view_is_measured() -> None:
    frames = np.zeros((2, 4, 4), np.uint8)
    values = np.stack([np.zeros((4, 4)), np.ones((4, 4))]).astype(np.int16)
    image = Image(frames, "DICOM", values=values, unit="HU")
    assert [values_in(REGION, image.at(n)).mean for n in range(2)] == [0, 1]
