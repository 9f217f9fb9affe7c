"""One picture changed as pictures get changed on their way to a chat: cropped, resized, saved, framed.

The same changes are applied to medical pictures and to all others, so that none of them becomes a
sign of either. Strengths are ours: wide enough to be seen by eye, narrow enough to keep the subject.
"""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import TYPE_CHECKING

import numpy as np

from store.pictures.image import Pixels

if TYPE_CHECKING:
    from PIL.Image import Image as Picture

Generator = np.random.Generator


def augment(pixels: Pixels, rng: Generator, *, turns: bool) -> Pixels:
    """A changed copy.

    Args:
        pixels: ``(H, W, 3)`` uint8.
        rng: decides what is changed and how much.
        turns: whether the subject has no upright (skin), so that quarter turns are allowed.
    """
    from PIL import Image as PillowImage

    picture = PillowImage.fromarray(pixels)
    if turns:
        picture = picture.rotate(90 * int(rng.integers(0, 4)), expand=True)
    for change, chance in _CHANGES:
        if rng.random() < chance:
            picture = change(picture, rng)
    return np.array(picture, np.uint8)


def grey(pixels: Pixels) -> Pixels:
    """The picture without colour, as ``(H, W, 3)``."""
    luma = pixels @ np.array([0.299, 0.587, 0.114])
    return np.repeat(luma[..., None], 3, axis=2).astype(np.uint8)


def zoom(pixels: Pixels, rng: Generator) -> Pixels:
    """A part near the middle, 25 to 60 % of each side, where that leaves 96 pixels or more."""
    height, width = pixels.shape[:2]
    part_height, part_width = (max(96, int(side * rng.uniform(0.25, 0.6))) for side in (height, width))
    top = int(max(0, height - part_height) * rng.uniform(0.25, 0.75))
    left = int(max(0, width - part_width) * rng.uniform(0.25, 0.75))
    return np.ascontiguousarray(pixels[top : top + part_height, left : left + part_width])


def _crop(picture: Picture, rng: Generator) -> Picture:
    width, height = picture.size
    left, top, right, bottom = rng.uniform(0, 0.12, 4)
    box = (width * left, height * top, width * (1 - right), height * (1 - bottom))
    return picture.crop(tuple(round(edge) for edge in box))


def _stretch(picture: Picture, rng: Generator) -> Picture:
    width, height = picture.size
    return picture.resize((max(32, round(width * rng.uniform(0.75, 1.33))), max(32, height)))


def _mirror(picture: Picture, _rng: Generator) -> Picture:
    from PIL import ImageOps

    return ImageOps.mirror(picture)


def _tilt(picture: Picture, rng: Generator) -> Picture:
    from PIL import Image as PillowImage

    edge = int(np.asarray(picture)[0].mean())
    return picture.rotate(rng.uniform(-8, 8), PillowImage.Resampling.BILINEAR, fillcolor=(edge, edge, edge))


def _light(picture: Picture, rng: Generator) -> Picture:
    values = np.asarray(picture, np.float32) / 255
    values = values ** rng.uniform(0.65, 1.5) * rng.uniform(0.8, 1.15) + rng.uniform(-0.05, 0.05)
    return _picture(values)


def _cast(picture: Picture, rng: Generator) -> Picture:
    """A weak colour cast, as when a screen or a film is photographed."""
    values = np.asarray(picture, np.float32) / 255
    return _picture(values * rng.uniform(0.88, 1.0, 3) + rng.uniform(0, 0.04, 3))


def _grain(picture: Picture, rng: Generator) -> Picture:
    values = np.asarray(picture, np.float32) / 255
    return _picture(values + rng.normal(0, rng.uniform(0.005, 0.03), values.shape))


def _small(picture: Picture, rng: Generator) -> Picture:
    longest = max(picture.size)
    target = int(np.exp(rng.uniform(np.log(110), np.log(400))))
    if target >= longest:
        return picture
    width, height = picture.size
    return picture.resize((max(64, width * target // longest), max(64, height * target // longest)))


def _frame(picture: Picture, rng: Generator) -> Picture:
    from PIL import ImageOps

    shade = int(rng.choice([0, 0, 0, 255, int(rng.integers(0, 256))]))
    width, height = picture.size
    border = tuple(int(side * rng.uniform(0, 0.12)) for side in (width, height, width, height))
    return ImageOps.expand(picture, border, (shade, shade, shade))


def _captioned(picture: Picture, rng: Generator) -> Picture:
    """A strip of interface or caption, at most a tenth of the height: a cropped screenshot."""
    from PIL import Image as PillowImage
    from PIL import ImageDraw

    width, height = picture.size
    strip = max(10, int(height * rng.uniform(0.04, 0.1)))
    shade = int(rng.choice([20, 60, 200, 240, 255]))
    sheet = PillowImage.new("RGB", (width, height + strip), (shade, shade, shade))
    at_top = rng.random() < 0.5
    sheet.paste(picture, (0, strip if at_top else 0))
    ink = (0, 0, 0) if shade > 128 else (230, 230, 230)
    text = " ".join(["file", "view", "image", "12", "zoom", "figure 3", "left"][: int(rng.integers(1, 8))])
    ImageDraw.Draw(sheet).text((4, 1 if at_top else height + 1), text, fill=ink)
    return sheet


def _vignette(picture: Picture, rng: Generator) -> Picture:
    """Dark corners, as through a tube or a lens."""
    values = np.asarray(picture, np.float32) / 255
    height, width = values.shape[:2]
    rows, columns = np.mgrid[-1 : 1 : height * 1j, -1 : 1 : width * 1j]
    edge = np.clip((rng.uniform(0.9, 1.3) - np.hypot(rows, columns)) / rng.uniform(0.02, 0.3), 0, 1)
    return _picture(values * edge[..., None].astype(np.float32))


def _jpeg(picture: Picture, rng: Generator) -> Picture:
    from PIL import Image as PillowImage

    buffer = io.BytesIO()
    picture.save(buffer, "JPEG", quality=int(rng.integers(30, 96)))
    return PillowImage.open(buffer).convert("RGB")


def _picture(values: np.ndarray[tuple[int, ...], np.dtype[np.floating]]) -> Picture:
    from PIL import Image as PillowImage

    return PillowImage.fromarray((np.clip(values, 0, 1) * 255).astype(np.uint8))


_CHANGES: tuple[tuple[Callable[[Picture, Generator], Picture], float], ...] = (
    (_crop, 0.6),
    (_stretch, 0.4),
    (_mirror, 0.5),
    (_tilt, 0.3),
    (_light, 0.6),
    (_vignette, 0.12),
    (_frame, 0.15),
    (_captioned, 0.12),
    (_cast, 0.25),
    (_small, 0.4),
    (_grain, 0.2),
    (_jpeg, 0.5),
)
