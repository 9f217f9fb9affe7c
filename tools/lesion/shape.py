"""Axes, asymmetry, border irregularity and largest diameter of an outline.

Shape is taken at working size, so that a large and a small copy of a picture give the same.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tools.lesion.planes import Mask

Points = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Shape:
    """Numbers of an outline.

    Attributes:
        centre: (row, column) centre of mass in pixels.
        angle: direction of the long axis in radians, from the column axis towards growing rows.
        long_fold: share of the area in [0, 1] by which the halves differ, folded along the long axis.
        short_fold: the same along the short axis.
        compactness: perimeter² / (4π · area); 1 for a circle.
    """

    centre: tuple[float, float]
    angle: float
    long_fold: float
    short_fold: float
    compactness: float


def measure_shape(mask: Mask) -> Shape:
    """Measure an outline.

    Args:
        mask: ``(h, w)`` bool, one piece without holes.
    """
    points = np.argwhere(mask).astype(np.float64)
    centre = points.mean(0)
    values, vectors = np.linalg.eigh(np.cov((points - centre).T))
    row, column = vectors[:, int(np.argmax(values))]
    angle = float(np.arctan2(row, column))
    upright = _turned(mask, centre, angle)
    contour = outline_points(mask)
    return Shape(
        centre=(float(centre[0]), float(centre[1])),
        angle=angle,
        long_fold=_fold(upright, axis=0),
        short_fold=_fold(upright, axis=1),
        compactness=compactness_of(contour),
    )


def outline_points(mask: Mask) -> Points:
    """The longest contour, a closed line ``(n, 2)`` (row, column), with the pixel staircase smoothed off."""
    from scipy import ndimage
    from skimage.measure import find_contours

    boxes = ndimage.find_objects(mask.astype(np.int8))
    if not boxes:
        return np.zeros((0, 2))
    box = boxes[0]
    # Ours: 1.5 pixels take the staircase off, so that a drawn disk has a compactness of 1.00 to 1.01.
    soft = ndimage.gaussian_filter(np.pad(mask[box], 6).astype(np.float32), 1.5)
    contours = find_contours(soft, 0.5)
    if not contours:
        return np.argwhere(mask).astype(np.float64)
    return np.asarray(max(contours, key=len) - 6 + (box[0].start, box[1].start))


def compactness_of(contour: Points) -> float:
    """perimeter² / (4π · enclosed area) of a closed line; 1 for a circle, more for any other shape.

    Source: Golston et al. 1992, doi:10.1016/0895-6111(92)90074-J.
    """
    length = float(np.linalg.norm(np.diff(contour, axis=0), axis=1).sum())
    row, column = contour[:, 0], contour[:, 1]
    enclosed = abs(float(np.dot(row, np.roll(column, 1)) - np.dot(column, np.roll(row, 1)))) / 2
    return max(1.0, length**2 / (4 * np.pi * max(1.0, enclosed)))


def farthest(points: Points, spacing: tuple[float, float]) -> Points:
    """The two points farthest apart when a row is ``spacing[0]`` high and a column ``spacing[1]`` wide."""
    from scipy.spatial import ConvexHull, QhullError
    from scipy.spatial.distance import cdist

    scaled = points * np.asarray(spacing)
    try:
        corners = ConvexHull(scaled).vertices
    except QhullError:
        corners = np.arange(len(points))
    apart = cdist(scaled[corners], scaled[corners])
    one, two = np.unravel_index(int(apart.argmax()), apart.shape)
    return np.asarray(points[corners][[one, two]])


def _turned(mask: Mask, centre: Points, angle: float) -> Mask:
    """The mask turned about its centre until the long axis lies along the middle row."""
    from scipy import ndimage

    reach = int(np.ceil(np.linalg.norm(np.argwhere(mask) - centre, axis=1).max())) + 2
    cosine, sine = np.cos(angle), np.sin(angle)
    turn = np.array([[cosine, sine], [-sine, cosine]])
    side = 2 * reach + 1
    offset = centre - turn @ np.array([reach, reach])
    turned = ndimage.affine_transform(
        mask.astype(np.float32), turn, offset=offset, output_shape=(side, side), order=1
    )
    return np.asarray(turned > 0.5)


def _fold(upright: Mask, *, axis: int) -> float:
    """Area not covered by its mirror image, as a share of the lesion's area.

    Source: Stoecker, Li and Moss 1992, doi:10.1016/0895-6111(92)90073-I (non-overlap after folding
    along a principal axis).
    """
    return float((upright ^ np.flip(upright, axis)).sum() / 2 / max(1, upright.sum()))
