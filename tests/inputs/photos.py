"""Photographs as phones write them, drawn here: HEIC with rotation boxes, and AVIF."""

from __future__ import annotations

import io
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image as PillowImage


def corner(height: int = 96, width: int = 128) -> NDArray[np.uint8]:
    """``(height, width, 3)`` uint8 that looks different whichever way it is turned: red at the top left."""
    pixels = np.full((height, width, 3), (60, 90, 60), np.uint8)
    pixels[: height // 3, : width // 3] = (230, 30, 30)
    pixels[: height // 3, -width // 3 :] = (30, 30, 230)
    return pixels


def heic(*pictures: Any, **options: Any) -> bytes:
    """The bytes of a HEIC file of one or more pictures; its own is the first, or the one at `primary_index`.

    EXIF with an orientation, given as bytes, is written as phones do: as EXIF, and as a box that turns.
    """
    import pillow_heif

    pillow_heif.register_heif_opener()
    made = [one if isinstance(one, PillowImage.Image) else PillowImage.fromarray(one) for one in pictures]
    first, *more = made
    file = io.BytesIO()
    first.save(file, "HEIF", quality=90, chroma=444, save_all=bool(more), append_images=more, **options)
    return file.getvalue()


def deep_heic(bits: int, values: NDArray[np.uint16]) -> bytes:
    """The bytes of a HEIC file of 10 or 12 bits; `values` are ``(H, W, 3)`` over all 16 bits."""
    import pillow_heif

    pillow_heif.options.SAVE_HDR_TO_12_BIT = bits == 12
    try:
        image = pillow_heif.from_bytes(
            "RGB;16", (values.shape[1], values.shape[0]), np.ascontiguousarray(values).tobytes()
        )
        file = io.BytesIO()
        image.save(file, quality=90, chroma=444)
    finally:
        pillow_heif.options.SAVE_HDR_TO_12_BIT = False
    return file.getvalue()


def turned(pixels: NDArray[np.uint8], orientation: int) -> NDArray[np.uint8]:
    """The upright picture of what is stored with an EXIF orientation.

    Source: Exif 2.32 (CIPA DC-008), tag 0112H.
    """
    upright = {
        1: lambda a: a,
        2: lambda a: a[:, ::-1],
        3: lambda a: a[::-1, ::-1],
        4: lambda a: a[::-1],
        5: lambda a: a.swapaxes(0, 1),
        6: lambda a: np.rot90(a, -1),
        7: lambda a: np.rot90(a, 2).swapaxes(0, 1),
        8: lambda a: np.rot90(a, 1),
    }
    return np.asarray(upright[orientation](pixels))


def avif(picture: Any, **options: Any) -> bytes:
    """The bytes of an AVIF file."""
    file = io.BytesIO()
    made = picture if isinstance(picture, PillowImage.Image) else PillowImage.fromarray(picture)
    made.save(file, "AVIF", quality=90, subsampling="4:4:4", **options)
    return file.getvalue()


def orientation(value: int, **tags: str) -> bytes:
    """EXIF with that orientation, and texts planted in it by tag number."""
    exif = PillowImage.Exif()
    exif[0x0112] = value
    for number, text in tags.items():
        exif[int(number.removeprefix("tag_"))] = text
    return exif.tobytes()
