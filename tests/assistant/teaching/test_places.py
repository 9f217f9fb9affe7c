"""Marks beside regions: what is found, on another slice, missed or extra, and which mark counts for what."""

from __future__ import annotations

from assistant.teaching.places import places
from store.teaching.region import Region


def box(left: float, right: float, slice_: int = 1, image: int = 1) -> Region:
    return Region(shape="rectangle", points=((left, 0), (right, 10)), slice=slice_, image=image)


def arrow(x: float) -> Region:
    return Region(shape="arrow", points=((x, 5), (90, 90)))


def told(*found: object) -> list[str]:
    return [one.outcome for one in found]  # type: ignore[attr-defined]


def test_a_mark_that_covers_a_region_well_enough_finds_it() -> None:
    (one,) = places([box(0, 10)], [box(0, 20)])
    assert (one.outcome, one.iou) == ("found", 0.5)
    assert one.dice == 2 / 3
    near, extra = places([box(0, 10)], [box(0, 40)])
    assert (near.outcome, near.iou) == ("missed", 0.25)
    assert (extra.outcome, extra.region) == ("extra", None)


def test_what_nobody_marked_is_missed_and_what_is_none_is_extra() -> None:
    assert told(*places([box(0, 10)], [])) == ["missed"]
    assert told(*places([box(0, 10)], [box(50, 60), arrow(5)])) == ["found", "extra"]


def test_a_case_without_regions_says_nothing_of_marks() -> None:
    assert places([], [box(0, 10)]) == ()


def test_an_arrow_finds_what_its_tip_lies_in_without_a_share() -> None:
    (one,) = places([box(0, 10)], [arrow(5)])
    assert (one.outcome, one.iou, one.dice) == ("found", None, None)
    assert told(*places([box(0, 10)], [arrow(30)])) == ["missed", "extra"]


def test_another_slice_is_said_and_another_image_is_nothing() -> None:
    (one,) = places([box(0, 10, slice_=4)], [box(0, 10, slice_=5)])
    assert (one.outcome, one.iou) == ("other slice", 1.0)
    assert told(*places([box(0, 10, image=2)], [box(0, 10, image=1)])) == ["missed", "extra"]


def test_each_mark_counts_once_and_the_best_pair_first() -> None:
    close, wide = box(0, 10), box(0, 25)
    found = places([box(0, 12), box(12, 26)], [wide, close])
    assert told(*found) == ["found", "found"]
    assert found[0].mark == close
    assert told(*places([box(0, 10), box(0, 10)], [box(0, 10)])) == ["found", "missed"]


def test_a_mark_on_the_slice_is_taken_before_a_better_one_beside_it() -> None:
    right, beside = box(0, 12), box(0, 10, slice_=2)
    found = places([box(0, 10)], [beside, right])
    assert (found[0].outcome, found[0].mark) == ("found", right)
    assert told(*found) == ["found", "extra"]
