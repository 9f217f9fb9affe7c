"""Kinds of JPEG that are sound and are not read: named, so that no file is called damaged for them."""

from __future__ import annotations

from pathlib import Path

from store.errors import CaseError

# Source: ITU-T T.81 table B.1 (markers): start of frame, and those that stand alone.
_FRAMES = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
_LOSSLESS = {0xC3, 0xC7, 0xCB, 0xCF}
_ALONE = {0x01, *range(0xD0, 0xD9)}
_START_OF_SCAN = 0xDA
# JPEG-LS, ITU-T T.87: its own start of frame.
_JPEG_LS = 0xF7
_HEAD = 1024 * 1024
_EIGHT = 8


def refuse_unread_jpeg(path: Path) -> None:
    """Refuse a JPEG of more than 8 bits or one of a lossless kind.

    Raises:
        CaseError: it is one of these.
    """
    with path.open("rb") as file:
        marker, bits = _frame(file.read(_HEAD))
    if marker == _JPEG_LS:
        kind = "a JPEG-LS picture"
    elif marker in _LOSSLESS:
        kind = "a lossless JPEG"
    elif marker in _FRAMES and bits != _EIGHT:
        kind = f"a JPEG of {bits} bits per sample"
    else:
        return
    raise CaseError(f"This file is {kind}, which is read only inside DICOM. Export it as PNG.")


def _frame(data: bytes) -> tuple[int, int]:
    """(marker, bits per sample) of the first frame; (0, 0) if none comes."""
    at = 2
    while at + 5 <= len(data) and data[at] == 0xFF:
        marker = data[at + 1]
        if marker in _FRAMES or marker == _JPEG_LS:
            return marker, data[at + 4]
        if marker == 0xFF:  # fill byte
            at += 1
        elif marker in _ALONE:
            at += 2
        elif marker == _START_OF_SCAN:
            break
        else:
            at += 2 + int.from_bytes(data[at + 2 : at + 4], "big")
    return 0, 0
