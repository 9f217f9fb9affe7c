"""Places in a picture where text stands."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Corners = NDArray[np.float64]
"""``(4, 2)``: x and y of the corners in order, in pixels of the picture."""

# Ours: a place that lies so much in another is the same place.
_SAME = 0.5


@dataclass(frozen=True)
class Box:
    """One place.

    Attributes:
        corners: of the text, which may stand at any angle.
        kind: ``side``, ``scale``, ``window`` or ``calliper`` where it was read as such; else ``text``.
    """

    corners: Corners
    kind: str = "text"

    @property
    def around(self) -> tuple[float, float, float, float]:
        """Left, top, right and bottom of the upright rectangle around it."""
        (left, top), (right, bottom) = self.corners.min(axis=0), self.corners.max(axis=0)
        return float(left), float(top), float(right), float(bottom)


def merged(found: Iterable[Corners]) -> list[Corners]:
    """Each place once: outlines of the same text become the smallest rectangle around all of them."""
    kept: list[Corners] = []
    for one in sorted(found, key=_area, reverse=True):
        place = next((n for n, other in enumerate(kept) if _inside(one, other) >= _SAME), None)
        if place is None:
            kept.append(one)
        else:
            kept[place] = _around(kept[place], one)
    return kept


def _around(one: Corners, other: Corners) -> Corners:
    """The smallest rectangle around both, which may stand at any angle."""
    import cv2

    points = np.concatenate([one, other]).astype(np.float32)
    return np.asarray(cv2.boxPoints(cv2.minAreaRect(points)), np.float64)


def _sides(corners: Corners) -> tuple[Corners, Corners]:
    return corners.min(axis=0), corners.max(axis=0)


def _area(corners: Corners) -> float:
    least, most = _sides(corners)
    return float(np.prod(most - least))


def _inside(one: Corners, other: Corners) -> float:
    """How much of one lies in the other, as a share of its area."""
    (a, b), (c, d) = _sides(one), _sides(other)
    shared = np.clip(np.minimum(b, d) - np.maximum(a, c), 0, None)
    return float(np.prod(shared)) / max(_area(one), 1e-9)
