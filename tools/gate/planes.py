"""A plane smoothed, and the marks in it counted, for `tools.gate.features`.

The same to the last bit as `scipy.ndimage.uniform_filter` and `scipy.ndimage.label`, whose import costs a
first answer more than all features do.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

Plane = NDArray[np.float32]


def means_around(plane: Plane, width: int) -> Plane:
    """The mean of the square around each pixel; beyond its edges a plane is its own mirror image.

    Args:
        plane: ``(H, W)`` float32, each side at least half of `width`.
        width: of the square, in pixels; odd.
    """
    return _means_down(_means_down(plane, width).T, width).T


def _means_down(plane: Plane, width: int) -> Plane:
    """The mean of `width` rows around each, by a running sum of what comes in and goes out, as scipy's."""
    half = width // 2
    rows = np.concatenate([plane[half - 1 :: -1], plane, plane[: -half - 1 : -1]]).astype(np.float64)
    sums = np.concatenate([rows[:width].sum(axis=0, keepdims=True), rows[width:] - rows[:-width]])
    return (np.add.accumulate(sums) / width).astype(np.float32)


def sizes_of_marks(marks: NDArray[np.bool_]) -> NDArray[np.int64]:
    """How many pixels each connected mark has; pixels that touch at a corner only are not connected.

    Args:
        marks: ``(H, W)``, true where there is a mark.

    Returns:
        ``(N,)`` of N marks, in no stated order.
    """
    apart = marks.shape[1] + 1  # so that no run goes on in the next row
    flat = np.zeros(marks.shape[0] * apart + 1, np.int8)
    flat[1:].reshape(-1, apart)[:, :-1] = marks
    starts, ends = np.flatnonzero(np.diff(flat, append=np.int8(0))).reshape(-1, 2).T
    first = np.searchsorted(ends, starts + apart, side="right")
    touched = np.maximum(np.searchsorted(starts, ends + apart) - first, 0)
    above = np.repeat(np.arange(starts.size), touched)
    below = np.arange(above.size) - np.repeat(np.cumsum(touched) - touched, touched) + first[above]
    sizes = np.bincount(_joined(starts.size, above, below), ends - starts, minlength=1)
    return sizes[sizes > 0].astype(np.int64)


def _joined(count: int, above: NDArray[Any], below: NDArray[Any]) -> NDArray[np.intp]:
    """For each run the first of those that it is connected with."""
    head = np.arange(count)
    while above.size:
        one, other = head[above], head[below]
        apart = one != other
        above, below, one, other = above[apart], below[apart], one[apart], other[apart]
        np.minimum.at(head, np.maximum(one, other), np.minimum(one, other))
        while not np.array_equal(head, head[head]):
            head = head[head]
    return head
