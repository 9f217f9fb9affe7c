"""What a compressed frame says of itself, whatever the header around it says.

Source: ITU-T T.81 annex B (JPEG markers), T.87 annex C (JPEG-LS), T.800 annex A (JPEG 2000 markers SIZ and
COD) and annex I (the boxes of a JP2 file), JFIF 1.02, Adobe TN 5116 (APP14).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

Family = Literal["JPEG", "lossless JPEG", "JPEG-LS", "JPEG 2000"]
Colours = Literal["RGB", "YBR"]

_END_OF_IMAGE, _SCAN, _TILE_PART = 0xD9, 0xDA, 0x90
_APP0, _APP14 = 0xE0, 0xEE
# All start-of-frame markers but DHT, JPG and DAC, which share their range.
_FRAMES = {*range(0xC0, 0xD0), 0xF7} - {0xC4, 0xC8, 0xCC}
_LOSSLESS = {0xC3, 0xC7, 0xCB, 0xCF}
_J2K_START, _JP2_START = b"\xff\x4f\xff\x51", b"\x00\x00\x00\x0cjP  "
_COD = 0x52
# Source: DICOM PS3.5 section 8.2.4 needs no more; T.800 allows 38 bits.
_DEEPEST = 32


@dataclass(frozen=True)
class Codestream:
    """The head of one compressed frame.

    Attributes:
        family: which decoder it needs.
        rows: of the picture.
        columns: of the picture.
        samples: components per pixel.
        precision: bits of a sample.
        signed: samples are in two's complement; None where the format cannot say.
        colours: of three components once decoded, or None where it does not say.
    """

    family: Family
    rows: int
    columns: int
    samples: int
    precision: int
    signed: bool | None
    colours: Colours | None


def read_codestream(data: bytes) -> Codestream | None:
    """Read the head of a frame; None where it is none of the four families, or broken."""
    try:
        if data[:2] == b"\xff\xd8":
            return _jpeg(data)
        start = _first_codestream(data) if data.startswith(_JP2_START) else 0
        return _jpeg_2000(data[start:]) if data[start : start + 4] == _J2K_START else None
    except IndexError:
        return None


def _jpeg(data: bytes) -> Codestream | None:
    jfif, adobe = False, None
    for marker, body in _segments(data):
        jfif = jfif or (marker == _APP0 and body.startswith(b"JFIF\0"))
        if marker == _APP14 and body.startswith(b"Adobe") and len(body) >= 12:
            adobe = body[11]
        if marker in _FRAMES:
            parts = [body[6 + 3 * i : 9 + 3 * i] for i in range(body[5])]
            return Codestream(
                family=_family(marker),
                rows=int.from_bytes(body[1:3], "big"),
                columns=int.from_bytes(body[3:5], "big"),
                samples=body[5],
                precision=body[0],
                signed=None,
                colours=_jpeg_colours(parts, jfif=jfif, adobe=adobe) if len(parts) == 3 else None,
            )
    return None


def _family(marker: int) -> Family:
    if marker == 0xF7:
        return "JPEG-LS"
    return "lossless JPEG" if marker in _LOSSLESS else "JPEG"


def _segments(data: bytes) -> Iterator[tuple[int, bytes]]:
    """(marker, body) up to the first scan or tile."""
    at = 2
    while at + 4 <= len(data):
        if data[at] != 0xFF:
            return
        marker = data[at + 1]
        if marker == 0xFF:  # fill bytes may stand before a marker
            at += 1
            continue
        if marker in (_SCAN, _END_OF_IMAGE, _TILE_PART):
            return
        length = int.from_bytes(data[at + 2 : at + 4], "big")
        yield marker, data[at + 4 : at + 2 + length]
        at += 2 + length


def _jpeg_colours(parts: list[bytes], *, jfif: bool, adobe: int | None) -> Colours | None:
    if bytes(part[0] for part in parts).lower() == b"rgb":
        return "RGB"
    if len({part[1] for part in parts}) > 1:  # only colour differences are ever stored coarser
        return "YBR"
    if jfif:
        return "YBR"
    return None if adobe is None else ("YBR" if adobe else "RGB")


def _first_codestream(data: bytes) -> int:
    at = 0
    while at + 8 <= len(data):
        if data[at + 4 : at + 8] == b"jp2c":
            return at + 8
        length = int.from_bytes(data[at : at + 4], "big")
        if length < 8:
            break
        at += length
    return 0


def _jpeg_2000(data: bytes) -> Codestream | None:
    size = [int.from_bytes(data[at : at + 4], "big") for at in (8, 12, 16, 20)]
    samples, depth = int.from_bytes(data[40:42], "big"), data[42]
    if (depth & 0x7F) >= _DEEPEST:
        return None
    return Codestream(
        family="JPEG 2000",
        rows=size[1] - size[3],
        columns=size[0] - size[2],
        samples=samples,
        precision=(depth & 0x7F) + 1,
        signed=bool(depth & 0x80),
        colours="RGB" if samples == 3 and _component_transform(data) else None,
    )


def _component_transform(data: bytes) -> bool:
    """Whether decoding turns three components into RGB, whatever they were called."""
    return any(marker == _COD and len(body) > 4 and body[4] == 1 for marker, body in _segments(data))
