"""Draws accuracy with 95 % intervals, the reader beside the agent, with Pillow alone."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any

from assistant.evaluation.report import name_of
from assistant.evaluation.scoring import WHO
from assistant.evaluation.summary import Summary

if TYPE_CHECKING:
    from PIL.ImageDraw import ImageDraw
    from PIL.ImageFont import FreeTypeFont, ImageFont

_INK, _PAPER, _GRID = (30, 35, 45), (255, 255, 255), (205, 210, 218)
# Okabe and Ito's vermillion and blue, told apart with every common colour vision; the shapes differ too.
# Source: Okabe and Ito, Color Universal Design, 2008.
_COLOURS = {"reader": (213, 94, 0), "agent": (0, 114, 178)}
_LEFT, _WIDTH, _ROW, _TOP, _TEXT = 300, 520, 46, 90, 17
# Ours: more slices make a figure nobody reads; the table has them all.
_MOST_ROWS = 20
_LONGEST_NAME = 30


def draw_accuracy(summary: Summary) -> bytes:
    """The figure as the bytes of a PNG file.

    Args:
        summary: of `summarise`.
    """
    from PIL import Image, ImageDraw

    systems = [who for who in WHO if summary[who]]
    parts = list(dict.fromkeys(part for who in systems for part in summary[who]["accuracy"]))[:_MOST_ROWS]
    size = (_LEFT + _WIDTH + 60, _TOP + _ROW * max(len(parts), 1) + 60)
    sheet = Image.new("RGB", size, _PAPER)
    pen = ImageDraw.Draw(sheet)
    _frame(pen, systems, size[1] - 50)
    for row, part in enumerate(parts):
        middle = _TOP + _ROW * row + _ROW // 2
        name = name_of(part)
        short = name if len(name) <= _LONGEST_NAME else name[: _LONGEST_NAME - 1] + "…"
        pen.text((24, middle), short, fill=_INK, font=_font(), anchor="lm")
        for who in systems:
            if found := summary[who]["accuracy"].get(part):
                _mark(pen, who, middle + (-8 if who == "reader" else 8), found)
    buffer = io.BytesIO()
    sheet.save(buffer, "PNG")
    return buffer.getvalue()


def _frame(pen: ImageDraw, systems: list[str], bottom: int) -> None:
    pen.text((24, 20), "Share of questions answered rightly; bars: 95 % interval", fill=_INK, font=_font())
    for place, who in enumerate(systems):
        left = 34 + 200 * place
        _shape(pen, who, left, 62)
        pen.text(
            (left + 16, 62), {"reader": "reader alone"}.get(who, who), fill=_INK, font=_font(), anchor="lm"
        )
    for tick in (0, 25, 50, 75, 100):
        x = _LEFT + _WIDTH * tick / 100
        pen.line([(x, _TOP), (x, bottom)], fill=_GRID)
        pen.text((x, bottom + 8), f"{tick} %", fill=_INK, font=_font(), anchor="mt")


def _mark(pen: ImageDraw, who: str, y: float, found: dict[str, Any]) -> None:
    if found["low"] is not None:
        ends = [(_LEFT + _WIDTH * found[end], y) for end in ("low", "high")]
        pen.line(ends, fill=_COLOURS[who], width=3)
    _shape(pen, who, _LEFT + _WIDTH * found["value"], y)


def _shape(pen: ImageDraw, who: str, x: float, y: float) -> None:
    """A square for the reader, a disc for the agent."""
    draw = pen.rectangle if who == "reader" else pen.ellipse
    draw([x - 6, y - 6, x + 6, y + 6], fill=_COLOURS[who])


def _font() -> FreeTypeFont | ImageFont:
    from PIL import ImageFont

    return ImageFont.load_default(_TEXT)
