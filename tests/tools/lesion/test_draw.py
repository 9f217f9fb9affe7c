"""The drawing of an outline on a photograph."""

from functools import cache

import numpy as np
import pytest

from tests.inputs.drawn_lesion import DARK_SKIN, LIGHT_SKIN, ellipse, paint, skin
from tools.lesion.draw import DRAWN_SIDE, axes_of, draw_lesion
from tools.lesion.segment import Lesion, segment
from tools.lesion.shape import measure_shape, outline_points

LESION = ellipse(70, 45, 25)


@cache
def smooth():
    """A lesion on smooth skin and its outline."""
    pixels = paint(skin(noise=0), LESION)
    return pixels, segment(pixels)


def drawn(pixels, spacing_mm=None):
    lesion = smooth()[1] if pixels is smooth()[0] else segment(pixels)
    assert isinstance(lesion, Lesion)
    return draw_lesion(pixels, lesion, measure_shape(lesion.outline), spacing_mm), lesion


def near(picture, points, reach=3):
    """The pixels around each point of the drawing, ``(n, (2·reach+1)², 3)``."""
    height, width = picture.shape[:2]
    down, right = np.mgrid[-reach : reach + 1, -reach : reach + 1].reshape(2, 1, -1)
    rows = np.clip(points[:, :1].round().astype(int) + down, 0, height - 1)
    columns = np.clip(points[:, 1:].round().astype(int) + right, 0, width - 1)
    return picture[rows, columns]


@pytest.mark.parametrize(("colour", "mole"), [(LIGHT_SKIN, (110, 70, 50)), (DARK_SKIN, (45, 28, 22))])
def test_the_outline_is_light_with_a_dark_edge_on_every_skin(colour, mole):
    picture, lesion = drawn(paint(skin(colour=colour), LESION, mole))
    points = outline_points(lesion.outline)[::7] * (DRAWN_SIDE / lesion.outline.shape[1])
    around = near(picture, points).astype(int)
    assert (around.min(2).max(1) > 200).mean() > 0.95
    assert (around.max(2).min(1) < 60).mean() > 0.95


def test_the_photograph_away_from_the_lines_is_unchanged():
    pixels = smooth()[0]
    picture, _ = drawn(pixels)
    assert picture.shape == (round(DRAWN_SIDE * 300 / 400), DRAWN_SIDE, 3)
    corner = picture[20:90, 20:90].astype(float).mean((0, 1))
    assert np.abs(corner - pixels[9:40, 9:40].mean((0, 1))).max() < 3


def test_the_given_pixels_are_not_drawn_on():
    pixels = smooth()[0]
    before = pixels.copy()
    drawn(pixels)
    assert np.array_equal(before, pixels)


def test_a_scale_bar_appears_only_with_a_scale_and_has_its_length():
    pixels = smooth()[0]
    plain, _ = drawn(pixels)
    scaled, _ = drawn(pixels, (0.1, 0.1))
    changed = np.abs(plain.astype(int) - scaled).sum(2) > 100
    rows, columns = np.nonzero(changed)
    assert rows.min() > 0.85 * len(plain)
    # 40 mm across; the longest round bar below 30 % of that is 10 mm, a quarter of the drawing.
    assert columns.max() - columns.min() == pytest.approx(DRAWN_SIDE / 4, abs=12)
    assert not changed[: int(0.85 * len(plain))].any()


def test_a_scale_too_fine_for_a_bar_draws_none():
    pixels = smooth()[0]
    assert np.array_equal(drawn(pixels)[0], drawn(pixels, (0.001, 0.001))[0])


def test_the_axes_cross_at_the_centre_at_a_right_angle_and_leave_the_lesion():
    shape = measure_shape(LESION)
    long, short = axes_of(outline_points(LESION), shape)
    assert np.linalg.norm(long[1] - long[0]) == pytest.approx(2 * 70 * 1.06, abs=3)
    assert np.linalg.norm(short[1] - short[0]) == pytest.approx(2 * 45 * 1.06, abs=3)
    assert float((long[1] - long[0]) @ (short[1] - short[0])) == pytest.approx(0, abs=1e-6)
    assert long.mean(0) == pytest.approx((149.5, 199.5), abs=1.5)


def test_a_small_picture_is_drawn_large_enough_to_see():
    picture, _ = drawn(paint(skin(75, 100), ellipse(18, 12, centre=(37, 50), size=(75, 100)), soft=0.7))
    assert max(picture.shape[:2]) == DRAWN_SIDE
