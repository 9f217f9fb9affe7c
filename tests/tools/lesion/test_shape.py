"""Asymmetry, border and diameter of shapes whose values are known."""

import numpy as np
import pytest

from tests.inputs.drawn_lesion import ellipse
from tools.lesion.shape import compactness_of, farthest, measure_shape, outline_points


def notched(degrees):
    """An ellipse with a round piece missing at one end of its long axis."""
    turn = np.radians(degrees)
    end = (150 + 60 * np.sin(turn), 200 + 60 * np.cos(turn))
    return ellipse(90, 50, degrees) & ~ellipse(30, 30, centre=end)


@pytest.mark.parametrize("radius", [10, 25, 60, 120])
def test_a_circle_is_symmetric_and_has_a_border_index_of_one(radius):
    shape = measure_shape(ellipse(radius, radius, size=(300, 400)))
    assert shape.long_fold < 0.01
    assert shape.short_fold < 0.01
    assert shape.compactness == pytest.approx(1, abs=0.02)


def test_an_ellipse_is_symmetric_about_both_axes_and_its_border_index_is_the_formula_s():
    shape = measure_shape(ellipse(100, 50, 30))
    assert max(shape.long_fold, shape.short_fold) < 0.02
    # Ramanujan's perimeter of an ellipse with half-axes 100 and 50 is 484.42.
    assert shape.compactness == pytest.approx(484.42**2 / (4 * np.pi * np.pi * 100 * 50), abs=0.03)
    assert np.degrees(shape.angle) % 180 == pytest.approx(30, abs=1)


def test_a_half_cut_disk_is_less_symmetric_than_a_disk():
    disk = ellipse(80, 80)
    cut = disk.copy()
    cut[:150, :200] = False
    whole, shape = measure_shape(disk), measure_shape(cut)
    assert max(shape.long_fold, shape.short_fold) > 0.2 > max(whole.long_fold, whole.short_fold) + 0.15
    assert shape.compactness > whole.compactness + 0.3


def test_the_fold_is_the_uncovered_share_computed_by_hand():
    # A bar of 100 × 40 with a block of 20 × 10 on its top: its centre lies 21.19 above the bottom, so
    # the mirror image is 2.38 off along 80 columns and 7.62 off along 20, each on both sides.
    mask = np.zeros((120, 160), bool)
    mask[50:90, 30:130] = True
    mask[40:50, 70:90] = True
    shape = measure_shape(mask)
    assert shape.long_fold == pytest.approx((80 * 2.38 + 20 * 7.62) / 4200, abs=0.015)
    assert shape.short_fold < 0.01


def test_a_notch_at_one_end_shows_across_the_short_axis_only():
    shape = measure_shape(notched(0))
    assert shape.long_fold < 0.02
    assert shape.short_fold > 0.1


@pytest.mark.parametrize("degrees", [20, 45, 70, 90, 135])
def test_turning_a_shape_changes_its_measures_little(degrees):
    straight, turned = measure_shape(notched(0)), measure_shape(notched(degrees))
    assert turned.long_fold == pytest.approx(straight.long_fold, abs=0.02)
    assert turned.short_fold == pytest.approx(straight.short_fold, abs=0.02)
    assert turned.compactness == pytest.approx(straight.compactness, abs=0.05)


def test_a_star_has_a_more_irregular_border_than_a_disk_of_the_same_area():
    y, x = np.mgrid[:300, :300] - 150
    star = np.hypot(y, x) < 80 + 25 * np.sin(7 * np.arctan2(y, x))
    assert measure_shape(star).compactness > 1.8


def test_the_largest_diameter_uses_the_spacing_of_rows_and_of_columns():
    contour = outline_points(ellipse(50, 50))
    ends = farthest(contour, (2.0, 1.0))
    assert abs(ends[0, 0] - ends[1, 0]) == pytest.approx(100, abs=2)
    assert abs(ends[0, 1] - ends[1, 1]) < 20
    assert np.linalg.norm(np.diff(farthest(contour, (1.0, 1.0)), axis=0)) == pytest.approx(100, abs=2)


def test_a_lesion_cut_by_the_frame_still_has_a_closed_outline():
    contour = outline_points(ellipse(80, 60, centre=(20, 200)))
    assert np.allclose(contour[0], contour[-1])
    assert contour[:, 0].min() > -1.5
    assert compactness_of(contour) < 2
