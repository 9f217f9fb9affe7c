"""Measuring inside an outline that the user gives."""

import numpy as np
import pytest

from store.errors import ToolUseError
from tests.inputs.drawn_lesion import dice, ellipse, paint, skin
from tools.lesion.by_hand import outline_by_hand

PHOTO = paint(skin(), ellipse(70, 45))
SIZE = PHOTO.shape[:2]


def test_an_ellipse_is_outlined_where_it_is_said_to_be():
    lesion = outline_by_hand(PHOTO, (120, 90, 80, 40), SIZE)
    assert dice(lesion.mask, ellipse(40, 20, centre=(90, 120))) > 0.97
    assert lesion.by_hand
    assert not lesion.is_faint


def test_a_polygon_is_outlined_through_its_corners():
    lesion = outline_by_hand(PHOTO, (100, 50, 200, 50, 200, 150, 100, 150), SIZE)
    box = np.zeros(SIZE, bool)
    box[50:150, 100:200] = True
    assert dice(lesion.mask, box) > 0.97


def test_numbers_are_pixels_of_the_picture_and_not_of_its_reduced_copy():
    lesion = outline_by_hand(PHOTO, (1200, 900, 800, 400), (3000, 4000))
    assert dice(lesion.mask, ellipse(40, 20, centre=(90, 120))) > 0.97


def test_an_outline_along_the_frame_says_that_the_lesion_goes_on():
    assert outline_by_hand(PHOTO, (0, 0, 120, 0, 120, 100, 0, 100), SIZE).touches_frame
    assert not outline_by_hand(PHOTO, (120, 90, 80, 40), SIZE).touches_frame


@pytest.mark.parametrize(
    ("numbers", "said"),
    [
        ((120, 90, 80), "3 numbers are no outline"),
        ((120, 90, 80, 0), "4 numbers are no outline"),
        ((1, 2, 3, 4, 5), "5 numbers are no outline"),
        ((390, 90, 80, 40), "leaves the picture of 400 × 300"),
        ((120, 90, 3, 3), "too little"),
    ],
)
def test_what_is_no_outline_is_refused_with_what_to_give(numbers, said):
    with pytest.raises(ToolUseError, match=said) as caught:
        outline_by_hand(PHOTO, numbers, SIZE)
    assert "x and y" in str(caught.value)
