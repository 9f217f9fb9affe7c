"""Where a region lies: by numbers and by word, in pixels and millimetres, at the border and beyond it."""

from __future__ import annotations

import math

import numpy as np
import pytest

from store.errors import ToolUseError
from store.pictures.image import Image
from store.records import Region
from tools.region.places import PLACES, Change, Wished, changed, is_cut, pixels_of, placed


def picture(width: int = 100, height: int = 80, spacing: tuple[float, float] | None = None) -> Image:
    return Image(np.zeros((1, height, width), np.uint8), "PNG", spacing_mm=spacing)


def covered(region: Region, size: tuple[int, int] = (100, 80)) -> np.ndarray:
    whole = np.zeros((size[1], size[0]), bool)
    where, inside = pixels_of(region, size)
    whole[where] = inside
    return whole


def test_a_rectangle_has_as_many_pixels_as_it_says_around_its_middle() -> None:
    even = covered(placed(Wished(at=(50, 40), size=(20, 10)), picture(), "img-1"))
    rows, columns = np.nonzero(even)
    assert even.sum() == 200
    assert (columns.min(), columns.max(), rows.min(), rows.max()) == (40, 59, 35, 44)
    odd = covered(placed(Wished(at=(50, 40), size=(15, 1)), picture(), "img-1"))
    assert (odd.sum(), np.nonzero(odd)[1].min(), np.nonzero(odd)[1].max()) == (15, 43, 57)


def test_an_ellipse_holds_the_pixels_whose_middle_lies_in_it() -> None:
    round_one = covered(placed(Wished("ellipse", at=(50, 40), size=(20, 20)), picture(), "img-1"))
    assert round_one.sum() == pytest.approx(math.pi * 100, rel=0.03)
    assert round_one[40, 40]
    assert not round_one[31, 41]
    flat = covered(placed(Wished("ellipse", at=(50, 40), size=(40, 4)), picture(), "img-1"))
    assert (flat[40, 31], flat[38, 50], flat[38, 31]) == (True, True, False)


def test_a_point_is_one_pixel() -> None:
    region = placed(Wished("point", at=(7, 9)), picture(), "img-1")
    assert np.argwhere(covered(region)).tolist() == [[9, 7]]


@pytest.mark.parametrize(
    ("place", "first", "last"),
    [
        ("centre", (45, 35), (54, 44)),
        ("upper left", (0, 0), (9, 9)),
        ("upper right", (90, 0), (99, 9)),
        ("lower left", (0, 70), (9, 79)),
        ("lower right", (90, 70), (99, 79)),
        ("left", (0, 35), (9, 44)),
        ("lower", (45, 70), (54, 79)),
    ],
)
def test_a_place_by_word_is_that_of_the_picture(place, first, last):
    rows, columns = np.nonzero(covered(placed(Wished(place=place, size=(10, 10)), picture(), "img-1")))
    assert (columns.min(), rows.min()) == first
    assert (columns.max(), rows.max()) == last


@pytest.mark.parametrize(
    ("place", "first", "last"),
    [
        ("left half", (0, 0), (49, 79)),
        ("right half", (50, 0), (99, 79)),
        ("upper half", (0, 0), (99, 39)),
        ("lower half", (0, 40), (99, 79)),
        ("whole picture", (0, 0), (99, 79)),
    ],
)
def test_a_half_without_a_size_is_all_of_it(place, first, last):
    rows, columns = np.nonzero(covered(placed(Wished(place=place), picture(), "img-1")))
    assert ((columns.min(), rows.min()), (columns.max(), rows.max())) == (first, last)


def test_every_place_lies_in_every_picture() -> None:
    for size in ((1, 1), (2, 3), (31, 20), (100, 80)):
        for place in PLACES:
            region = placed(Wished(place=place), picture(*size), "img-1")
            assert covered(region, size).any(), (size, place)
            assert not is_cut(region, size), (size, place)


def test_millimetres_follow_pixels_that_are_not_square() -> None:
    region = placed(
        Wished("ellipse", at=(50, 40), size=(10, 10), unit="mm"), picture(spacing=(1.0, 0.5)), "img-1"
    )
    assert (region.width, region.height) == (20, 10)


def test_without_a_spacing_no_millimetre_is_taken() -> None:
    with pytest.raises(ToolUseError, match="states no pixel spacing"):
        placed(Wished(at=(5, 5), size=(3, 3), unit="mm"), picture(), "img-1")
    region = placed(Wished(at=(50, 40), size=(3, 3)), picture(), "img-1")
    with pytest.raises(ToolUseError, match="states no pixel spacing"):
        changed(region, Change(move=(3, 0), unit="mm"), picture(), "img-1")


@pytest.mark.parametrize(
    "at", [(100, 5), (5, 80), (-1, 5), (1e9, 5), (float("nan"), 5), (5, float("inf")), (-0.6, 0)]
)
def test_a_place_outside_the_picture_is_refused_with_what_there_is(at):
    with pytest.raises(ToolUseError, match=r"lies outside img-1.*columns 0 to 99 and rows 0 to 79"):
        placed(Wished(at=at, size=(3, 3)), picture(), "img-1")


@pytest.mark.parametrize("size", [(0, 5), (5, -1), (float("nan"), 3), (float("inf"), 3)])
def test_a_size_that_is_none_is_refused(size):
    with pytest.raises(ToolUseError, match="holds nothing"):
        placed(Wished(at=(5, 5), size=size), picture(), "img-1")


def test_no_place_and_an_unknown_one_are_refused() -> None:
    with pytest.raises(ToolUseError, match="No place was given"):
        placed(Wished(size=(3, 3)), picture(), "img-1")
    with pytest.raises(ToolUseError, match="no place 'liver'"):
        placed(Wished(place="liver"), picture(), "img-1")


def test_a_region_that_holds_no_pixel_is_refused() -> None:
    with pytest.raises(ToolUseError, match="middle of no pixel"):
        pixels_of(placed(Wished("ellipse", place="centre", size=(0.5, 0.5)), picture(), "img-1"), (100, 80))


def test_a_huge_region_is_cut_at_the_border_without_taking_memory_for_it() -> None:
    for shape in ("rectangle", "ellipse"):
        region = placed(Wished(shape, at=(50, 40), size=(1e12, 1e12)), picture(), "img-1")
        assert is_cut(region, (100, 80))
        assert covered(region).all()


def test_a_region_is_moved_and_grows() -> None:
    last = placed(Wished("ellipse", at=(50, 40), size=(10, 10)), picture(), "img-1")
    moved = changed(last, Change((-30, 5)), picture(), "img-1")
    assert (moved.column, moved.row, moved.width, moved.shape) == (20, 45, 10, "ellipse")
    assert changed(last, Change(times=2), picture(), "img-1").height == 20
    assert changed(last, Change((5, 0), unit="mm"), picture(spacing=(1, 0.5)), "img-1").column == 60
    with pytest.raises(ToolUseError, match="outside"):
        changed(last, Change((60, 0)), picture(), "img-1")
    point = placed(Wished("point", at=(50, 40)), picture(), "img-1")
    assert changed(point, Change(times=3), picture(), "img-1").shape == "rectangle"
