"""What a file is, from its first bytes and never from its name."""

from __future__ import annotations

import struct
from pathlib import Path

from store.errors import CaseError

HEAD_BYTES = 4096
"""How many bytes `recognise` wants to see."""

ACCEPTED = (
    "Casebook reads PNG, JPEG, WebP, BMP, GIF and TIFF pictures, DICOM (one file, or a folder or zip of a "
    "series) and NIfTI volumes."
)

_PICTURES = (
    (b"\x89PNG\r\n\x1a\n", "PNG"),
    (b"\xff\xd8\xff", "JPEG"),
    (b"GIF87a", "GIF"),
    (b"GIF89a", "GIF"),
    (b"II*\x00", "TIFF"),
    (b"MM\x00*", "TIFF"),
    (b"II+\x00", "TIFF"),
    (b"MM\x00+", "TIFF"),
    (b"\x1f\x8b", "gzip"),
    (b"PK\x03\x04", "zip"),
    (b"PK\x05\x06", "zip"),
)

_FOREIGN = (
    (b"%PDF", "a PDF document; export the picture from it"),
    (b"\x7fELF", "a program, not a picture"),
    (b"MZ", "a program, not a picture"),
    (b"\xcf\xfa\xed\xfe", "a program, not a picture"),
    (b"\xca\xfe\xba\xbe", "a program, not a picture"),
    (b"#!", "a script, not a picture"),
    (b"8BPS", "a Photoshop document; export it as PNG"),
    (b"\x00\x00\x01\x00", "an icon file"),
    (b"\x01\xda", "an SGI picture; convert it to PNG"),
    (b"\x0a\x05\x01\x08", "a PCX picture; convert it to PNG"),
    (b"DDS ", "a game texture (DDS)"),
    (b"BLP", "a game texture (BLP)"),
    (b"SIMPLE  =", "an astronomy picture (FITS)"),
    (b"\xff\x4f\xff\x51", "a JPEG 2000 picture; convert it to PNG or wrap it in DICOM"),
    (b"\x00\x00\x00\x0cjP  ", "a JPEG 2000 picture; convert it to PNG or wrap it in DICOM"),
    (b"NRRD", "an NRRD volume; convert it to NIfTI"),
    (b"ObjectType", "a MetaImage volume; convert it to NIfTI"),
    (b"\x89HDF", "an HDF5 file"),
    (b"7z\xbc\xaf\x27\x1c", "a 7-Zip archive; pack the series as zip"),
    (b"Rar!", "a RAR archive; pack the series as zip"),
    (b"\xd0\xcf\x11\xe0", "an Office document; export the picture from it"),
    (b"{\\rtf", "a text document"),
    (b"\x1aE\xdf\xa3", "a video; send single frames as PNG"),
    (b"SQLite format 3", "a database"),
)

_MARKUP = (
    (b"<svg", "an SVG drawing; export it as PNG"),
    (b"<!doctype html", "a web page; save the picture itself"),
    (b"<html", "a web page; save the picture itself"),
    (b"<?php", "a program, not a picture"),
    (b"<?xml", "an XML document, not a picture"),
)

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
        ``PNG JPEG WebP BMP GIF TIFF DICOM NIfTI gzip zip``.

    Raises:
        CaseError: it is none of these; says what it is where that can be told.
    """
    if head[128:132] == b"DICM" or _bare_dicom(head):
        return "DICOM"
    if head[344:348] in (b"n+1\x00", b"ni1\x00") or head[4:8] in (b"n+2\x00", b"ni2\x00"):
        return "NIfTI"
    for magic, name in _PICTURES:
        if head.startswith(magic):
            return name
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return "WebP"
    if head[:2] == b"BM" and len(head) >= 26:
        return "BMP"
    raise CaseError(f"This file is {_foreign(head)}. {ACCEPTED}")


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


def _foreign(head: bytes) -> str:
    if not head:
        return "empty"
    for magic, words in _FOREIGN:
        if head.startswith(magic):
            return words
    if head[4:8] == b"ftyp":
        return _boxed(head[8:12])
    lowered = head.lower()
    for magic, words in _MARKUP:
        if magic in lowered[:1024]:
            return words
    return (
        "a text file, not a picture"
        if _is_text(head)
        else "of a type that is not known here, or it is damaged"
    )


def _boxed(brand: bytes) -> str:
    if brand in (b"heic", b"heix", b"mif1", b"hevc", b"heim"):
        return "a HEIC photo, as phones make them; export it as JPEG"
    return "an AVIF picture; convert it to PNG" if brand == b"avif" else "a video; send single frames as PNG"


def _is_text(head: bytes) -> bool:
    try:
        words = head.decode("utf-8", errors="strict" if len(head) < HEAD_BYTES else "ignore")
    except UnicodeDecodeError:
        return False
    return len(head) > 3 and sum(c.isprintable() or c.isspace() for c in words) >= 0.98 * len(words)
