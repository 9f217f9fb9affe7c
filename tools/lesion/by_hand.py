"""An outline that the user gives, an ellipse or a polygon in pixels of the picture."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from store.errors import ToolUseError
from store.pictures.image import Pixels
from tools.lesion.clean import prepare
from tools.lesion.planes import Mask
from tools.lesion.segment import SURE, Lesion, frame_share_of
from tools.lesion.shape import Points

HOW = (
    "Give an outline as four numbers (x and y of the middle of an ellipse, its width and its height) or as x "
    "and y of three or more points, all in pixels of the picture, counted from its upper left corner."
)
# Ours: on fewer pixels of the working picture neither a shape nor a colour is measured.
SMALLEST = 50


def outline_by_hand(pixels: Pixels, numbers: Sequence[float], size: tuple[int, int]) -> Lesion:
    """The lesion inside an outline of the user's.

    Args:
        pixels: ``(h, w, 3)`` uint8 RGB, the picture or a reduced copy.
        numbers: four of an ellipse, or pairs of a polygon; in pixels of the picture.
        size: (H, W) of the picture itself.

    Raises:
        ToolUseError: that is no outline, or it does not lie in the picture.
    """
    points = _points(numbers)
    height, width = size
    if (points < -0.5).any() or (points > (width + 0.5, height + 0.5)).any():
        raise ToolUseError(f"That outline leaves the picture of {width} × {height} pixels. {HOW}")
    working = prepare(pixels)
    outline = _filled(points, size, working.usable.shape)
    if outline.sum() < SMALLEST:
        raise ToolUseError(f"That outline holds too little to be measured. {HOW}")
    return Lesion(
        size=(pixels.shape[0], pixels.shape[1]),
        outline=outline,
        working=working,
        frame_share=frame_share_of(outline, working),
        score=1.0,
        trust=SURE,
        step=0.0,
        by_hand=True,
    )


def _points(numbers: Sequence[float]) -> Points:
    """``(n, 2)`` x and y."""
    if len(numbers) == 4 and numbers[2] > 0 and numbers[3] > 0:
        turn = np.linspace(0, 2 * np.pi, 72, endpoint=False)
        reach = np.stack([np.cos(turn) * numbers[2] / 2, np.sin(turn) * numbers[3] / 2], -1)
        return np.asarray(reach + numbers[:2])
    if len(numbers) >= 6 and len(numbers) % 2 == 0:
        return np.asarray(numbers, np.float64).reshape(-1, 2)
    raise ToolUseError(f"{len(numbers)} numbers are no outline. {HOW}")


def _filled(points: Points, size: tuple[int, int], shape: tuple[int, ...]) -> Mask:
    """The polygon at working size; the largest part where its line crosses itself."""
    from scipy import ndimage
    from skimage.draw import polygon2mask

    scale = np.array(shape) / np.array(size)
    filled = polygon2mask(shape, points[:, ::-1] * scale - 0.5)
    labels, count = ndimage.label(filled)
    return np.asarray(labels == 1 + int(np.argmax(np.bincount(labels.ravel())[1:])) if count > 1 else filled)
