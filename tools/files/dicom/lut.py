"""Look-up tables of a header: the modality LUT and the VOI LUT.

Both are written the same way, and both are written wrong in the same ways: the first value mapped loses
its sign in an implicit header, entries of 8 bits lie two in a word or one, and the stated depth is more
than the entries use.

Source: DICOM PS3.3 sections C.11.1.1 (Modality LUT), C.11.2.1.1 (VOI LUT); PS3.5 section 8.1.1 (bytes in
words).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from pydicom import Dataset

_WORD = 2**16
_BIG_ENDIAN = "1.2.840.10008.1.2.2"

# Ours. A table that ends within a twentieth of a smaller full range was made for that range; one that
# stays below an eighth of its own could only show black.
_NEARLY_FULL, _FULL_FROM, _DARK_FROM = 0.95, 2, 3


@dataclass(frozen=True)
class Lut:
    """One table.

    Attributes:
        first: the value that the first entry stands for.
        entries: ``(N,)`` uint16.
        bits: how many bits its entries use: white is ``2**bits - 1``.
        declared: how many the header says.
    """

    first: int
    entries: NDArray[np.uint16]
    bits: int
    declared: int

    def look_up(self, values: NDArray[Any]) -> NDArray[np.uint16]:
        """The entry of each value; below the first and above the last the nearest one.

        Args:
            values: any shape, any real type; NaN takes the first entry.
        """
        places = np.rint(np.nan_to_num(values, nan=float(self.first))) - self.first
        found: NDArray[np.uint16] = self.entries[np.clip(places, 0, len(self.entries) - 1).astype(np.int32)]
        return found


def read_lut(item: Dataset, *, possible: tuple[float, float], header: Dataset) -> Lut | None:
    """Read one item of a LUT sequence; None where its table is missing or shorter than it says.

    Args:
        item: holds LUT Descriptor and LUT Data.
        possible: the lowest and highest value that may be looked up.
        header: of the file, whose transfer syntax tells the order of bytes.
    """
    return lut_of(
        item.get("LUTDescriptor"), item.get("LUTData"), possible=possible, big_endian=is_big_endian(header)
    )


def lut_of(descriptor: Any, data: Any, *, possible: tuple[float, float], big_endian: bool) -> Lut | None:
    """Build a table from the values of a descriptor and a data element; None as `read_lut`."""
    if descriptor is None or data is None:
        return None
    count, first, declared = _descriptor(descriptor)
    count = count or _WORD
    entries = _entries(_words(data, big_endian=big_endian), count)
    if entries is None or not 0 < declared <= 16:
        return None
    return Lut(
        first_mapped(first, count, possible), entries, used_bits(int(entries.max()), declared), declared
    )


def is_big_endian(header: Dataset) -> bool:
    """Whether words of the file are written with the high byte first."""
    return str(header.file_meta.TransferSyntaxUID) == _BIG_ENDIAN


def first_mapped(written: int, count: int, possible: tuple[float, float]) -> int:
    """The first value mapped, with the sign that its 16 bits are meant to have.

    A header in implicit VR does not write the sign, and writers of explicit ones get it wrong. The reading
    that covers more of the possible values counts; where both cover as much, a negative number is meant
    where values may be negative.

    Source: DICOM PS3.3 section C.11.2.1.1 (signed where the rescaled values may be negative).

    Args:
        written: the number as read, signed or not.
        count: entries of the table.
        possible: the lowest and highest value that may be looked up.
    """
    low, high = possible
    plain = written % _WORD
    readings = [plain] if plain < _WORD // 2 else [plain, plain - _WORD]
    if low < 0:
        readings.reverse()
    return max(readings, key=lambda first: min(high, first + count - 1) - max(low, first))


def used_bits(highest: int, declared: int) -> int:
    """How many bits the entries of a table use, at least 8.

    Args:
        highest: entry.
        declared: depth in the descriptor.
    """
    needed = max(8, highest.bit_length())
    spare = declared - needed
    full = highest >= _NEARLY_FULL * (2**needed - 1)
    return needed if spare < 0 or spare >= _DARK_FROM or (full and spare >= _FULL_FROM) else declared


def _descriptor(value: Any) -> tuple[int, int, int]:
    if isinstance(value, bytes):
        value = np.frombuffer(value, "<u2")
    count, first, declared = (int(number) for number in value)
    return count % _WORD, first, declared


def _words(value: Any, *, big_endian: bool) -> NDArray[np.uint16]:
    if isinstance(value, bytes):
        return np.frombuffer(value + b"\0" * (len(value) % 2), ">u2" if big_endian else "<u2").astype("<u2")
    return np.atleast_1d(np.asarray(value, dtype=np.int64)).astype("<u2")


def _entries(words: NDArray[np.uint16], count: int) -> NDArray[np.uint16] | None:
    """One entry a word, or two of 8 bits where the words are half as many, the low byte first."""
    if len(words) >= count:
        return words[:count]
    if len(words) == (count + 1) // 2:
        return words.view(np.uint8)[:count].astype(np.uint16)
    return None
