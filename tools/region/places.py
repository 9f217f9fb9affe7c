"""Where a region lies: shape, size and place → its pixels.

Columns and rows count from 0 at the upper left, at the middle of a pixel. Left and right are those of the
picture. A rectangle of even width has its middle between pixels, and reaches one further to the left and up.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from store.errors import ToolUseError
from store.pictures.image import Image
from store.records import Region
from tools.language.sayings import say

Shape = Literal["rectangle", "ellipse", "point"]
WHOLE = "whole picture"
_SIDE = {"left": (0.0, None), "right": (1.0, None), "upper": (None, 0.0), "lower": (None, 1.0)}
_HALVES = {f"{side} half": at for side, at in _SIDE.items()}
_QUARTERS = {
    f"{down} {across}": (_SIDE[across][0], _SIDE[down][1])
    for down in ("upper", "lower")
    for across in ("left", "right")
}
PLACES = ("centre", *_QUARTERS, *_SIDE, *_HALVES, WHOLE)
"""Places by word. What is in a corner or at a side touches the border; a half without a size is all of it."""
# Ours: the side of a region of which no size was said.
USUAL = 20.0


@dataclass(frozen=True)
class Wished:
    """A region as somebody says it.

    Attributes:
        shape: of it.
        at: column and row of its middle; None where a word says the place.
        place: of `PLACES`; empty where numbers say it.
        size: width and height; None for the usual one.
        unit: of the size.
    """

    shape: Shape = "rectangle"
    at: tuple[float, float] | None = None
    place: str = ""
    size: tuple[float, float] | None = None
    unit: Literal["px", "mm"] = "px"


def placed(wished: Wished, image: Image, image_id: str) -> Region:
    """The region of the slice in view that is wished for, in pixels.

    Raises:
        ToolUseError: it lies outside, has no size, or millimetres are asked of a file without a scale.
    """
    width, height = image.size
    size = _in_pixels(wished, image, image_id)
    if wished.place:
        column, row, size = _by_word(wished.place, size, (width, height))
    elif wished.at is not None:
        column, row = wished.at
    else:
        raise ToolUseError(f"{say('region_tools.no_place')} {_how(image, image_id)}")
    if not (_within(column, width) and _within(row, height)):
        outside = say("region_tools.outside", image=image_id, column=f"{column:g}", row=f"{row:g}")
        raise ToolUseError(f"{outside} {_how(image, image_id)}")
    if wished.shape == "point":
        column, row, size = round(column), round(row), (1.0, 1.0)
    across, down = size or (min(USUAL, width), min(USUAL, height))
    return Region(
        image_id=image_id,
        index=image.index,
        shape=wished.shape,
        column=column,
        row=row,
        width=across,
        height=down,
    )


@dataclass(frozen=True)
class Change:
    """What is changed of a region.

    Attributes:
        move: how far it goes to the right and down, negative for left and up.
        times: how many times as wide and as high it becomes.
        unit: of `move`.
    """

    move: tuple[float, float] = (0.0, 0.0)
    times: float = 1.0
    unit: Literal["px", "mm"] = "px"


def changed(last: Region, change: Change, image: Image, image_id: str) -> Region:
    """A region again, moved or of another size, in the slice in view of an image.

    Raises:
        ToolUseError: as `placed`.
    """
    across, down = _per_pixel(image, image_id, change.unit)
    to = (last.column + change.move[0] / across, last.row + change.move[1] / down)
    grown = last.shape if change.times == 1 or last.shape != "point" else "rectangle"
    size = (last.width * change.times, last.height * change.times)
    return placed(Wished(grown, at=to, size=size), image, image_id)


def pixels_of(region: Region, size: tuple[int, int]) -> tuple[tuple[slice, slice], NDArray[np.bool_]]:
    """The rows and columns of a picture that a region reaches into, and which of these pixels are in it.

    Raises:
        ToolUseError: it holds no pixel.
    """
    columns, rows = _reach(region.column, region.width, size[0]), _reach(region.row, region.height, size[1])
    inside = np.ones((rows.stop - rows.start, columns.stop - columns.start), dtype=np.bool_)
    if region.shape == "ellipse":
        x = (np.arange(columns.start, columns.stop) - region.column) / (region.width / 2)
        y = (np.arange(rows.start, rows.stop) - region.row) / (region.height / 2)
        inside = x[None, :] ** 2 + y[:, None] ** 2 <= 1
    if not inside.any():
        raise ToolUseError(f"{say('region_tools.no_pixel')} {say('region_tools.larger')}")
    return (rows, columns), inside


def is_cut(region: Region, size: tuple[int, int]) -> bool:
    """Whether a region reaches over the border of the picture."""
    ends = ((region.column, region.width, size[0]), (region.row, region.height, size[1]))
    return any(math.ceil(at - wide / 2) < 0 or math.ceil(at + wide / 2) > whole for at, wide, whole in ends)


def _reach(at: float, wide: float, whole: int) -> slice:
    """The pixels whose middle lies from half a width before to half a width behind, in the picture."""
    first = max(0, math.ceil(max(at - wide / 2, 0)))
    return slice(first, max(first, min(whole, math.ceil(min(at + wide / 2, whole)))))


def _in_pixels(wished: Wished, image: Image, image_id: str) -> tuple[float, float] | None:
    if wished.size is None or wished.shape == "point":
        return None
    if not all(math.isfinite(one) and one > 0 for one in wished.size):
        width, height = (f"{one:g}" for one in wished.size)
        empty = say("region_tools.empty_size", width=width, height=height, unit=wished.unit)
        raise ToolUseError(f"{empty} {say('region_tools.above_zero')}")
    across, down = _per_pixel(image, image_id, wished.unit)
    return wished.size[0] / across, wished.size[1] / down


def _per_pixel(image: Image, image_id: str, unit: str) -> tuple[float, float]:
    """How much of a unit a pixel is wide and high."""
    if unit == "px":
        return 1.0, 1.0
    if image.spacing_mm is None:
        no_scale = say("region_tools.no_scale", image=image_id)
        raise ToolUseError(f"{no_scale} {say('region_tools.in_pixels')}")
    return image.spacing_mm[1], image.spacing_mm[0]


def _by_word(
    place: str, size: tuple[float, float] | None, whole: tuple[int, int]
) -> tuple[float, float, tuple[float, float]]:
    """Column, row and size of a region at a place."""
    if place not in PLACES:
        raise ToolUseError(f"There is no place {place!r}. Places: {', '.join(PLACES)}.")
    if place == WHOLE:
        size = size or (float(whole[0]), float(whole[1]))
    across, down = {**_QUARTERS, **_SIDE, **_HALVES}.get(place, (None, None))
    if place in _HALVES and size is None:
        half_of = [max(1, one // 2) for one in whole]
        size = (whole[0] if across is None else half_of[0], whole[1] if down is None else half_of[1])
    size = size or (min(USUAL, whole[0]), min(USUAL, whole[1]))
    half = place in _HALVES
    return (
        _at(across, size[0], whole[0], in_half=half),
        _at(down, size[1], whole[1], in_half=half),
        (float(size[0]), float(size[1])),
    )


def _at(side: float | None, wide: float, whole: int, *, in_half: bool) -> float:
    """The middle of what touches a side, or lies in the middle of a half if it is smaller than that."""
    if side is None or wide >= whole:
        return (whole - 1) / 2
    if in_half and wide < whole // 2:
        return (whole - 1) * (0.25 + side / 2)
    return (wide - 1) / 2 if side == 0 else whole - (wide + 1) / 2


def _within(at: float, whole: int) -> bool:
    return math.isfinite(at) and -0.5 <= at < whole - 0.5 + 1e-9


def _how(image: Image, image_id: str) -> str:
    width, height = image.size
    return say("region_tools.how", image=image_id, width=width - 1, height=height - 1)
