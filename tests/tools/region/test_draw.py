"""A region drawn: its border stands out on any grey, its inside stays as it was."""

from __future__ import annotations

import numpy as np
import pytest

from store.records import Region
from tools.region.draw import _LIGHT, draw_region


def region(shape: str = "rectangle", side: float = 20) -> Region:
    return Region(image_id="img-1", shape=shape, column=50, row=40, width=side, height=side)  # type: ignore[arg-type]


@pytest.mark.parametrize("grey", [0, 128, 255])
@pytest.mark.parametrize("shape", ["rectangle", "ellipse"])
def test_the_border_is_drawn_and_the_middle_is_left(grey, shape):
    drawn = draw_region(np.full((80, 100), grey, np.uint8), region(shape))
    assert drawn.shape[2] == 3
    times = drawn.shape[1] // 100
    assert (drawn == _LIGHT).all(axis=2).any()
    assert (drawn[40 * times + 1, 50 * times + 1] == grey).all()
    assert (drawn[0, 0] == grey).all()


def test_the_pixel_itself_is_not_drawn_over() -> None:
    pixels = np.zeros((80, 100, 3), np.uint8)
    pixels[40, 50] = (9, 8, 7)
    drawn = draw_region(pixels, region("point", 1))
    times = drawn.shape[1] // 100
    assert (drawn[40 * times, 50 * times] == (9, 8, 7)).all()
    assert (drawn == _LIGHT).all(axis=2).any()


def test_what_is_cut_at_the_border_is_drawn_there() -> None:
    drawn = draw_region(np.zeros((80, 100), np.uint8), region("rectangle", 1e9))
    assert (drawn[0, 0] == _LIGHT).all()
