"""Uncompressed pixels: one frame cut out of a long row of bits, and its samples put in place.

Source: DICOM PS3.5 sections 8.1.1 (cells follow each other without a gap, also from frame to frame), 8.2.1
and PS3.3 section C.7.6.3.1.3 (Planar Configuration), C.7.6.3.1.2 (4:2:2), PS3.5 annex A.3 (big endian words).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tools.files.dicom.pixel_header import PixelHeader

Take = Callable[[int, int], bytes]
"""The bytes from one place to another, both even or the last one the end."""


@dataclass(frozen=True)
class Native:
    """Where the frames of a file lie.

    Attributes:
        header: describes them.
        take: gives their bytes.
        length: how many bytes there are.
        big_endian: the high byte of a word comes first.
        in_words: cells of 8 bits or less lie in words of 16 (VR OW).
    """

    header: PixelHeader
    take: Take
    length: int
    big_endian: bool
    in_words: bool

    @property
    def is_subsampled(self) -> bool:
        """Whether two pixels share their colour; not where there are three bytes for each."""
        header = self.header
        whole = header.rows * header.columns * header.frames * 3 * (header.allocated // 8)
        return header.photometric == "YBR_FULL_422" and self.length < whole

    @property
    def wanted(self) -> int:
        """How many bytes the header announces."""
        return (self._frame_bits * self.header.frames + 7) // 8

    def cells(self, index: int) -> NDArray[Any]:
        """One frame.

        Args:
            index: 0-based.

        Returns:
            ``(H, W)`` or ``(H, W, 3)`` unsigned cells as wide as the header says, at least 8 bits.
        """
        first = index * self._frame_bits
        start, stop = first // 8, (first + self._frame_bits + 7) // 8
        if self.big_endian and self.in_words and self.header.allocated <= 8:
            even = start - start % 2
            words = np.frombuffer(self.take(even, stop + stop % 2), ">u2")
            data = words.astype("<u2").tobytes()[start - even : stop - even]
        else:
            data = self.take(start, stop)
        if self.header.allocated == 1:
            bits = np.unpackbits(np.frombuffer(data, np.uint8), bitorder="little")[first % 8 :]
            return bits[: self.header.rows * self.header.columns].reshape(self.header.rows, -1)
        size = self.header.allocated // 8
        flat = np.frombuffer(data, f"{'>' if self.big_endian else '<'}u{size}").astype(
            f"<u{size}", copy=False
        )
        return arranged(flat, self.header, subsampled=self.is_subsampled)

    @property
    def _frame_bits(self) -> int:
        samples = 2 if self.is_subsampled else self.header.samples
        return self.header.rows * self.header.columns * samples * self.header.allocated


def arranged(flat: NDArray[Any], header: PixelHeader, *, subsampled: bool = False) -> NDArray[Any]:
    """The cells of one frame, one after the other, as ``(H, W)`` or ``(H, W, 3)``."""
    rows, columns = header.rows, header.columns
    if header.samples == 1:
        return flat.reshape(rows, columns)
    if subsampled:
        pairs = flat.reshape(-1, 4)  # two values of light, then the colour that both share
        full = np.stack([pairs[:, [0, 2, 3]], pairs[:, [1, 2, 3]]], axis=1)
        return full.reshape(rows, columns, 3)
    if header.planar:
        return np.moveaxis(flat.reshape(3, rows, columns), 0, -1)
    return flat.reshape(rows, columns, 3)
