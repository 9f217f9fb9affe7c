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
