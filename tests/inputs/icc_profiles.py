"""Colour profiles of our own: sRGB with its primaries exchanged, under any name."""

from __future__ import annotations

import struct

from PIL import ImageCms


def srgb() -> bytes:
    """Pillow's own sRGB profile."""
    return ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()


def swapped() -> bytes:
    """sRGB whose red and blue primaries changed places. It still calls itself sRGB."""
    data = bytearray(srgb())
    count = struct.unpack(">I", data[128:132])[0]
    places = {bytes(data[132 + 12 * i : 136 + 12 * i]): 132 + 12 * i for i in range(count)}
    data[places[b"rXYZ"] : places[b"rXYZ"] + 4] = b"bXYZ"
    data[places[b"bXYZ"] : places[b"bXYZ"] + 4] = b"rXYZ"
    return bytes(data)


def renamed(profile: bytes) -> bytes:
    """The same profile without the name sRGB."""
    return profile.replace("sRGB".encode("utf-16-be"), "zRGB".encode("utf-16-be"))
