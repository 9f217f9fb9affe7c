"""How bright a picture is shown and what its values are, of drawn pictures."""

from __future__ import annotations

import numpy as np
import pytest

from store.pictures.image import Image
from tools.checks.levels import levels


def facts(grey, file_type="DICOM", **more):
    return dict(levels(Image(np.asarray(grey, np.uint8)[None], file_type, **more)))


@pytest.mark.parametrize(
    ("grey", "said"),
    [
        (np.zeros((40, 40)), "the middle level is 0 of 255; 100 % is nearly black and 0 % nearly white"),
        (np.full((40, 40), 255), "the middle level is 255 of 255; 0 % is nearly black and 100 % nearly"),
        (np.repeat([[0, 128, 128, 250]], 40, axis=0), "the middle level is 128 of 255; 25 % is nearly black"),
    ],
)
def test_the_brightness_of_a_picture_is_counted(grey, said):
    assert facts(grey)["brightness shown"].startswith(said)


def test_brightness_is_that_of_the_slice_in_view():
    stack = Image(np.stack([np.zeros((8, 8)), np.full((8, 8), 255)]).astype(np.uint8), "DICOM")
    assert "level is 255" in dict(levels(stack.at(1)))["brightness shown"]


def test_colours_are_as_bright_as_they_look():
    blue = np.zeros((8, 8, 3), np.uint8)
    blue[..., 2] = 255
    assert "level is 29" in dict(levels(Image(blue[None], "PNG")))["brightness shown"]


@pytest.mark.parametrize(
    ("file_type", "more", "said"),
    [
        ("DICOM", {"modality": "CT", "unit": "HU", "values": np.zeros((1, 8, 8))}, "Hounsfield units (HU)"),
        ("DICOM", {"modality": "CT"}, "not Hounsfield units"),
        ("DICOM", {"modality": "MR"}, "none named in the file"),
        ("NIfTI", {}, "none named in the file"),
        ("PNG", {}, "none: the file holds grey levels or colours"),
    ],
)
def test_values_have_a_unit_only_where_the_file_gives_one(file_type, more, said):
    assert facts(np.zeros((8, 8)), file_type, **more)["unit of values"].startswith(said)


def test_a_unit_that_the_header_states_is_not_told_twice():
    assert "unit of values" not in facts(np.zeros((8, 8)), facts={"unit of values": "counts (from the file)"})
