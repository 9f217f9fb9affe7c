"""A small picture, and whether a decoder still reads it."""

from __future__ import annotations

import io

from PIL import Image as PillowImage

from tools.files.decoding import Decoder


def png(size: tuple[int, int] = (30, 20), value: int = 7) -> bytes:
    """A grey PNG file of one value."""
    file = io.BytesIO()
    PillowImage.new("L", size, value).save(file, "PNG")
    return file.getvalue()


def works(decoder: Decoder) -> bool:
    """Whether the decoder reads the plain `png` as it is."""
    (image,) = decoder.read(png())
    return image.pixels[0, 0].tolist() == [7, 7, 7] and image.size == (30, 20)
