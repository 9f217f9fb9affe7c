"""Percentile windows: robust, never saturated, and blind to NaN."""

import numpy as np
import pytest

from tools.files.arrays.windowing import most_content, percentile_window, to_uint8


def test_one_dead_pixel_does_not_set_the_window():
    values = np.tile(np.arange(1000), 10)
    values[0] = 10_000_000
    low, high = percentile_window(values)
    assert 0 <= low < 20
    assert 980 < high < 1000


def test_a_sixteen_bit_ramp_keeps_its_middle_tones():
    shown = to_uint8(np.arange(0, 65536, 16, dtype=np.uint16), *percentile_window(np.arange(65536)))
    assert len(np.unique(shown)) == 256
    assert (shown == 255).mean() < 0.02


def test_nan_and_infinity_are_left_out_of_the_window_and_nan_is_black():
    values = np.array([np.nan, np.inf, -np.inf, 0.0, 1.0, 2.0])
    low, high = percentile_window(values)
    assert (low, high) == pytest.approx((0.0, 2.0), abs=0.05)
    assert to_uint8(values, low, high)[0] == 0


def test_no_finite_value_gives_an_empty_window():
    assert percentile_window(np.array([np.nan, np.inf])) == (0.0, 0.0)


def test_a_constant_picture_is_black_and_does_not_divide_by_zero():
    values = np.full((4, 4), 7.0)
    assert to_uint8(values, *percentile_window(values)).max() == 0


def test_a_narrow_window_on_large_numbers_keeps_its_steps():
    values = np.array([1_000_000_000, 1_000_000_050, 1_000_000_100], dtype=np.int64)
    assert to_uint8(values, 1e9, 1e9 + 100).tolist() == pytest.approx([0, 127.5, 255], abs=0.5)


def test_a_mostly_zero_volume_falls_back_to_its_range():
    values = np.zeros(10_000)
    values[:3] = 5.0
    assert percentile_window(values) == (0.0, 5.0)


def test_the_slice_shown_first_has_most_content_and_lies_in_the_middle_half():
    frames = np.zeros((12, 16, 16), np.uint8)
    frames[0, ::8] = 255  # the richest of all, but at the end of the scan
    frames[7, :8] = 200
    assert most_content(frames) == 7
    assert most_content(frames[:1]) == 0


def test_the_window_is_the_half_percent_at_each_end():
    values = np.arange(1001.0) ** 2
    assert percentile_window(values) == pytest.approx((25.0, 990_025.0))
    assert percentile_window(values.reshape(7, 11, 13)) == percentile_window(values)
    assert percentile_window(-values) == pytest.approx((-990_025.0, -25.0))


def test_a_picture_of_millions_of_pixels_is_windowed_by_a_part_of_them():
    values = np.arange(3_500_000)
    assert percentile_window(values) == pytest.approx((17_500, 3_482_500), rel=1e-3)


def test_every_row_of_a_large_picture_counts():
    values = np.zeros((2, 2_000_000))
    values[1] = 100.0
    assert percentile_window(values) == (0.0, 100.0)


def test_equal_percentiles_fall_back_to_the_least_and_most_of_the_finite_values():
    values = np.zeros(10_000)
    values[:4] = [5.0, -3.0, np.inf, np.nan]
    assert percentile_window(values) == (-3.0, 5.0)


def test_what_lies_outside_the_window_is_black_or_white_and_inside_is_rounded():
    values = np.array([-np.inf, -1.0, 0.0, 0.9, 1.1, 50.0, 99.1, 100.0, 101.0, np.inf, np.nan])
    with np.errstate(invalid="raise"):
        shown = to_uint8(values, 0, 100)
    assert shown.tolist() == [0, 0, 0, 2, 3, 128, 253, 255, 255, 255, 0]
    assert shown.dtype == np.uint8


def test_a_window_without_width_shows_all_above_it_white():
    values = np.array([[1.0, 2.0, 3.0, np.nan]])
    shown = to_uint8(values, 2, 2)
    assert shown.tolist() == [[0, 0, 255, 0]]
    assert shown.dtype == np.uint8


@pytest.mark.parametrize("far", [2**30, -(2**30)])
def test_steps_of_one_are_kept_however_far_from_zero_the_window_lies(far):
    values = np.arange(far, far + 5)
    assert to_uint8(values, far, far + 4).tolist() == [0, 64, 128, 191, 255]


def test_the_values_given_are_left_as_they_are():
    values = np.array([1.0, np.nan, 3.0])
    to_uint8(values, 0.0, 2.0)
    assert values[0] == 1.0 and np.isnan(values[1]) and values[2] == 3.0


@pytest.mark.parametrize(
    ("count", "rich", "shown"),
    [(1, 0, 0), (2, 1, 1), (3, 1, 1), (4, 2, 2), (8, 2, 2), (8, 5, 5), (9, 2, 2), (9, 6, 6)],
)
def test_every_slice_of_the_middle_half_may_be_shown_first(count, rich, shown):
    frames = np.zeros((count, 16, 16), np.uint8)
    frames[rich, :8] = 200
    assert most_content(frames) == shown


@pytest.mark.parametrize(("count", "rich"), [(4, 0), (4, 3), (8, 1), (8, 6), (9, 1), (9, 7)])
def test_a_slice_of_the_outer_quarters_is_not_shown_first(count, rich):
    frames = np.zeros((count, 16, 16), np.uint8)
    frames[rich, :8] = 200
    assert count // 4 <= most_content(frames) < count - count // 4
    assert most_content(frames) != rich
