"""What an EXIF block holds, by the names of its tags; and a new one that only says how a picture is turned.

Source: Exif 2.32 (CIPA DC-008), section 4.6.
"""

from __future__ import annotations

import struct

from tools.files.arrays.limits import DAMAGE

_ORIENTATION = 0x0112
_SHORT = 3


def tags_of(exif: bytes) -> tuple[list[str], int]:
    """The names of the tags that hold something, and how the picture is turned: 1 for upright.

    Args:
        exif: the block, from its TIFF header on; it may be damaged.
    """
    from PIL import ExifTags, Image

    block = Image.Exif()
    try:
        block.load(exif)
        found = dict(block.items())
        for inner in (ExifTags.IFD.Exif, ExifTags.IFD.GPSInfo):
            found |= {number: value for number, value in block.get_ifd(inner).items() if inner in found}
    except DAMAGE:
        return ["EXIF"], 1
    turned = found.pop(_ORIENTATION, 1)
    names = {**ExifTags.TAGS, **{number: name for number, name in ExifTags.GPSTAGS.items() if number < 32}}
    told = [f"EXIF.{names.get(number, f'0x{number:04x}')}" for number in found]
    return told, turned if turned in range(1, 9) else 1


def only_turned(orientation: int) -> bytes:
    """An EXIF block with nothing but the orientation; empty for an upright picture."""
    if orientation == 1:
        return b""
    entry = struct.pack("<HHIHH", _ORIENTATION, _SHORT, 1, orientation, 0)
    return b"II*\0" + struct.pack("<IH", 8, 1) + entry + struct.pack("<I", 0)
