"""Compressed pictures without what stands beside their pixels; the pixels' own bytes are not touched.

Source: ITU-T T.81 annex B (JPEG markers), T.87 (JPEG-LS), T.800 annex A (JPEG 2000), JFIF 1.02, Exif 2.32.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

_START, _END, _SCAN, _COMMENT = 0xD8, 0xD9, 0xDA, 0xFE
_STANDS_ALONE = {0x01, *range(0xD0, 0xD8)}
_JFIF, _ICC, _HP, _ADOBE = 0xE0, 0xE2, 0xE8, 0xEE
# Of APPn segments only what the colours need: JFIF, the colour profile, HP's and Adobe's colour transforms.
_NEEDED = {_JFIF: b"JFIF\0", _ICC: b"ICC_PROFILE\0", _HP: b"mrfx", _ADOBE: b"Adobe"}
# Source: JFIF 1.02: a header without a thumbnail has 14 bytes, the last two of which are its size.
_JFIF_BYTES = 14
_EXIF = b"Exif\0\0"
_J2K = b"\xff\x4f\xff\x51"
_J2K_COMMENT, _J2K_TILE = 0x64, 0x90


class BrokenOffError(Exception):
    """It ends before its pixels do, or is no such file."""


@dataclass(frozen=True)
class Stripped:
    """A compressed picture without the rest.

    Attributes:
        data: what is left.
        dropped: what was left out, in words.
        exif: the bytes of an EXIF segment, without its name; empty if there was none.
    """

    data: bytes
    dropped: tuple[str, ...]
    exif: bytes = b""


def strip_jpeg(data: bytes, insert: bytes = b"") -> Stripped:
    """A JPEG or JPEG-LS file without comments, thumbnails and texts, and without what follows its end.

    Args:
        data: the file, or a frame of one.
        insert: a segment that is put behind the first marker.

    Raises:
        BrokenOffError: it is none, or is cut off.
    """
    kept, dropped, exif = [data[:2], insert], [], b""
    for marker, start, stop in _parts(data):
        body = data[start + 4 : stop]
        if marker == _COMMENT:
            dropped.append("comment")
        elif 0xE0 <= marker <= 0xEF and not body.startswith(_NEEDED.get(marker, b"\0none")):
            dropped.append("EXIF" if body.startswith(_EXIF) else f"segment APP{marker - 0xE0}")
            exif = body[len(_EXIF) :] if body.startswith(_EXIF) else exif
        elif marker == _JFIF and len(body) > _JFIF_BYTES:
            dropped.append("thumbnail")
            kept.append(b"\xff\xe0\x00\x10" + body[: _JFIF_BYTES - 2] + b"\0\0")
        else:
            kept.append(data[start:stop])
        end = stop
        if marker == _END:
            break
    else:
        raise BrokenOffError
    if data[end:].strip(b"\0"):
        dropped.append("bytes after its end")
    return Stripped(b"".join(kept), tuple(dropped), exif)


def _parts(data: bytes) -> Iterator[tuple[int, int, int]]:
    """Marker, start and end of every segment; that of a scan goes up to the next marker after its data."""
    if data[:2] != b"\xff\xd8":
        raise BrokenOffError
    place = 2
    while place + 2 <= len(data):
        if data[place] != 0xFF:
            raise BrokenOffError
        marker = data[place + 1]
        if marker == 0xFF:  # padding
            place += 1
            continue
        stop = place + 2
        if marker != _END and marker not in _STANDS_ALONE:
            stop += int.from_bytes(data[stop : stop + 2], "big")
            if stop > len(data) or stop < place + 4:
                raise BrokenOffError
        if marker == _SCAN:
            stop = _end_of_scan(data, stop)
        yield marker, place, stop
        place = stop


def _end_of_scan(data: bytes, place: int) -> int:
    while (place := data.find(b"\xff", place)) >= 0 and place + 1 < len(data):
        after = data[place + 1]
        # Stuffed bytes (JPEG: 00; JPEG-LS: below 80) and restart markers belong to the scan.
        if after >= 0x80 and after not in range(0xD0, 0xD8) and after != 0xFF:
            return place
        place += 1 if after == 0xFF else 2
    raise BrokenOffError


def strip_jpeg_2000(data: bytes) -> Stripped:
    """A JPEG 2000 codestream without the comments of its main header.

    Raises:
        BrokenOffError: it is none, or is cut off.
    """
    if not data.startswith(_J2K):
        raise BrokenOffError
    kept, place, dropped = [data[:2]], 2, 0
    while place + 4 <= len(data) and data[place + 1] != _J2K_TILE:
        stop = place + 2 + int.from_bytes(data[place + 2 : place + 4], "big")
        if data[place] != 0xFF or stop > len(data):
            raise BrokenOffError
        if data[place + 1] == _J2K_COMMENT:
            dropped += 1
        else:
            kept.append(data[place:stop])
        place = stop
    return Stripped(b"".join([*kept, data[place:]]), ("comment",) * dropped)
