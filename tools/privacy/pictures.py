"""Photographs and other pictures without what they carry of persons.

JPEG and PNG keep the very bytes of their pixels. Pictures of other types, and those whose text was masked,
are written as PNG.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from store.errors import CaseError
from tools.privacy.copy import Copy
from tools.privacy.exif import only_turned, tags_of
from tools.privacy.header import REMOVED, Change
from tools.privacy.jpeg_segments import BrokenOffError, Stripped, strip_jpeg
from tools.privacy.png_chunks import strip_png

if TYPE_CHECKING:
    from store.pictures.image import Image

Strip = Callable[[bytes, bytes], Stripped]
_EXIF_NAME = b"Exif\0\0"


def strip_picture(data: bytes, file_type: str) -> Copy:
    """A JPEG or PNG file with the same pixels and nothing else.

    Args:
        data: the file.
        file_type: ``JPEG`` or ``PNG``.

    Raises:
        CaseError: it is cut off or damaged.
    """
    strip, suffix = (_jpeg, ".jpg") if file_type == "JPEG" else (strip_png, ".png")
    try:
        bare = strip(data, b"")
        names, turned = tags_of(bare.exif) if bare.exif else ([], 1)
        done = strip(data, only_turned(turned)).data
    except BrokenOffError:
        raise CaseError(
            f"This {file_type} file is cut off or damaged. Export it again from its source."
        ) from None
    told = [name for name in bare.dropped if name != "EXIF"] + names
    return Copy(done, suffix, [Change(name, REMOVED) for name in dict.fromkeys(told)], pixels_seen=False)


def _jpeg(data: bytes, exif: bytes) -> Stripped:
    body = _EXIF_NAME + exif
    return strip_jpeg(data, b"\xff\xe1" + (len(body) + 2).to_bytes(2, "big") + body if exif else b"")


def drawn_again(image: Image, masked: Sequence[str] = ()) -> Copy:
    """A picture as a PNG file of 8 bits, from its pixels alone.

    Args:
        image: the picture.
        masked: what was masked in it.

    Raises:
        CaseError: it has several frames.
    """
    from PIL import Image as PillowImage

    if image.frame_count > 1:
        raise CaseError(
            f"This {image.file_type} file holds {image.frame_count} pictures; copies are written of files "
            "with one. Save each as PNG and give those."
        )
    file = io.BytesIO()
    PillowImage.fromarray(image.frames[0]).save(file, "PNG")
    told = [Change(name, "masked") for name in masked]
    if image.file_type != "PNG":
        told.append(Change(f"everything in the {image.file_type} file but its pixels", REMOVED))
    return Copy(file.getvalue(), ".png", told, pixels_seen=bool(masked))
