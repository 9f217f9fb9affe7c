"""Palette colours: stored values to RGB by three tables of the header.

Source: DICOM PS3.3 sections C.7.6.3.1.5 and C.7.6.3.1.6 (Palette Color Lookup Table Descriptor and Data),
C.7.9.2 (segmented tables).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from store.pictures.image import Pixels
from tools.files.dicom.lut import Lut, is_big_endian, lut_of, used_bits

if TYPE_CHECKING:
    from pydicom import Dataset

_COLOURS = ("Red", "Green", "Blue")


@dataclass(frozen=True)
class Palette:
    """Three tables and the bits that their entries use together."""

    tables: tuple[Lut, ...]
    bits: int

    def paint(self, stored: NDArray[Any]) -> Pixels:
        """Look up every value.

        Args:
            stored: ``(H, W)`` integers.

        Returns:
            ``(H, W, 3)`` uint8 RGB: the highest 8 bits of each entry.
        """
        channels = [table.look_up(stored) >> (self.bits - 8) for table in self.tables]
        return np.stack(channels, axis=-1).astype(np.uint8)


def read_palette(ds: Dataset, possible: tuple[float, float]) -> Palette | None:
    """Read the palette of a header; None where it has none or a table is shorter than it says.

    Args:
        ds: the header.
        possible: the lowest and highest value that may be stored.
    """
    if "SegmentedRedPaletteColorLookupTableData" in ds and "RedPaletteColorLookupTableData" not in ds:
        found = _segmented(ds, possible)
    else:
        found = [_table(ds, colour, possible) for colour in _COLOURS]
    tables = tuple(table for table in found if table is not None)
    if len(tables) < len(_COLOURS):
        return None
    highest = max(int(table.entries.max()) for table in tables)
    return Palette(tables, used_bits(highest, max(table.declared for table in tables)))


def _table(ds: Dataset, colour: str, possible: tuple[float, float]) -> Lut | None:
    descriptor = ds.get(f"{colour}PaletteColorLookupTableDescriptor")
    data = ds.get(f"{colour}PaletteColorLookupTableData")
    return lut_of(descriptor, data, possible=possible, big_endian=is_big_endian(ds))


def _segmented(ds: Dataset, possible: tuple[float, float]) -> list[Lut | None]:
    """Tables written as segments, drawn out by pydicom."""
    from pydicom.pixels import apply_color_lut

    count, first, declared = (int(number) for number in ds.RedPaletteColorLookupTableDescriptor)
    every = first + np.arange(count or 2**16)
    drawn = np.asarray(apply_color_lut(every[None], ds))[0, :, :3].astype("<u2")
    return [
        lut_of([count, first, declared], drawn[:, i].tobytes(), possible=possible, big_endian=False)
        for i in range(len(_COLOURS))
    ]
