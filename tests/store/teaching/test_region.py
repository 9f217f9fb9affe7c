"""Regions: what makes one, and what a case takes."""

from __future__ import annotations

import pytest
from pydantic import ValidationError

from store.errors import CaseError
from store.teaching.case import checked, read_teaching_case
from store.teaching.region import Region

BOX = {"shape": "rectangle", "points": [[1, 2], [3, 4.5]], "caption": "apex"}


@pytest.mark.parametrize(
    ("shape", "count"), [("rectangle", 3), ("ellipse", 1), ("arrow", 3), ("freehand", 2)]
)
def test_each_shape_takes_its_number_of_points(shape: str, count: int) -> None:
    with pytest.raises(ValidationError, match="points"):
        Region.model_validate({"shape": shape, "points": [[n, n] for n in range(count)]})


@pytest.mark.parametrize("point", [[-1, 0], [0, 70_000], [float("nan"), 0], [0, float("inf")]])
def test_a_point_outside_of_every_picture_is_refused(point: list[float]) -> None:
    with pytest.raises(ValidationError):
        Region.model_validate(BOX | {"points": [point, [1, 1]]})


def test_a_region_lies_in_a_picture_that_holds_all_its_points() -> None:
    one = Region.model_validate(BOX)
    assert one.within(3, 5)
    assert not one.within(2, 5)
    assert not one.within(3, 4)


def test_a_case_keeps_its_regions_over_json() -> None:
    case = checked(diagnosis="x", images=[{"key": "0" * 64, "slices": 3}], regions=[BOX | {"slice": 3}])
    assert read_teaching_case(case.to_json()) == case
    assert case.regions[0].points == ((1, 2), (3, 4.5))


@pytest.mark.parametrize(
    ("change", "why"),
    [({"shape": "arrow"}, "arrow"), ({"slice": 2}, "slice 2 of image 1"), ({"image": 2}, "image 2")],
)
def test_a_case_takes_areas_of_its_own_slices_alone(change: dict[str, object], why: str) -> None:
    with pytest.raises(CaseError, match=why):
        checked(diagnosis="x", images=[{"key": "0" * 64}], regions=[BOX | change])
