"""Stored pixel values of a DICOM file, frame by frame, as the transfer syntax encodes them.

pydicom unpacks uncompressed, deflated and RLE data; GDCM decodes JPEG, JPEG-LS and JPEG 2000. Nothing
is windowed here (see ``tools.files.dicom.display``).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from store.errors import CaseError
from tools.files.arrays.limits import ReadLimits, cut_off, damaged, refusing_damage
from tools.files.dicom.terms import PHOTOMETRICS, TRANSFER_SYNTAXES

if TYPE_CHECKING:
    from pydicom import Dataset

_IMPLICIT, _EXPLICIT, _BIG_ENDIAN = "1.2.840.10008.1.2", "1.2.840.10008.1.2.1", "1.2.840.10008.1.2.2"
_NATIVE = (_IMPLICIT, _EXPLICIT, _BIG_ENDIAN)

# Source: DICOM PS3.5 section 10.4 and table A.4-1. pydicom leaves these to nobody where samples have
# 12 bits, although GDCM decodes them.
_TWELVE_BIT_JPEG = tuple(f"1.2.840.10008.1.2.4.{n}" for n in (51, 53, 55))

# Larger uncompressed files are read from disk one frame at a time.
_READ_WHOLE_BYTES = 64 * 1024**2


def read_dataset(path: Path, *, with_pixels: bool) -> Dataset:
    """Read a data set, forgiving a missing preamble.

    Raises:
        CaseError: an element declares a length that no memory holds.
    """
    import pydicom

    try:
        return pydicom.dcmread(path, force=True, stop_before_pixels=not with_pixels)
    except MemoryError as error:
        raise CaseError(
            "This DICOM file declares more data than can be read: it is damaged, or too large once unpacked. "
            "Export it again from its source."
        ) from error


def settle_transfer_syntax(ds: Dataset) -> str:
    """The transfer syntax UID; where the file meta header is missing, as the data set itself was encoded.

    Raises:
        CaseError: a transfer syntax that is not read, named where it has a standard name.
    """
    from pydicom.dataset import FileMetaDataset
    from pydicom.uid import UID

    if not hasattr(ds, "file_meta"):
        ds.file_meta = FileMetaDataset()
    declared = str(ds.file_meta.get("TransferSyntaxUID", "") or "")
    if not declared:
        implicit, little = ds.original_encoding
        declared = _IMPLICIT if implicit else (_EXPLICIT if little else _BIG_ENDIAN)
        ds.file_meta.TransferSyntaxUID = UID(declared)
    if declared not in TRANSFER_SYNTAXES:
        uid = UID(declared)
        name = (
            uid.name if uid.is_transfer_syntax and uid.name != declared else "a private or unknown encoding"
        )
        raise CaseError(
            f"The pixel data of this DICOM file is encoded as {name}, which is not read. Export it "
            "uncompressed, or as JPEG, JPEG-LS, JPEG 2000 or RLE."
        )
    return declared


def check_pixel_header(ds: Dataset, limits: ReadLimits) -> int:
    """Refuse what the pixel header alone forbids.

    Returns:
        How many frames the file holds.

    Raises:
        CaseError: no picture, too large, or a header that contradicts itself.
    """
    with refusing_damage("DICOM file"):
        rows, columns = int(ds.get("Rows") or 0), int(ds.get("Columns") or 0)
        frames = int(ds.get("NumberOfFrames") or 1)
        samples, bits = int(ds.get("SamplesPerPixel") or 1), int(ds.get("BitsAllocated") or 0)
        photometric = str(ds.get("PhotometricInterpretation") or "").strip()
        stored = int(ds.get("BitsStored") or bits)
    if "Rows" not in ds or "Columns" not in ds:
        raise CaseError("This DICOM file holds no picture. Send one that has pixel data.")
    limits.check(frames=frames, rows=rows, columns=columns, samples=samples)
    if bits not in (1, 8, 16, 32) or samples not in (1, 3) or not 0 < stored <= bits:
        raise CaseError(
            f"The header of this DICOM file contradicts itself ({bits} bits allocated, {stored} stored, "
            f"{samples} samples per pixel). Export it again from its source."
        )
    if photometric not in PHOTOMETRICS:
        raise CaseError(
            "This DICOM file describes its colours in a way that is not read. Export it as RGB or grey."
        )
    if (samples == 3) != (photometric not in ("MONOCHROME1", "MONOCHROME2", "PALETTE COLOR")):
        raise CaseError(
            f"The header of this DICOM file contradicts itself: {samples} samples per pixel with "
            f"{photometric}. Export it again from its source."
        )
    return frames


def stored_frames(path: Path, indices: list[int] | None = None) -> Iterator[NDArray[Any]]:
    """Decode frames one by one.

    Args:
        path: the file.
        indices: which frames, 0-based; None for all.

    Yields:
        ``(H, W)`` integers as stored, or ``(H, W, 3)`` RGB integers (YBR converted).

    Raises:
        CaseError: cut off, damaged, or without pixel data.
    """
    with refusing_damage("DICOM file"):
        ds, syntax, source = _opened(path)
        shape = (int(ds.Rows), int(ds.Columns))
        if syntax in _TWELVE_BIT_JPEG and (syntax != _TWELVE_BIT_JPEG[0] or int(ds.BitsStored) > 8):
            frames: Iterable[NDArray[Any]] = _twelve_bit_frames(ds, syntax, indices)
        else:
            from pydicom.pixels import iter_pixels

            frames = iter_pixels(source, indices=indices)
        for frame in frames:
            if frame.shape[:2] != shape:
                raise damaged("DICOM file")
            yield frame


def _opened(path: Path) -> tuple[Dataset, str, Dataset | Path]:
    """(header, transfer syntax, what to decode from): the path itself for a large uncompressed file."""
    if path.stat().st_size > _READ_WHOLE_BYTES and _has_preamble(path):
        ds = read_dataset(path, with_pixels=False)
        syntax = settle_transfer_syntax(ds)
        if syntax in _NATIVE:
            _check_length(ds, path.stat().st_size)
            return ds, syntax, path
    ds = read_dataset(path, with_pixels=True)
    syntax = settle_transfer_syntax(ds)
    if not ds.get("PixelData"):
        raise CaseError("This DICOM file describes a picture but holds no pixels. Export it with images.")
    if syntax in _NATIVE:
        _check_length(ds, len(ds.PixelData))
    return ds, syntax, ds


def _has_preamble(path: Path) -> bool:
    with path.open("rb") as file:
        return file.read(132)[128:] == b"DICM"


def _check_length(ds: Dataset, there: int) -> None:
    bits = int(ds.Rows) * int(ds.Columns) * int(ds.get("SamplesPerPixel") or 1) * int(ds.BitsAllocated)
    wanted = (bits * int(ds.get("NumberOfFrames") or 1) + 7) // 8
    if ds.PhotometricInterpretation == "YBR_FULL_422":
        wanted = wanted * 2 // 3
    if there < wanted:
        raise cut_off("DICOM file")


def _twelve_bit_frames(ds: Dataset, syntax: str, indices: list[int] | None) -> Iterator[NDArray[Any]]:
    from pydicom.encaps import generate_frames

    count = int(ds.get("NumberOfFrames") or 1)
    for index, data in enumerate(generate_frames(ds.PixelData, number_of_frames=count)):
        if indices is None or index in indices:
            yield _decode_with_gdcm(ds, syntax, data)


def _decode_with_gdcm(ds: Dataset, syntax: str, data: bytes) -> NDArray[Any]:
    """One 12-bit JPEG frame as ``(H, W)`` uint16 or int16."""
    import gdcm

    fragment = gdcm.Fragment()
    fragment.SetByteStringValue(data)
    fragments = gdcm.SequenceOfFragments.New()
    fragments.AddFragment(fragment)
    element = gdcm.DataElement(gdcm.Tag(0x7FE0, 0x0010))
    element.SetValue(fragments.__ref__())
    image = gdcm.Image()
    image.SetNumberOfDimensions(2)
    image.SetDimensions((int(ds.Columns), int(ds.Rows), 1))
    image.SetDataElement(element)
    kind = gdcm.PhotometricInterpretation.GetPIType(str(ds.PhotometricInterpretation))
    image.SetPhotometricInterpretation(gdcm.PhotometricInterpretation(kind))
    image.SetTransferSyntax(gdcm.TransferSyntax(gdcm.TransferSyntax.GetTSType(syntax)))
    stored, signed = int(ds.BitsStored), int(ds.get("PixelRepresentation") or 0)
    image.SetPixelFormat(gdcm.PixelFormat(1, 16, stored, stored - 1, signed))
    # GDCM hands its buffer over as text; this is how its Python binding gives the bytes back.
    raw = image.GetBuffer().encode("utf-8", "surrogateescape")
    return np.frombuffer(raw, "<i2" if signed else "<u2").reshape(int(ds.Rows), int(ds.Columns))
