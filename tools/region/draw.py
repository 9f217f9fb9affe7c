"""The picture with a region drawn on it."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from store.pictures.image import Pixels
from store.records import Region
from tools.region.places import pixels_of

# Ours: the drawing's longer side is about this where the picture is smaller, so that a small region is seen.
_LARGE = 768
# Ours: a border is this part of the longer side wide, and so is what is drawn around a single pixel.
_BORDER, _AROUND = 1 / 400, 1 / 30
_DARK, _LIGHT = (10, 10, 10), (255, 214, 10)


def draw_region(pixels: Pixels, region: Region) -> Pixels:
    """Draw a region's border on a copy of the picture, light and dark side by side, so that it always shows.

    Args:
        pixels: ``(H, W)`` or ``(H, W, 3)`` uint8.
        region: in pixels of it.

    Returns:
        ``(h, w, 3)`` uint8, enlarged in whole steps where the picture is small.
    """
    height, width = pixels.shape[:2]
    times = max(1, round(_LARGE / max(height, width)))
    colours = pixels if pixels.ndim == 3 else np.repeat(pixels[:, :, None], 3, axis=2)
    sheet = colours.repeat(times, axis=0).repeat(times, axis=1)
    inside = _covered(region, (width, height)).repeat(times, axis=0).repeat(times, axis=1)
    stroke = max(1, round(max(sheet.shape) * _BORDER))
    light = inside & ~_shrunk(inside, stroke)
    sheet[_grown(inside, stroke) & ~inside] = _DARK
    sheet[light] = _LIGHT
    return sheet


def _covered(region: Region, size: tuple[int, int]) -> NDArray[np.bool_]:
    """The pixels of a picture that a region covers, ``(H, W)``; a square around a single one."""
    if region.shape == "point":
        side = max(5.0, max(size) * _AROUND)
        region = region.model_copy(update={"shape": "rectangle", "width": side, "height": side})
    where, inside = pixels_of(region, size)
    covered = np.zeros((size[1], size[0]), dtype=np.bool_)
    covered[where] = inside
    return covered


def _grown(inside: NDArray[np.bool_], steps: int) -> NDArray[np.bool_]:
    """What lies in it or so many pixels beside it, up, down, left and right."""
    for _ in range(steps):
        wide = np.pad(inside, 1)
        inside = wide[1:-1, 1:-1] | wide[:-2, 1:-1] | wide[2:, 1:-1] | wide[1:-1, :-2] | wide[1:-1, 2:]
    return inside


def _shrunk(inside: NDArray[np.bool_], steps: int) -> NDArray[np.bool_]:
    """What lies so many pixels inside of it; the border of the picture counts as outside."""
    for _ in range(steps):
        wide = np.pad(inside, 1)
        inside = wide[1:-1, 1:-1] & wide[:-2, 1:-1] & wide[2:, 1:-1] & wide[1:-1, :-2] & wide[1:-1, 2:]
    return inside
