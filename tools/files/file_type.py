"""What a file is, from its first bytes and never from its name."""

from __future__ import annotations

import struct
from pathlib import Path

from store.errors import CaseError
from tools.files.foreign import boxed_picture, foreign, unzipped_head

HEAD_BYTES = 4096
"""How many bytes `recognise` wants to see."""

ACCEPTED = (
    "Casebook reads PNG, JPEG, HEIC, AVIF, WebP, BMP, GIF and TIFF pictures, DICOM (one file, or a folder or "
    "zip of a series) and NIfTI volumes."
)

_BY_MAGIC = (
    (b"\x89PNG\r\n\x1a\n", "PNG"),
    (b"\xff\xd8\xff", "JPEG"),
    (b"GIF87a", "GIF"),
    (b"GIF89a", "GIF"),
    (b"II*\x00", "TIFF"),
    (b"MM\x00*", "TIFF"),
    (b"II+\x00", "TIFF"),
    (b"MM\x00+", "TIFF"),
    (b"PK\x03\x04", "zip"),
    (b"PK\x05\x06", "zip"),
    (b"\x1f\x8b", "gzip"),
)
# Of what a gzip file holds: as many bytes as a NIfTI header has before it says what it is.
_ENOUGH = 348

_VR = {b"AE", b"CS", b"DA", b"LO", b"OB", b"PN", b"SH", b"SQ", b"TM", b"UI", b"UL", b"US", b"DT", b"IS"}


def read_head(path: Path) -> bytes:
    """The first bytes of a file, as many as `recognise` wants."""
    with path.open("rb") as file:
        return file.read(HEAD_BYTES)


def recognise(head: bytes) -> str:
    """Name the type of a file.

    Args:
        head: its first `HEAD_BYTES` bytes, or all of it.

    Returns:
        ``PNG JPEG HEIC AVIF WebP BMP GIF TIFF DICOM NIfTI gzip zip``; gzip is of a NIfTI volume.

    Raises:
        CaseError: it is none of these; says what it is where that can be told.
    """
    name = _volume(head) or _picture(head) or boxed_picture(head)
    if name is None:
        raise CaseError(f"This file is {foreign(head)}. {ACCEPTED}")
    if name == "gzip":
        _refuse_other_gzip(head)
    return name


def _volume(head: bytes) -> str | None:
    if head[128:132] == b"DICM" or _bare_dicom(head):
        return "DICOM"
    return "NIfTI" if _nifti(head) else None


def _picture(head: bytes) -> str | None:
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return "WebP"
    if head[:2] == b"BM" and len(head) >= 26:
        return "BMP"
    return next((name for magic, name in _BY_MAGIC if head.startswith(magic)), None)


def _nifti(head: bytes) -> bool:
    return head[344:348] in (b"n+1\x00", b"ni1\x00") or head[4:8] in (b"n+2\x00", b"ni2\x00")


def _refuse_other_gzip(head: bytes) -> None:
    """Refuse a gzip file that plainly holds something else than a NIfTI volume."""
    inner = unzipped_head(head)
    if _nifti(inner) or len(inner) < _ENOUGH:
        return
    try:
        kind = f"a {recognise(inner)} file; unpack it and send that"
    except CaseError:
        kind = foreign(inner)
    raise CaseError(f"This gzip file holds {kind}. {ACCEPTED}")


def _bare_dicom(head: bytes) -> bool:
    """DICOM without preamble: the data set starts at once with a low element of group 0002 or 0008.

    Source: DICOM PS3.5 section 7.1 (data element structure); PS3.10 section 7.1 (the preamble).
    """
    if len(head) < 12:
        return False
    for order in "<>":
        group, element, length = struct.unpack(f"{order}HHI", head[:8])
        if group in (0x0002, 0x0008) and element <= 0x0070 and (head[4:6] in _VR or length <= 256):
            return True
    return False
