"""A picture as it is shown to people: small enough to send, without any header of the file it came from."""

from __future__ import annotations

import io

from store.pictures.image import Pixels

# Ours: as wide as a picture is ever shown at once, at a quality that shows no blocks.
_LONGEST_PX = 900
_JPEG_QUALITY = 92


def jpeg_preview(pixels: Pixels) -> bytes:
    """A JPEG of at most 900 pixels a side.

    Args:
        pixels: ``(H, W)`` or ``(H, W, 3)`` uint8.
    """
    from PIL import Image as PillowImage

    picture = PillowImage.fromarray(pixels)
    picture.thumbnail((_LONGEST_PX, _LONGEST_PX))
    buffer = io.BytesIO()
    picture.save(buffer, "JPEG", quality=_JPEG_QUALITY, subsampling=0)
    return buffer.getvalue()
