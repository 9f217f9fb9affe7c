"""Pictures with text in their pixels, drawn here."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

Corners = NDArray[np.float64]


def ground(width: int, height: int, seed: int = 0, level: int = 60) -> NDArray[np.uint8]:
    """``(H, W)`` uint8 that looks a little like a scan: soft shapes and noise around `level`."""
    random = np.random.default_rng(seed)
    coarse = random.normal(0, 30, (max(height // 64, 2), max(width // 64, 2)))
    soft = np.asarray(
        Image.fromarray(coarse.astype(np.float32)).resize((width, height), Image.Resampling.BICUBIC)
    )
    return np.clip(level + soft + random.normal(0, 4, (height, width)), 0, 255).astype(np.uint8)


def write(
    pixels: NDArray[np.uint8], words: str, at: tuple[int, int], *, size: int, grey: int, angle: int = 0
) -> Corners:
    """Draw words into the picture, in place; returns their corners, ``(4, 2)`` x and y."""
    font = ImageFont.load_default(size)
    left, top, right, bottom = font.getbbox(words)
    wide, high = int(right - left) + 4, int(bottom - top) + 4
    plate = Image.new("L", (wide, high))
    ImageDraw.Draw(plate).text((2 - left, 2 - top), words, font=font, fill=255)
    turned = plate.rotate(angle, expand=True, resample=Image.Resampling.BICUBIC)
    ink = np.asarray(turned, np.float32) / 255
    x, y = at
    part = pixels[y : y + ink.shape[0], x : x + ink.shape[1]]
    ink = ink[: part.shape[0], : part.shape[1]]
    part[:] = (part * (1 - ink) + grey * ink).round().astype(np.uint8)
    corners = np.array([[2, 2], [wide - 2, 2], [wide - 2, high - 2], [2, high - 2]], np.float64)
    radians = np.deg2rad(-angle)
    turn = np.array([[np.cos(radians), -np.sin(radians)], [np.sin(radians), np.cos(radians)]])
    middle = np.array([turned.width, turned.height]) / 2
    return (corners - np.array([wide, high]) / 2) @ turn.T + middle + np.array(at)
