"""What lies in the pixel data of a DICOM file beside the pixels: text in frames, and spare bytes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tools.files.arrays.limits import DAMAGE
from tools.privacy.header import Change
from tools.privacy.jpeg_segments import BrokenOffError, strip_jpeg, strip_jpeg_2000

if TYPE_CHECKING:
    from pydicom import Dataset


def drop_beside_pixels(ds: Dataset) -> list[Change]:
    """Leave the pixels alone and drop the rest, in place; returns what was dropped."""
    if "PixelData" not in ds or not ds.PixelData:
        return []
    try:
        compressed = ds["PixelData"].is_undefined_length or _syntax_is_compressed(ds)
        return _of_frames(ds) if compressed else _behind(ds)
    except DAMAGE:  # it cannot be taken apart: it stays, and so does what is in it
        return []


def _syntax_is_compressed(ds: Dataset) -> bool:
    from pydicom.uid import UID

    return bool(UID(str(ds.file_meta.get("TransferSyntaxUID", "1.2.840.10008.1.2"))).is_compressed)


def _of_frames(ds: Dataset) -> list[Change]:
    from pydicom.encaps import encapsulate, generate_frames

    count = int(ds.get("NumberOfFrames", 1) or 1)
    frames = list(generate_frames(ds.PixelData, number_of_frames=count))
    stripped = [_stripped(frame) for frame in frames]
    if not any(dropped for _, dropped in stripped):
        return []
    ds.PixelData = encapsulate([data for data, _ in stripped], has_bot=True)
    ds["PixelData"].is_undefined_length = True
    # Tables of where the old frames lay are wrong now. Source: PS3.3 section C.7.6.3.1.8.
    for keyword in ("ExtendedOffsetTable", "ExtendedOffsetTableLengths"):
        if keyword in ds:
            del ds[keyword]
    return [Change("PixelData.comment", "removed")]


def _stripped(frame: bytes) -> tuple[bytes, bool]:
    """A frame without comments, and whether it had any that can be left out."""
    strip = strip_jpeg if frame.startswith(b"\xff\xd8") else strip_jpeg_2000
    try:
        done = strip(frame)
    except BrokenOffError:
        return frame, False
    return (done.data, True) if done.dropped else (frame, False)


def _behind(ds: Dataset) -> list[Change]:
    """Drop what follows the last pixel and is no further frame. Source: PS3.5 section 8.1.1 and annex A.4."""
    from pydicom.pixels.utils import get_expected_length

    wanted = get_expected_length(ds)
    data = ds.PixelData
    rest = data[wanted:]
    frame = wanted // max(int(ds.get("NumberOfFrames", 1) or 1), 1)
    if not rest.strip(b"\0") or len(rest) >= frame:
        return []
    ds.PixelData = data[:wanted] + b"\0" * (wanted % 2)
    return [Change("PixelData.padding", "removed")]
