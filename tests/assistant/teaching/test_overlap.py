"""How far regions cover each other, against areas that are known."""

from __future__ import annotations

import math

import pytest

from assistant.teaching.overlap import overlap, tip_lies_in
from store.teaching.region import Region, Shape


def region(shape: Shape, *points: tuple[float, float]) -> Region:
    return Region(shape=shape, points=points)


BOX = region("rectangle", (10, 20), (30, 60))


def test_a_region_covers_itself_and_not_what_lies_apart() -> None:
    assert overlap(BOX, BOX) == 1
    assert overlap(BOX, region("rectangle", (40, 20), (60, 60))) == 0


@pytest.mark.parametrize("larger", [1, 7, 60])
def test_shares_of_rectangles_are_those_of_their_areas_at_any_size(larger: int) -> None:
    one = region("rectangle", (0, 0), (20 * larger, 30 * larger))
    other = region("rectangle", (10 * larger, 0), (30 * larger, 30 * larger))
    assert overlap(one, other) == pytest.approx(1 / 3, abs=0.01)


def test_the_corners_of_a_rectangle_may_come_in_any_order() -> None:
    assert overlap(BOX, region("rectangle", (30, 60), (10, 20))) == 1
    assert overlap(BOX, region("rectangle", (30, 20), (10, 60))) == 1


def test_an_ellipse_fills_pi_quarters_of_its_box() -> None:
    box, round_ = (region(kind, (5, 5), (105, 65)) for kind in ("rectangle", "ellipse"))
    assert overlap(box, round_) == pytest.approx(math.pi / 4, abs=0.01)


def test_a_line_is_closed_to_an_area() -> None:
    triangle = region("freehand", (0, 0), (100, 0), (0, 100))
    assert overlap(triangle, region("rectangle", (0, 0), (100, 100))) == pytest.approx(0.5, abs=0.01)


def test_something_without_an_area_covers_nothing() -> None:
    flat = region("freehand", (0, 0), (50, 50), (100, 100))
    assert overlap(flat, region("rectangle", (0, 0), (100, 100))) == pytest.approx(0, abs=0.02)


def test_the_tip_of_an_arrow_counts_and_not_its_tail() -> None:
    assert tip_lies_in(region("arrow", (20, 40), (200, 200)), BOX)
    assert not tip_lies_in(region("arrow", (200, 200), (20, 40)), BOX)
    corner = region("arrow", (11, 21), (0, 0))
    assert tip_lies_in(corner, BOX)
    assert not tip_lies_in(corner, region("ellipse", (10, 20), (30, 60)))
