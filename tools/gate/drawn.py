"""Pictures that are neither radiology nor skin, drawn from a seed: the part of the training set we made.

`draw(kind, seed)` gives one picture; `KINDS` lists what there is. Nothing here tries to look medical.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import numpy as np

from store.pictures.image import Pixels
from tools.gate.textures import TEXTURES

if TYPE_CHECKING:
    from PIL.Image import Image as Picture
    from PIL.ImageDraw import ImageDraw

Generator = np.random.Generator
Colour = tuple[int, int, int]

_WORDS = [
    "the",
    "of",
    "and",
    "to",
    "value",
    "a",
    "is",
    "that",
    "window",
    "for",
    "menu",
    "name",
    "open",
    "total",
    "by",
]


def draw(kind: str, seed: int) -> Pixels:
    """Draw one picture.

    Args:
        kind: one of `KINDS`.
        seed: the same seed draws the same picture.

    Returns:
        ``(H, W, 3)`` uint8, 96 to 640 pixels a side.
    """
    rng = np.random.default_rng([seed, sorted(KINDS).index(kind)])
    return KINDS[kind](rng)


def _size(rng: Generator, low: int = 200, high: int = 640) -> tuple[int, int]:
    width, height = rng.integers(low, high, 2)
    return int(width), int(height)


def _colour(rng: Generator, low: int = 0, high: int = 256) -> Colour:
    red, green, blue = (int(value) for value in rng.integers(low, high, 3))
    return red, green, blue


def _ink_and_paper(rng: Generator) -> tuple[Colour, Colour]:
    light, dark = _colour(rng, 215), _colour(rng, 0, 70)
    if rng.random() < 0.5:
        light, dark = (255, 255, 255), (0, 0, 0)
    return (light, dark) if rng.random() < 0.3 else (dark, light)


def _sentence(rng: Generator, words: int) -> str:
    return " ".join(_WORDS[index] for index in rng.integers(0, len(_WORDS), words))


def _canvas(size: tuple[int, int], paper: Colour) -> tuple[Picture, ImageDraw]:
    from PIL import Image as PillowImage
    from PIL import ImageDraw

    picture = PillowImage.new("RGB", size, paper)
    return picture, ImageDraw.Draw(picture)


def _write_lines(canvas: ImageDraw, rng: Generator, box: tuple[int, int, int, int], ink: Colour) -> None:
    from PIL import ImageFont

    size = int(rng.integers(9, 26))
    font = ImageFont.load_default(size)
    left, top, right, bottom = box
    for y in range(top, bottom - size, int(size * rng.uniform(1.2, 1.8))):
        if rng.random() < 0.85:
            words = max(1, int((right - left) / size / 3.2 * rng.uniform(0.4, 1)))
            canvas.text((left, y), _sentence(rng, words), fill=ink, font=font)


def _text_page(rng: Generator) -> Pixels:
    width, height = _size(rng)
    ink, paper = _ink_and_paper(rng)
    picture, canvas = _canvas((width, height), paper)
    _write_lines(canvas, rng, (width // 12, height // 14, width, height), ink)
    return np.array(picture, np.uint8)


def _table(rng: Generator) -> Pixels:
    width, height = _size(rng)
    ink, paper = _ink_and_paper(rng)
    picture, canvas = _canvas((width, height), paper)
    row, column = int(rng.integers(16, 40)), int(rng.integers(40, 120))
    for y in range(0, height, row):
        canvas.line((0, y, width, y), fill=ink)
        for x in range(0, width, column):
            canvas.text((x + 3, y + 2), str(int(rng.integers(0, 99999))), fill=ink)
    for x in range(0, width, column):
        canvas.line((x, 0, x, height), fill=ink)
    return np.array(picture, np.uint8)


def _window(rng: Generator) -> Pixels:
    width, height = _size(rng, 260)
    paper = _colour(rng, 200) if rng.random() < 0.6 else _colour(rng, 10, 70)
    picture, canvas = _canvas((width, height), paper)
    canvas.rectangle((0, 0, width, int(rng.integers(18, 46))), fill=_colour(rng))
    side = int(rng.integers(0, width // 3))
    canvas.rectangle((0, 30, side, height), fill=_colour(rng))
    for _ in range(int(rng.integers(3, 16))):
        x, y = int(rng.integers(0, width - 40)), int(rng.integers(30, height - 20))
        box = (x, y, x + int(rng.integers(30, 200)), y + int(rng.integers(14, 90)))
        canvas.rounded_rectangle(box, 5, fill=_colour(rng), outline=_colour(rng))
        canvas.text((x + 6, y + 4), _sentence(rng, 2), fill=_colour(rng))
    _write_lines(canvas, rng, (side + 8, height // 3, width, height), _colour(rng))
    return np.array(picture, np.uint8)


def _chart(rng: Generator) -> Pixels:
    width, height = _size(rng)
    ink, paper = _ink_and_paper(rng)
    picture, canvas = _canvas((width, height), paper)
    left, top, right, bottom = width // 8, height // 10, width - width // 12, height - height // 8
    canvas.line((left, top, left, bottom, right, bottom), fill=ink, width=2)
    count = int(rng.integers(4, 40))
    places = np.linspace(left + 4, right - 4, count)
    for _ in range(int(rng.integers(1, 4))):
        levels = bottom - np.abs(np.cumsum(rng.normal(0, 1, count))) / count**0.5 * (bottom - top) / 3
        levels = np.clip(levels, top, bottom)
        _series(canvas, rng, list(zip(places.tolist(), levels.tolist(), strict=True)), bottom)
    for x in places[:: max(1, count // 6)]:
        canvas.text((int(x), bottom + 4), str(int(rng.integers(0, 100))), fill=ink)
    canvas.text((left, 2), _sentence(rng, 3), fill=ink)
    return np.array(picture, np.uint8)


def _series(canvas: ImageDraw, rng: Generator, points: list[tuple[float, float]], bottom: int) -> None:
    colour, style = _colour(rng), rng.integers(0, 3)
    if style == 0:
        canvas.line(points, fill=colour, width=int(rng.integers(1, 4)))
    for x, y in points:
        if style == 1:
            canvas.rectangle((x - 4, min(y, bottom), x + 4, bottom), fill=colour)
        elif style == 2:
            canvas.ellipse((x - 3, y - 3, x + 3, y + 3), fill=colour)


def _pie(rng: Generator) -> Pixels:
    width, height = _size(rng)
    picture, canvas = _canvas((width, height), _colour(rng, 230))
    radius = int(min(width, height) * rng.uniform(0.25, 0.45))
    box = (width // 2 - radius, height // 2 - radius, width // 2 + radius, height // 2 + radius)
    cuts = np.sort(rng.uniform(0, 360, int(rng.integers(2, 9))))
    for start, end in zip(cuts, [*cuts[1:], cuts[0] + 360], strict=True):
        canvas.pieslice(box, float(start), float(end), fill=_colour(rng), outline=(255, 255, 255))
    return np.array(picture, np.uint8)


def _shapes(rng: Generator) -> Pixels:
    width, height = _size(rng, 96)
    picture, canvas = _canvas((width, height), _colour(rng) if rng.random() < 0.6 else (255, 255, 255))
    for _ in range(int(rng.integers(1, 14))):
        x, y = int(rng.integers(0, width)), int(rng.integers(0, height))
        reach = int(rng.integers(10, max(20, min(width, height) // 2)))
        style = rng.integers(0, 3)
        if style == 0:
            canvas.ellipse((x - reach, y - reach, x + reach, y + reach), fill=_colour(rng))
        elif style == 1:
            canvas.rectangle((x - reach, y - reach // 2, x + reach, y + reach // 2), fill=_colour(rng))
        else:
            corners = [(x + float(dx), y + float(dy)) for dx, dy in rng.normal(0, reach, (5, 2))]
            canvas.polygon(corners, fill=_colour(rng))
    return np.array(picture, np.uint8)


def _street_map(rng: Generator) -> Pixels:
    width, height = _size(rng)
    centres = rng.uniform(0, 1, (int(rng.integers(6, 50)), 2)) * (height, width)
    rows, columns = np.mgrid[0:height, 0:width]
    distance = (rows[..., None] - centres[:, 0]) ** 2 + (columns[..., None] - centres[:, 1]) ** 2
    two = np.sqrt(np.partition(distance, 1, axis=2)[..., :2])
    palette = rng.integers(150, 250, (len(centres), 3))
    area = palette[distance.argmin(axis=2)]
    area[(two[..., 1] - two[..., 0]) < rng.uniform(2, 8)] = _colour(rng)
    return np.asarray(area, np.uint8)


def _gradient(rng: Generator) -> Pixels:
    width, height = _size(rng, 96)
    rows, columns = np.mgrid[0 : 1 : height * 1j, 0 : 1 : width * 1j]
    angle = rng.uniform(0, 2 * np.pi)
    ramp = np.cos(angle) * rows + np.sin(angle) * columns
    if rng.random() < 0.3:
        ramp = np.hypot(rows - rng.random(), columns - rng.random())
    ramp = ((ramp - ramp.min()) / (np.ptp(ramp) + 1e-6))[..., None]
    first, last = np.array(_colour(rng)), np.array(_colour(rng))
    if rng.random() < 0.4:
        first, last = np.full(3, rng.integers(0, 256)), np.full(3, rng.integers(0, 256))
    return np.asarray(np.clip(first + (last - first) * ramp, 0, 255), np.uint8)


def _noise(rng: Generator) -> Pixels:
    """White to cloud-like noise, grey, coloured or of one warm hue."""
    from scipy import ndimage

    width, height = _size(rng, 96, 360)
    channels = 1 if rng.random() < 0.6 else 3
    noise = rng.normal(0, 1, (height, width, channels))
    for scale in rng.choice([0.0, 1.0, 2.0, 4.0, 8.0, 16.0, 32.0], int(rng.integers(1, 4))):
        layer = ndimage.gaussian_filter(rng.normal(0, 1, noise.shape), (scale, scale, 0))
        noise = noise * rng.uniform(0, 1) + layer / (layer.std() + 1e-6)
    noise = noise / (noise.std() + 1e-6) * rng.uniform(10, 60)
    base = np.array(_colour(rng, 60, 220) if rng.random() < 0.5 else (rng.integers(40, 220),) * 3)
    return np.asarray(np.clip(base + noise, 0, 255), np.uint8)


def _pattern(rng: Generator) -> Pixels:
    """Stripes, checks, gratings and blocks like a printed code."""
    width, height = _size(rng, 96, 400)
    rows, columns = np.mgrid[0:height, 0:width]
    period, angle = rng.uniform(4, 60), rng.uniform(0, np.pi)
    style = rng.integers(0, 3)
    if style == 0:
        wave = np.sin(2 * np.pi / period * (np.cos(angle) * rows + np.sin(angle) * columns))
        value = wave if rng.random() < 0.5 else np.sign(wave)
    elif style == 1:
        value = np.where((rows // int(period) + columns // int(period)) % 2, 1.0, -1.0)
    else:
        cells = rng.integers(0, 2, (64, 64)) * 2.0 - 1
        value = cells[(rows // max(4, int(period / 3))) % 64, (columns // max(4, int(period / 3))) % 64]
    ink, paper = np.array(_ink_and_paper(rng))
    return np.asarray(np.clip(paper + (ink - paper) * (value[..., None] + 1) / 2, 0, 255), np.uint8)


def _scribble(rng: Generator) -> Pixels:
    """Handwriting-like curves on paper, a sketch, or chalk on black."""
    width, height = _size(rng)
    ink, paper = _ink_and_paper(rng)
    picture, canvas = _canvas((width, height), paper)
    for _ in range(int(rng.integers(2, 30))):
        steps = np.cumsum(np.cumsum(rng.normal(0, 1.2, (int(rng.integers(10, 60)), 2)), axis=0), axis=0)
        points = steps + rng.uniform(0, 1, 2) * (width, height)
        canvas.line([(float(x), float(y)) for x, y in points], fill=ink, width=int(rng.integers(1, 5)))
    return np.array(picture, np.uint8)


KINDS: dict[str, Callable[[Generator], Pixels]] = {
    "chart": _chart,
    "gradient": _gradient,
    "noise": _noise,
    "pattern": _pattern,
    "pie": _pie,
    "scribble": _scribble,
    "shapes": _shapes,
    "street map": _street_map,
    "table": _table,
    "text page": _text_page,
    "window": _window,
    **TEXTURES,
}
"""What can be drawn, by name."""
