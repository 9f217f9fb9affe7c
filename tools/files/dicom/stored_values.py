"""Cells to values: which bits of a cell are the stored value, and which colours three of them are.

A cell is what one sample takes up: Bits Allocated wide where pixels are written as they are, and as wide
as the precision that a compressed frame states. Bits outside the stored ones may hold anything, such as
an overlay, and never count.

Source: DICOM PS3.5 sections 8.1.1 (Bits Allocated, Bits Stored, High Bit), 8.2 (compressed frames).
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from tools.files.dicom.codestream import Codestream
from tools.files.dicom.colour import to_rgb
from tools.files.dicom.pixel_header import PixelHeader


def stored_bits(
    cells: NDArray[Any], *, bits: int, above_last: int, filled: int, signed: bool
) -> NDArray[Any]:
    """Take the stored values out of their cells.

    Args:
        cells: any shape, integers as wide as the container they came in.
        bits: how many bits of a cell are the value (Bits Stored).
        above_last: how many bits lie up to and with its highest one (High Bit + 1). Fewer than `bits`
            cannot be, and the value is then the lowest bits.
        filled: how many bits of a cell were written at all. Where that is fewer than `above_last`, the
            value was moved to the lowest bits before it was compressed.
        signed: the value is in two's complement.

    Returns:
        The same shape, as wide as `cells`, signed as asked.
    """
    wide = cells.dtype.itemsize * 8
    shift = max(0, above_last - bits) if filled >= above_last else 0
    bits = min(bits, wide - shift)
    plain = cells.view(f"u{cells.dtype.itemsize}")
    kind = np.dtype(f"{'i' if signed else 'u'}{cells.dtype.itemsize}")
    unused_above = wide - bits - shift
    if not unused_above and not shift:
        return plain.view(kind)
    moved: NDArray[Any] = np.left_shift(plain, unused_above).view(kind)
    np.right_shift(moved, wide - bits, out=moved)
    return moved


def frame_of(
    cells: NDArray[Any],
    header: PixelHeader,
    filled: int,
    *,
    head: Codestream | None = None,
    label_is_true: bool = True,
) -> NDArray[Any]:
    """Values out of their cells, colours as RGB.

    Args:
        cells: of one frame.
        header: describes them.
        filled: how many bits of a cell were written.
        head: of the compressed frame they came from.
        label_is_true: whether Photometric Interpretation can be right.
    """
    signed = header.signed if header.signed is not None else bool(head and head.signed)
    bits, above_last = header.stored, header.above_last
    if filled > header.allocated:  # the frame holds more than the header has room for
        bits = above_last = filled
    if head is not None and head.family in ("JPEG 2000", "JPEG-LS"):
        bits = min(bits, filled)
    values = stored_bits(
        cells, bits=bits, above_last=above_last, filled=filled, signed=signed and header.samples == 1
    )
    if header.samples == 3:
        return to_rgb(
            values, bits=bits, photometric=header.photometric, head=head, label_is_true=label_is_true
        )
    return values
