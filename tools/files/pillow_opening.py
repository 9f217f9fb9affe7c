"""An ordinary picture opened by Pillow: the right plugin, limits before decoding, which frames are read."""

from __future__ import annotations

import importlib
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from store.errors import CaseError
from tools.files.arrays.limits import ReadLimits, cut_off, damaged, refusing_damage

if TYPE_CHECKING:
    from PIL import Image as PillowImage

# The module that registers each format with Pillow.
_PLUGINS = {
    **{one: f"PIL.{one.capitalize()}ImagePlugin" for one in ("PNG", "JPEG", "AVIF", "BMP", "GIF", "TIFF")},
    "WebP": "PIL.WebPImagePlugin",
    "HEIC": "pillow_heif.HeifImagePlugin",
}
_PILLOW_NAMES = {"HEIC": "HEIF", "WebP": "WEBP"}


@contextmanager
def opened(path: Path, file_type: str, limits: ReadLimits) -> Iterator[PillowImage.Image]:
    """Open a picture, not yet decoded.

    Args:
        path: the file.
        file_type: as `tools.files.file_type.recognise` names it.
        limits: refused from the header.

    Raises:
        CaseError: too large, cut off or damaged.
    """
    from PIL import Image as PillowImage

    plugin = _PLUGINS[file_type]
    importlib.import_module(plugin)
    _decode_in_one_thread(file_type)
    PillowImage.MAX_IMAGE_PIXELS = limits.max_pixels
    try:
        with refusing_damage(f"{file_type} file"):
            picture = PillowImage.open(path, formats=[_PILLOW_NAMES.get(file_type, file_type)])
        with picture:
            yield picture
    except PillowImage.DecompressionBombError as error:
        raise CaseError(
            f"This picture is larger than the {limits.max_pixels / 1e6:.4g} million pixels that are read. "
            "Send a smaller version or a crop."
        ) from error


def frames_alike(picture: PillowImage.Image, file_type: str, limits: ReadLimits) -> tuple[int, int]:
    """(frames to read, pages left out).

    Of a TIFF, pages of another size or kind than the first are left out; of a HEIC file, all but its own
    picture.

    Raises:
        CaseError: more than the limits allow, or damaged.
    """
    width, height = picture.size
    limits.check(frames=1, rows=height, columns=width)
    if file_type in ("JPEG", "BMP"):
        return 1, 0
    with refusing_damage(f"{file_type} file"):
        count = int(getattr(picture, "n_frames", 1))
    if file_type == "HEIC":
        return 1, count - 1
    limits.check(frames=count, rows=height, columns=width, samples=1 if count == 1 else 3)
    if file_type != "TIFF" or count == 1:
        return count, 0
    kinds = []
    with refusing_damage(f"{file_type} file"):
        for index in range(count):
            picture.seek(index)
            limits.check(frames=1, rows=picture.size[1], columns=picture.size[0])
            kinds.append((picture.size, picture.mode))
    alike = next((i for i, kind in enumerate(kinds) if kind != kinds[0]), count)
    return alike, count - alike


@contextmanager
def native_errors_refused(file_type: str) -> Iterator[None]:
    """Refuse a TIFF whose decoder complained.

    libtiff fills what it cannot decode with blanks, tells only the standard error stream, and Pillow
    passes that as a picture. Its complaint is the one sign that the file is cut off or damaged.
    """
    if file_type != "TIFF":
        yield
        return
    with tempfile.TemporaryFile() as heard:
        kept = os.dup(2)
        os.dup2(heard.fileno(), 2)
        try:
            yield
        finally:
            os.dup2(kept, 2)
            os.close(kept)
        heard.seek(0)
        complaint = b"".join(line for line in heard.read(4096).splitlines() if b"Warning" not in line)
    if complaint:
        raise cut_off("TIFF file") if b"ead error" in complaint else damaged("TIFF file")


def _decode_in_one_thread(file_type: str) -> None:
    """Every thread takes address space of its own, which is limited, and is counted as time all the same."""
    if file_type == "AVIF":
        from PIL import AvifImagePlugin

        AvifImagePlugin.DEFAULT_MAX_THREADS = 1
    if file_type == "HEIC":
        from pillow_heif import options

        options.DECODE_THREADS = 1
