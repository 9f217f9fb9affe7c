"""Stored pixel values of a DICOM file, frame by frame, whatever the transfer syntax.

Order: frame found → its cells (``tools.files.dicom.native``, ``tools.files.dicom.compressed``) → its values,
colours as RGB (``tools.files.dicom.stored_values``). Nothing is windowed here (see
``tools.files.dicom.brightness``). One frame is held at a time; of a large uncompressed file, only that one
is read.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from numpy.typing import NDArray

from store.errors import CaseError
from tools.files.arrays.limits import cut_off, refusing_damage
from tools.files.dicom.compressed import compressed_frames, decompressed
from tools.files.dicom.dataset import DEFLATED, read_dataset, settle_transfer_syntax
from tools.files.dicom.native import Native
from tools.files.dicom.pixel_header import PixelHeader, complete, described
from tools.files.dicom.stored_values import frame_of

if TYPE_CHECKING:
    from pydicom import Dataset
    from pydicom.dataelem import RawDataElement

# Larger values are left in the file until they are needed.
_DEFERRED_BYTES = 1024**2
_UNDEFINED = 0xFFFFFFFF
_PIXEL_DATA = 0x7FE00010


def stored_frames(path: Path, indices: list[int] | None = None) -> Iterator[NDArray[Any]]:
    """Decode frames one by one.

    Args:
        path: the file.
        indices: which frames, 0-based and rising; None for all.

    Yields:
        ``(H, W)`` integers as stored, or ``(H, W, 3)`` uint8 RGB.

    Raises:
        CaseError: cut off, damaged, or without pixel data.
    """
    with refusing_damage("DICOM file"):
        ds, syntax = _opened(path)
        header = described(ds)
    raw = _as_in_file(ds)
    if raw is None or not raw.length:
        raise CaseError("This DICOM file describes a picture but holds no pixels. Export it with images.")
    wanted = range(header.frames) if indices is None else indices
    if raw.length != _UNDEFINED:
        yield from _native_frames(path, raw, header, wanted)
        return
    with refusing_damage("DICOM file"):
        for index, frame in enumerate(compressed_frames(ds, header.frames)):
            if index in wanted:
                yield decompressed(frame, header, syntax)


def _opened(path: Path) -> tuple[Dataset, str]:
    """The data set, with what is long in it left in the file; all of it where the file is deflated."""
    ds = read_dataset(path, with_pixels=True, defer_bytes=_DEFERRED_BYTES)
    syntax = settle_transfer_syntax(ds)
    if syntax == DEFLATED:
        ds = read_dataset(path, with_pixels=True)
    complete(ds)
    return ds, syntax


def _as_in_file(ds: Dataset) -> RawDataElement | None:
    """The element of the pixels as the file has it: nothing of its value is read yet where that was left."""
    from pydicom.dataelem import RawDataElement

    found = next((element for tag, element in ds.items() if tag == _PIXEL_DATA), None)
    return found if isinstance(found, RawDataElement) else None


def _native_frames(
    path: Path, raw: RawDataElement, header: PixelHeader, wanted: range | list[int]
) -> Iterator[NDArray[Any]]:
    held = raw.value
    there = min(raw.length, path.stat().st_size - raw.value_tell) if held is None else len(held)

    def take(start: int, stop: int) -> bytes:
        if held is not None:
            return bytes(held[start:stop])
        with path.open("rb") as file:
            file.seek(raw.value_tell + start)
            return file.read(stop - start)

    native = Native(header, take, there, big_endian=not raw.is_little_endian, in_words=raw.VR == "OW")
    if there < native.wanted:
        raise cut_off("DICOM file")
    label_is_true = header.photometric != "YBR_FULL_422" or native.is_subsampled
    for index in wanted:
        yield frame_of(native.cells(index), header, header.allocated, label_is_true=label_is_true)
