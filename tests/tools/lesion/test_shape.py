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


def test_the_ends_of_a_straight_line_are_its_farthest_points():
    line = np.array([[4.0, 1.0], [4.0, 9.0], [4.0, 3.0]])
    assert sorted(map(tuple, farthest(line, (1.0, 1.0)))) == [(4.0, 1.0), (4.0, 9.0)]


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


def test_centre_and_angle_are_those_of_the_drawn_shape_wherever_it_lies():
    for centre in ((60, 70), (200, 330)):
        shape = measure_shape(ellipse(50, 20, 25, size=(260, 400), centre=centre))
        assert shape.centre == pytest.approx(centre, abs=0.2)
        assert np.degrees(shape.angle) % 180 == pytest.approx(25, abs=1)
        assert max(shape.long_fold, shape.short_fold) < 0.03


def test_a_bar_is_symmetric_and_the_same_bar_sheared_is_about_neither_axis():
    bar = np.zeros((80, 120), bool)
    bar[30:50, 20:101] = True
    sheared = np.zeros((80, 120), bool)
    for row in range(30, 50):
        sheared[row, row : row + 61] = True
    straight, shape = measure_shape(bar), measure_shape(sheared)
    assert (straight.long_fold, straight.short_fold) == pytest.approx((0, 0), abs=0.001)
    assert shape.long_fold > 0.1
    assert shape.short_fold == pytest.approx(shape.long_fold, abs=0.01)


def test_an_outline_lies_on_the_edge_of_the_pixels():
    contour = outline_points(ellipse(40, 40, centre=(100, 120)))
    assert np.hypot(contour[:, 0] - 100, contour[:, 1] - 120) == pytest.approx(40, abs=1)


def test_of_several_pieces_the_one_with_the_longest_outline_is_kept():
    mask = (
        ellipse(10, 10, centre=(40, 40))
        | ellipse(30, 30, centre=(150, 200))
        | ellipse(8, 8, centre=(250, 350))
    )
    assert outline_points(mask).mean(axis=0) == pytest.approx((150, 200), abs=1)


def test_a_shape_too_small_for_an_outline_is_its_own_pixels():
    mask = np.zeros((9, 12), bool)
    mask[4, 7] = True
    assert outline_points(mask).tolist() == [[4.0, 7.0]]


def test_nothing_has_a_contour_of_no_points() -> None:
    assert outline_points(np.zeros((20, 30), bool)).shape == (0, 2)


def polygon(*corners):
    return np.array([*corners, corners[0]], np.float64)


@pytest.mark.parametrize(
    ("contour", "compactness"),
    [
        (polygon((0, 0), (0, 4), (4, 4), (4, 0)), 16**2 / (4 * np.pi * 16)),
        (polygon((10, 20), (14, 20), (14, 24), (10, 24)), 16**2 / (4 * np.pi * 16)),
        (polygon((0, 0), (0, 8), (2, 8), (2, 0)), 20**2 / (4 * np.pi * 16)),
        (polygon((0, 0), (0, 10)), 20**2 / (4 * np.pi)),
        (polygon((0, 0), (0, 0.5), (0.5, 0)), 1.0),
    ],
    ids=["a square", "the same elsewhere, turned round", "a bar", "a line", "less than a pixel"],
)
def test_compactness_is_the_formula_on_a_polygon(contour, compactness):
    assert compactness_of(contour) == pytest.approx(compactness)


def test_the_farthest_points_are_given_as_they_came_and_in_a_line_too():
    triangle = np.array([[0.0, 0.0], [3.0, 0.0], [1.0, 1.0], [0.0, 4.0]])
    assert sorted(farthest(triangle, (1.0, 1.0)).tolist()) == [[0, 4], [3, 0]]
    assert sorted(farthest(triangle, (9.0, 0.1)).tolist()) == [[0, 4], [3, 0]]
    line = np.array([[0.0, 1.0], [0.0, 5.0], [0.0, 9.0]])
    assert sorted(farthest(line, (2.0, 3.0)).tolist()) == [[0, 1], [0, 9]]


def test_a_spacing_decides_which_points_are_farthest():
    cross = np.array([[0.0, 5.0], [8.0, 5.0], [4.0, 0.0], [4.0, 10.0]])
    assert sorted(farthest(cross, (1.0, 1.0)).tolist()) == [[4, 0], [4, 10]]
    assert sorted(farthest(cross, (2.0, 1.0)).tolist()) == [[0, 5], [8, 5]]
    assert sorted(farthest(cross, (1.0, 0.5)).tolist()) == [[0, 5], [8, 5]]


def test_no_end_of_a_small_shape_is_cut_off_when_it_is_folded():
    # A hammer of 84 pixels: a handle of 24 × 3, a head of 3 × 7 at one end. Folded at its centre, 12 pixels
    # of the head and the last 3 × 3 of the handle have no partner.
    hammer = np.zeros((30, 50), bool)
    hammer[14:17, 10:34] = True
    hammer[12:19, 10:13] = True
    shape = measure_shape(hammer)
    assert shape.centre == (15, 20)
    assert shape.short_fold == pytest.approx(21 / 84)
    assert shape.long_fold == 0


def test_the_waves_of_a_border_are_not_smoothed_off():
    y, x = np.mgrid[:300, :300] - 150
    waves = np.hypot(y, x) < 60 + 5 * np.sin(12 * np.arctan2(y, x))
    angle = np.linspace(0, 2 * np.pi, 20_001)
    radius = 60 + 5 * np.sin(12 * angle)
    drawn = np.stack([radius * np.sin(angle), radius * np.cos(angle)], axis=1)
    assert measure_shape(waves).compactness == pytest.approx(compactness_of(drawn), rel=0.03)
