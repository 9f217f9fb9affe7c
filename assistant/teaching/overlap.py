"""How far two regions of one image cover each other, counted in pixels, and whether a point lies in one.

A region that is larger than `_CELLS` pixels across is counted in cells of equal size, so many of them across.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from store.teaching.region import Region

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

# Ours: a share is then right to about one per cent, and a class of thirty is compared in a second.
_CELLS = 256
_CORNERS_OF_AN_ELLIPSE = 120


@lru_cache(maxsize=20_000)
def overlap(one: Region, other: Region) -> float:
    """IoU of two areas, whatever slices they lie on: what both cover by what either covers, in [0, 1].

    Source: Jaccard, Bull Soc Vaudoise Sci Nat 37 (1901).

    Args:
        one: a rectangle, an ellipse or a closed line.
        other: likewise.
    """
    corners = [*one.points, *other.points]
    left, top = min(x for x, _ in corners), min(y for _, y in corners)
    right, bottom = max(x for x, _ in corners), max(y for _, y in corners)
    step = max(right - left, bottom - top, 1.0)
    step = step / _CELLS if step > _CELLS else 1.0
    size = (int((bottom - top) / step) + 2, int((right - left) / step) + 2)
    first, second = (_mask(region, (left, top), step, size) for region in (one, other))
    either = int((first | second).sum())
    return int((first & second).sum()) / either if either else 0.0


def tip_lies_in(arrow: Region, area: Region) -> bool:
    """Whether the tip of an arrow lies in an area, whatever slices they lie on."""
    (x, y), corners = arrow.points[0], _corners(area)
    before = [corners[-1], *corners[:-1]]
    inside = False
    for (x0, y0), (x1, y1) in zip(before, corners, strict=True):
        if (y0 > y) != (y1 > y) and x < x0 + (y - y0) * (x1 - x0) / (y1 - y0):
            inside = not inside
    return inside


def _mask(
    region: Region, origin: tuple[float, float], step: float, size: tuple[int, int]
) -> NDArray[np.bool_]:
    import numpy as np
    from skimage.draw import polygon2mask

    points = (np.array(_corners(region)) - origin) / step - 0.5
    return np.asarray(polygon2mask(size, points[:, ::-1]))


def _corners(region: Region) -> list[tuple[float, float]]:
    import numpy as np

    if region.shape == "freehand":
        return list(region.points)
    (x0, y0), (x1, y1) = region.points
    if region.shape == "rectangle":
        return [(x0, y0), (x1, y0), (x1, y1), (x0, y1)]
    turn = np.linspace(0, 2 * np.pi, _CORNERS_OF_AN_ELLIPSE, endpoint=False)
    across = (x0 + x1) / 2 + np.cos(turn) * abs(x1 - x0) / 2
    down = (y0 + y1) / 2 + np.sin(turn) * abs(y1 - y0) / 2
    return [(float(x), float(y)) for x, y in zip(across, down, strict=True)]
