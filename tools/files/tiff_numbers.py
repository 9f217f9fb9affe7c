"""TIFF files of numbers that Pillow does not open: half and double floats, wide integers, floating colour.

Read by tifffile and windowed as every picture of more than 8 bits. Raw photos of cameras are TIFF files too,
whose first page is a small preview: they are refused here and never shown as their preview.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import numpy as np
from numpy.typing import NDArray

from store.errors import CaseError
from store.pictures.image import Image
from tools.files.arrays.limits import DAMAGE, Allocate, ReadLimits, refusing_damage
from tools.files.arrays.windowing import percentile_window, to_uint8

if TYPE_CHECKING:
    from tifffile import TiffPage

WINDOWED = (
    "The file has more than 8 bits per pixel and names no window; brightness shows its values "
    "{:.6g} to {:.6g} (0.5th to 99.5th percentile)."
)
LEFT_OUT = "{} further pages, from the first of another size or kind on, are left out."

# Source: DNG 1.7, tag 50706 DNGVersion; TIFF/EP (ISO 12234-2), tags 254 NewSubfileType, whose lowest bit says
# that a page is a small version of another, and 330 SubIFDs, where the other is. CR2 says so in its head.
_DNG, _SUBFILE_TYPE, _SUB_IFDS, _CR2 = 50706, 254, 330, b"CR"
_RAW = "This file is a raw photo of a camera. Export it as JPEG or TIFF from the program that developed it."
# Source: TIFF 6.0, tag 262 PhotometricInterpretation.
_WHITE_IS_ZERO, _RGB = 0, 2
# What Pillow opens, each with every compression; by the names of numpy.
_GREY_OF_PILLOW = ("float32", "uint32", "int32", "int16", "uint16", "uint8", "bool")
_COLOUR_OF_PILLOW = ("uint16", "uint8")


def is_for_tifffile(path: Path) -> bool:
    """Whether a TIFF holds numbers that Pillow does not open. What cannot be told is for Pillow to judge.

    Raises:
        CaseError: it is a raw photo.
    """
    import tifffile

    if _is_canon_raw(path):
        raise CaseError(_RAW)
    try:
        with tifffile.TiffFile(path) as file:
            page = file.pages.first
            raw, dtype, samples = _is_raw(page), page.dtype, page.samplesperpixel
    except DAMAGE:
        return False
    if raw:
        raise CaseError(_RAW)
    return dtype is not None and str(dtype) not in (_GREY_OF_PILLOW if samples == 1 else _COLOUR_OF_PILLOW)


def read_numbers(path: Path, limits: ReadLimits, allocate: Allocate = np.empty) -> Image:
    """Read a TIFF of numbers; its pages of one size and kind become frames under one window.

    Args:
        path: the file.
        limits: refused from the header, before decoding.
        allocate: makes the array of frames.

    Raises:
        CaseError: too large, cut off, damaged, complex numbers, or of a kind that is not read.
    """
    import tifffile

    with refusing_damage("TIFF file"), tifffile.TiffFile(path) as file:
        count, first = len(file.pages), file.pages.first
        samples = _checked(first)
        limits.check(frames=count, rows=first.imagelength, columns=first.imagewidth, samples=samples)
        pages = [page for page in cast("Iterable[TiffPage]", file.pages) if _kind(page) == _kind(first)]
        window = percentile_window(
            np.concatenate([_values(page).ravel() for page in pages[:: count // 4 + 1]])
        )
        frames = _frames(pages, samples, window, allocate)
        notes = [WINDOWED.format(*window)] + ([LEFT_OUT.format(count - len(pages))] * (len(pages) < count))
        return Image(frames=frames, file_type="TIFF", facts=_facts(first, len(pages)), notes=tuple(notes))


def _frames(
    pages: Sequence[TiffPage], samples: int, window: tuple[float, float], allocate: Allocate
) -> NDArray[np.uint8]:
    shape = (len(pages), pages[0].imagelength, pages[0].imagewidth)
    frames = allocate(shape if samples == 1 else (*shape, samples), np.uint8)
    for number, page in enumerate(pages):
        shown = to_uint8(_values(page), *window)
        frames[number] = 255 - shown if page.photometric == _WHITE_IS_ZERO else shown
    return frames


def _facts(page: TiffPage, count: int) -> dict[str, str]:
    kind = {"f": " (floating point)", "i": " (signed)"}.get(page.dtype.kind, "") if page.dtype else ""
    facts = {
        "size": f"{page.imagewidth} × {page.imagelength} pixels",
        "bits per sample": f"{page.bitspersample}{kind}",
    }
    return facts | ({"frames": str(count)} if count > 1 else {})


def _checked(page: TiffPage) -> int:
    """How many samples of a pixel are shown: 1 or 3.

    Raises:
        CaseError: the page is of a kind that is not read.
    """
    if page.dtype is None or page.dtype.kind not in "uifb":
        raise CaseError(
            "This TIFF file holds complex or unknown numbers, which are not read. Save real numbers."
        )
    if page.photometric == _RGB and page.samplesperpixel in (3, 4):
        return 3
    if page.samplesperpixel == 1:
        return 1
    raise CaseError(
        f"This TIFF file has {page.samplesperpixel} values per pixel that are no colours. Save one of "
        "them, or a colour picture."
    )


def _values(page: TiffPage) -> NDArray[Any]:
    """``(H, W)`` or ``(H, W, 3)`` in the type of the file."""
    try:
        values = page.asarray(maxworkers=1)
    except (ValueError, KeyError) as error:
        if "imagecodecs" not in str(error):
            raise
        raise CaseError(
            f"This TIFF file holds {page.dtype} numbers packed in a way that is not read. Save it "
            "without compression."
        ) from error
    if values.ndim == 3 and page.axes.startswith("S"):
        values = np.moveaxis(values, 0, -1)
    return np.asarray(values[..., :3] if values.ndim == 3 else values)


def _kind(page: TiffPage) -> tuple[Any, ...]:
    return page.shape, str(page.dtype), page.photometric


def _is_canon_raw(path: Path) -> bool:
    with path.open("rb") as file:
        return file.read(10)[8:] == _CR2


def _is_raw(page: TiffPage) -> bool:
    preview = bool(page.tags.valueof(_SUBFILE_TYPE, 0) & 1) and _SUB_IFDS in page.tags
    return preview or _DNG in page.tags
