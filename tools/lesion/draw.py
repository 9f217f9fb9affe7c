"""The photograph with the outline, its two axes, and a scale bar where the file gives a scale."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from store.pictures.image import Pixels
from tools.lesion.segment import Lesion
from tools.lesion.shape import Points, Shape

if TYPE_CHECKING:
    from PIL.ImageDraw import ImageDraw

DRAWN_SIDE = 900
"""Longer side of the drawing in pixels."""

_DARK, _LIGHT, _AXIS = (10, 10, 10), (255, 255, 255), (255, 214, 10)
_BARS_MM = (50, 20, 10, 5, 2, 1)


def draw_lesion(
    pixels: Pixels, lesion: Lesion, shape: Shape, spacing_mm: tuple[float, float] | None
) -> Pixels:
    """Draw on a copy of the photograph.

    Lines have a dark edge and a light core, so they show on every skin.

    Args:
        pixels: ``(H, W, 3)`` uint8.
        lesion: its outline.
        shape: centre and direction of its axes, at the size of ``lesion.outline``.
        spacing_mm: (row, column) from the file, or None: then there is no scale bar.

    Returns:
        ``(h, w, 3)`` uint8, longer side `DRAWN_SIDE`.
    """
    from PIL import Image as PillowImage
    from PIL import ImageDraw

    height, width = pixels.shape[:2]
    scale = DRAWN_SIDE / max(height, width)
    size = (max(1, round(width * scale)), max(1, round(height * scale)))
    picture = PillowImage.fromarray(pixels).resize(size, PillowImage.Resampling.BICUBIC, reducing_gap=2.0)
    # Lines are drawn at twice the size and averaged; the photograph beneath comes back as it was.
    sheet = picture.resize((size[0] * 2, size[1] * 2), PillowImage.Resampling.NEAREST)
    pen = ImageDraw.Draw(sheet)
    factor = 2 * size[0] / lesion.outline.shape[1]
    # Every fifth point, and the last: the outline is smooth over more pixels than that.
    contour = np.concatenate([lesion.contour[:-1:5], lesion.contour[-1:]])
    for number, ends in enumerate(axes_of(contour, shape)):
        _line(pen, ends * factor, _AXIS, width=5, gap=0 if number == 0 else 22)
    _line(pen, contour * factor, _LIGHT, width=7)
    if spacing_mm is not None:
        _scale_bar(pen, sheet.size, spacing_mm[1] / (2 * size[0] / width))
    return np.asarray(sheet.reduce(2))


def axes_of(contour: Points, shape: Shape) -> tuple[Points, Points]:
    """End points ``(2, 2)`` (row, column) of the long and the short axis, a little beyond the outline."""
    along = np.array([np.sin(shape.angle), np.cos(shape.angle)])
    across = np.array([np.cos(shape.angle), -np.sin(shape.angle)])
    centre = np.array(shape.centre)

    def ends(direction: Points) -> Points:
        reach = (contour - centre) @ direction
        return np.stack([centre + 1.06 * reach.min() * direction, centre + 1.06 * reach.max() * direction])

    return ends(along), ends(across)


def _line(pen: ImageDraw, points: Points, colour: tuple[int, int, int], *, width: int, gap: int = 0) -> None:
    """A light line on a dark one; dashed where `gap` is not 0. `points` are (row, column)."""
    for fill, stroke in ((_DARK, width + 5), (colour, width)):
        for piece in _dashes(points, gap) if gap else [points]:
            pen.line([(float(x), float(y)) for y, x in piece], fill=fill, width=stroke, joint="curve")


def _dashes(points: Points, gap: int) -> list[Points]:
    """A straight line cut into dashes as long as their gaps."""
    start, end = points[0], points[-1]
    count = max(1, round(float(np.linalg.norm(end - start)) / (2 * gap)))
    steps = [start + (end - start) * t for t in np.linspace(0, 1, 2 * count)]
    return [np.stack(steps[i : i + 2]) for i in range(0, 2 * count, 2)]


def _scale_bar(pen: ImageDraw, size: tuple[int, int], mm_per_pixel: float) -> None:
    """A bar in the lower right corner, as long as a round number of millimetres."""
    from PIL import ImageFont

    width, height = size
    length = next((bar for bar in _BARS_MM if bar / mm_per_pixel < 0.3 * width), None)
    if length is None:
        return
    end = np.array([height - 60.0, width - 60.0])
    start = end - (0, length / mm_per_pixel)
    _line(pen, np.stack([start, end]), _LIGHT, width=10)
    pen.text(
        (float(start[1] + end[1]) / 2, float(end[0]) - 18),
        f"{length} mm",
        fill=_LIGHT,
        anchor="ms",
        font=ImageFont.load_default(44),
        stroke_width=4,
        stroke_fill=_DARK,
    )
