"""Where a learner marked something beside where the case has it: regions found or missed, marks extra.

A region is found where a mark on its slice covers it well enough, or an arrow's tip lies in it. Each mark
counts for one region and each region for one mark, the best pairs first.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from assistant.teaching.overlap import overlap, tip_lies_in
from store.teaching.region import Region

PlaceOutcome = Literal["found", "other slice", "missed", "extra"]
PLACE_OUTCOMES: tuple[PlaceOutcome, ...] = ("found", "other slice", "missed", "extra")
ENOUGH = 0.3
"""IoU from which a region counts as found. Source: RadGame (PMLR 297:898), which counts boxes from 0.3 on."""


@dataclass(frozen=True)
class Place:
    """One region of the case, or one mark that is none of them.

    Attributes:
        outcome: how it came out.
        region: of the case; None for an extra mark.
        mark: the learner's mark that is nearest to it; None where none touches it.
        iou: of both in [0, 1]; None without a mark, and for an arrow, which has no area.
        overruled: whether the outcome is a teacher's.
    """

    outcome: PlaceOutcome
    region: Region | None
    mark: Region | None
    iou: float | None
    overruled: bool = False

    @property
    def drawn(self) -> Region:
        """The region, or the mark where there is none."""
        drawn = self.region or self.mark
        if drawn is None:
            raise ValueError("a place is a region or a mark")
        return drawn

    @property
    def dice(self) -> float | None:
        """Twice what both cover by the sum of their areas, in [0, 1]; None where `iou` is.

        Source: Dice, Ecology 26 (1945).
        """
        return None if self.iou is None else 2 * self.iou / (1 + self.iou)


@dataclass(frozen=True)
class _Pair:
    region: int
    mark: int
    iou: float | None
    same_slice: bool
    enough: bool

    @property
    def rank(self) -> tuple[bool, bool, float]:
        """The best pair has the largest; an arrow comes after areas that cover enough."""
        return (self.enough, self.same_slice, -1.0 if self.iou is None else self.iou)


def places(regions: Sequence[Region], marks: Sequence[Region]) -> tuple[Place, ...]:
    """Every region of a case in its order, then the marks that are none of them.

    Args:
        regions: of the case, areas; without any, nothing is compared.
        marks: of the learner.
    """
    if not regions:
        return ()
    pairs = [
        pair
        for r, region in enumerate(regions)
        for m, mark in enumerate(marks)
        if (pair := _pair(r, region, m, mark)) is not None
    ]
    taken: dict[int, _Pair] = {}
    used: set[int] = set()
    for pair in sorted(pairs, key=lambda one: one.rank, reverse=True):
        if pair.region not in taken and pair.mark not in used:
            taken[pair.region] = pair
            used.add(pair.mark)
    there = [_place(region, taken.get(at), marks) for at, region in enumerate(regions)]
    counted = {pair.mark for pair in taken.values() if pair.enough}
    return (*there, *(Place("extra", None, one, None) for m, one in enumerate(marks) if m not in counted))


def _pair(r: int, region: Region, m: int, mark: Region) -> _Pair | None:
    """The two side by side; None where they do not touch."""
    if region.image != mark.image:
        return None
    same = region.slice == mark.slice
    if mark.shape == "arrow":
        return _Pair(r, m, None, same, enough=True) if tip_lies_in(mark, region) else None
    iou = overlap(region, mark)
    return _Pair(r, m, iou, same, iou >= ENOUGH) if iou > 0 else None


def _place(region: Region, pair: _Pair | None, marks: Sequence[Region]) -> Place:
    if pair is None:
        return Place("missed", region, None, None)
    outcome: PlaceOutcome = "missed"
    if pair.enough:
        outcome = "found" if pair.same_slice else "other slice"
    return Place(outcome, region, marks[pair.mark], pair.iou)
