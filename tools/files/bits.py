"""How many bits a sample of an ordinary picture has in its file, which may be more than are shown."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from PIL import Image as PillowImage

DEEP_COLOUR = "The file has {} bits per colour sample; the picture shows the upper 8."

# Source: TIFF 6.0, tags 258 BitsPerSample and 339 SampleFormat with its values.
_BITS_PER_SAMPLE, _SAMPLE_FORMAT = 258, 339
_FORMATS = {2: " (signed)", 3: " (floating point)"}

# Source: PNG (W3C), IHDR follows the signature; its bit depth is the ninth byte of its data.
_PNG_DEPTH_AT = 24
# Source: Windows BITMAPFILEHEADER, then BITMAPCOREHEADER (12 bytes) or BITMAPINFOHEADER.
_BMP_HEADER_AT, _BMP_CORE, _BMP_CORE_BITS_AT, _BMP_BITS_AT = 14, 12, 24, 28
# Source: AV1 Codec ISO Media File Format Binding, av1C: high_bitdepth and twelve_bit in its third byte.
_AV1C, _HIGH, _TWELVE = b"av1C", 0x40, 0x20

_HEAD = 64 * 1024
_EIGHT = 8


def bits_per_sample(picture: PillowImage.Image, file_type: str, path: Path) -> str:
    """The bits of a sample as the file has them, such as ``8``, ``16`` or ``32 (floating point)``.

    Args:
        picture: opened, at its first frame.
        file_type: as `tools.files.file_type.recognise` names it.
        path: the file.
    """
    bits, suffix = _stored(picture, file_type, path)
    if picture.mode in ("P", "PA") and bits <= _EIGHT:
        return f"8 (palette, {bits} per pixel)"
    return f"{bits}{suffix}"


def deep_colour(picture: PillowImage.Image, bits: str) -> str | None:
    """The sentence for a colour picture that has more bits than are shown, or None."""
    more = bits.isdigit() and int(bits) > _EIGHT
    return DEEP_COLOUR.format(bits) if more and picture.mode not in ("I", "F", "I;16") else None


def _stored(picture: PillowImage.Image, file_type: str, path: Path) -> tuple[int, str]:
    if file_type == "TIFF":
        return _of_tiff(getattr(picture, "tag_v2", {}))
    if file_type == "HEIC":
        return int(picture.info.get("bit_depth", _EIGHT)), ""
    with path.open("rb") as file:
        head = file.read(_HEAD)
    if file_type == "PNG":
        return head[_PNG_DEPTH_AT], ""
    if file_type == "BMP":
        return _of_bmp(head), ""
    return (_of_avif(head) if file_type == "AVIF" else _EIGHT), ""


def _of_tiff(tags: Any) -> tuple[int, str]:
    bits = tags.get(_BITS_PER_SAMPLE, (1,))
    kind = tags.get(_SAMPLE_FORMAT, (1,))
    first = kind[0] if isinstance(kind, tuple) else kind
    return int(bits[0] if isinstance(bits, tuple) else bits), _FORMATS.get(int(first), "")


def _of_bmp(head: bytes) -> int:
    core = int.from_bytes(head[_BMP_HEADER_AT : _BMP_HEADER_AT + 4], "little") == _BMP_CORE
    at = _BMP_CORE_BITS_AT if core else _BMP_BITS_AT
    bits = int.from_bytes(head[at : at + 2], "little")
    return {16: 5}.get(bits, min(bits, _EIGHT))


def _of_avif(head: bytes) -> int:
    at = head.find(_AV1C)
    if at < 0 or at + 7 > len(head):
        return _EIGHT
    flags = head[at + 6]
    return _EIGHT if not flags & _HIGH else 12 if flags & _TWELVE else 10
