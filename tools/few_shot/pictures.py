"""Draws the confusion table and the calibration curve of a few-shot classifier, with Pillow alone."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

import numpy as np

from store.pictures.image import Pixels
from tools.few_shot.head import Head

if TYPE_CHECKING:
    from PIL.Image import Image as Picture
    from PIL.ImageDraw import ImageDraw
    from PIL.ImageFont import FreeTypeFont, ImageFont

_INK, _PAPER, _GRID = (30, 35, 45), (255, 255, 255), (205, 210, 218)
# Okabe and Ito's blue, told from grey and black with every common colour vision.
# Source: Okabe and Ito, Color Universal Design, 2008.
_BLUE = (0, 114, 178)
_CELL, _MARGIN, _TITLE, _TEXT = 64, 24, 22, 18
_LONGEST_LABEL = 26
_SIDE = 440


def draw_confusion(head: Head) -> Pixels:
    """The confusion table: a row per label of the cases, a column per label they were called.

    Returns:
        ``(H, W, 3)`` uint8.
    """
    numbers = [f"{i + 1}" for i in range(len(head.labels))]
    names = [f"{n}  {_short(label)}" for n, label in zip(numbers, head.labels, strict=True)]
    left = _MARGIN + max(int(_font(_TEXT).getlength(name)) for name in names) + 16
    top = _MARGIN + 3 * _TITLE + 16
    side = _CELL * len(names)
    sheet, pen = _paper((max(left + side, 560) + _MARGIN, top + side + _MARGIN))
    _write(pen, (_MARGIN, _MARGIN), "Cases (rows) and what they were called (columns)", _TITLE)
    _write(pen, (_MARGIN, _MARGIN + _TITLE + 8), f"{head.figures.n} cases, each left out of training", _TEXT)
    for i, row in enumerate(head.figures.confusion):
        _write(pen, (_MARGIN, top + _CELL * i + _CELL // 2), names[i], _TEXT, "lm")
        _write(pen, (left + _CELL * i + _CELL // 2, top - 8), numbers[i], _TEXT, "ms")
        for j, count in enumerate(row):
            _cell(pen, (left + _CELL * j, top + _CELL * i), count, sum(row))
    return np.asarray(sheet)


def draw_calibration(head: Head) -> Pixels:
    """The calibration curve: mean score of the first label against the share that was right.

    Returns:
        ``(H, W, 3)`` uint8.
    """
    left, top = _MARGIN + 60, _MARGIN + 2 * _TITLE + 20
    sheet, pen = _paper((left + _SIDE + 80, top + _SIDE + 80))
    _write(pen, (_MARGIN, _MARGIN), "Score of the first label and how often it was right", _TITLE)
    below = f"{head.figures.n} cases, each left out of training; bars: 95 % interval"
    _write(pen, (_MARGIN, _MARGIN + _TITLE + 8), below, _TEXT - 2)

    def at(score: float, right: float) -> tuple[float, float]:
        return left + _SIDE * score, top + _SIDE * (1 - right)

    for tick in (0.0, 0.25, 0.5, 0.75, 1.0):
        pen.line([at(tick, 0), at(tick, 1)], fill=_GRID)
        pen.line([at(0, tick), at(1, tick)], fill=_GRID)
        _write(pen, (at(tick, 0)[0], top + _SIDE + 8), f"{tick:g}", _TEXT, "mt")
        _write(pen, (left - 8, at(0, tick)[1]), f"{tick:g}", _TEXT, "rm")
    _write(pen, (left + _SIDE / 2, top + _SIDE + 36), "mean score (bottom), share right (left)", _TEXT, "mt")
    pen.line([at(0, 0), at(1, 1)], fill=_INK, width=1)
    pen.line([at(one.score, one.right) for one in head.figures.bins], fill=_BLUE, width=3)
    for one in head.figures.bins:
        pen.line([at(one.score, one.low), at(one.score, one.high)], fill=_BLUE, width=2)
        x, y = at(one.score, one.right)
        pen.ellipse([x - 6, y - 6, x + 6, y + 6], fill=_BLUE)
    return np.asarray(sheet)


def png(pixels: Pixels) -> bytes:
    """A picture ``(H, W, 3)`` uint8 as the bytes of a PNG file."""
    from PIL import Image as PillowImage

    buffer = io.BytesIO()
    PillowImage.fromarray(pixels).save(buffer, "PNG")
    return buffer.getvalue()


def _cell(pen: ImageDraw, corner: tuple[int, int], count: int, row: int) -> None:
    share = count / row if row else 0.0
    colour = tuple(round(255 + (blue - 255) * share) for blue in _BLUE)
    pen.rectangle([corner, (corner[0] + _CELL - 2, corner[1] + _CELL - 2)], fill=colour, outline=_GRID)
    middle = corner[0] + _CELL // 2, corner[1] + _CELL // 2
    # Ours: white has the better contrast only on nearly the whole of the blue.
    _write(pen, middle, str(count), _TEXT, "mm", colour=_PAPER if share > 0.8 else _INK)


def _paper(size: tuple[int, int]) -> tuple[Picture, ImageDraw]:
    from PIL import Image as PillowImage
    from PIL import ImageDraw

    sheet = PillowImage.new("RGB", size, _PAPER)
    return sheet, ImageDraw.Draw(sheet)


def _write(
    pen: ImageDraw,
    place: tuple[float, float],
    text: str,
    size: int,
    anchor: str = "la",
    *,
    colour: tuple[int, int, int] = _INK,
) -> None:
    pen.text(place, text, fill=colour, font=_font(size), anchor=anchor)


def _font(size: int) -> FreeTypeFont | ImageFont:
    from PIL import ImageFont

    return ImageFont.load_default(size)


def _short(label: str) -> str:
    return label if len(label) <= _LONGEST_LABEL else label[: _LONGEST_LABEL - 1] + "…"
