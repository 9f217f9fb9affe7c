"""A PNG file without the chunks that hold words. Source: PNG (third edition), sections 5 and 11."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterator

from tools.privacy.jpeg_segments import BrokenOffError, Stripped

_MAGIC = b"\x89PNG\r\n\x1a\n"
# What a picture and its colours need, and the frames of an animated one.
_NEEDED = frozenset(
    b"IHDR PLTE IDAT IEND tRNS gAMA cHRM sRGB iCCP cICP sBIT bKGD pHYs acTL fcTL fdAT".split()
)
_PROFILE, _EXIF, _END = b"iCCP", b"eXIf", b"IEND"


def strip_png(data: bytes, exif: bytes = b"") -> Stripped:
    """The file without text, times, EXIF and unknown chunks, and without what follows its end.

    Args:
        data: the file.
        exif: an EXIF block to put in, or nothing.

    Raises:
        BrokenOffError: it is none, or is cut off.
    """
    kept, dropped, found, end = [_MAGIC], [], b"", 0
    for kind, body, stop in _chunks(data):
        if kind == _PROFILE:
            # Its name is a word of whoever made it.
            name, _, profile = body.partition(b"\0")
            dropped += [] if name == b"ICC" else ["name of the colour profile"]
            kept.append(_chunk(_PROFILE, b"ICC\0" + profile))
        elif kind in _NEEDED:
            kept.append(_chunk(kind, body))
        else:
            dropped.append("EXIF" if kind == _EXIF else f"chunk {kind.decode('latin-1')}")
            found = body if kind == _EXIF else found
        end = stop
        if kind == b"IHDR" and exif:
            kept.append(_chunk(_EXIF, exif))
        if kind == _END:
            break
    else:
        raise BrokenOffError
    if data[end:].strip(b"\0"):
        dropped.append("bytes after its end")
    return Stripped(b"".join(kept), tuple(dropped), found)


def _chunks(data: bytes) -> Iterator[tuple[bytes, bytes, int]]:
    """Kind, body and end of every chunk."""
    place = len(_MAGIC)
    if not data.startswith(_MAGIC):
        raise BrokenOffError
    while place + 12 <= len(data):
        size = int.from_bytes(data[place : place + 4], "big")
        stop = place + 12 + size
        if stop > len(data):
            raise BrokenOffError
        yield data[place + 4 : place + 8], data[place + 8 : stop - 4], stop
        place = stop


def _chunk(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))
