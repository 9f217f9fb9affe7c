"""Planes smoothed and marks counted, held against scipy."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import ndimage

from tools.gate import features
from tools.gate.planes import means_around, sizes_of_marks

SIZES = [(16, 16), (16, 256), (256, 17), (171, 256)]


@pytest.mark.parametrize("size", SIZES)
def test_means_are_those_of_scipy_to_the_last_bit(size):
    pixels = np.random.default_rng(1).integers(0, 256, (*size, 3), np.uint8)
    plane = features._luma(np.asarray(pixels, np.float32) / 255)
    assert means_around(plane, 15).tobytes() == ndimage.uniform_filter(plane, 15).tobytes()


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("share", [0.0, 0.05, 0.4, 0.6, 0.95, 1.0])
def test_marks_are_as_large_as_scipy_finds_them(size, share):
    marks = np.random.default_rng(2).random(size) < share
    labels, count = ndimage.label(marks)
    sizes = np.bincount(labels.ravel(), minlength=1)[1:]
    assert sizes.size == count
    assert sorted(sizes_of_marks(marks)) == sorted(sizes)


def test_a_mark_that_winds_through_the_plane_is_one():
    rows, columns = np.mgrid[:99, :99]
    marks = rows % 2 == 0
    marks |= (columns == 98) & (rows % 4 == 1) | (columns == 0) & (rows % 4 == 3)
    assert sizes_of_marks(marks).tolist() == [marks.sum()]


def test_marks_at_the_end_of_a_row_and_the_start_of_the_next_are_two():
    marks = np.zeros((2, 16), bool)
    marks[0, -2:] = marks[1, :3] = True
    assert sorted(sizes_of_marks(marks)) == [2, 3]
