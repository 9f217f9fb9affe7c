"""Siemens mosaics: the slices of one volume laid out as tiles of one picture, and taken apart again.

Image Type names a mosaic, its private header says how many tiles are filled. nibabel reads that header.

Source: nibabel, "Siemens mosaic format"; DICOM PS3.3 section C.8.3.1 (Acquisition Matrix).
"""

from __future__ import annotations

import math
import warnings
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from numpy.typing import NDArray

from tools.files.arrays.limits import DAMAGE

if TYPE_CHECKING:
    from pydicom import Dataset

# Ours: no scanner acquires more slices at once, and a header that says so is mistyped.
_MOST_TILES = 1024


@dataclass(frozen=True)
class Mosaic:
    """Tiles of one picture, left to right and then down.

    Attributes:
        count: how many are filled.
        side: how many lie side by side, and above each other.
        shape: (rows, columns) of one.
    """

    count: int
    side: int
    shape: tuple[int, int]

    def cut(self, stored: NDArray[Any]) -> list[NDArray[Any]]:
        """The tiles of ``(H, W)``, each ``(rows, columns)``, in their order."""
        rows, columns = self.shape
        places = [divmod(tile, self.side) for tile in range(self.count)]
        return [stored[r * rows : (r + 1) * rows, c * columns : (c + 1) * columns] for r, c in places]


def is_mosaic(ds: Dataset) -> bool:
    """Whether Image Type names a mosaic."""
    try:
        return "MOSAIC" in [str(value).strip().upper() for value in ds.get("ImageType") or ()]
    except DAMAGE:
        return False


def mosaic_of(ds: Dataset) -> Mosaic | None:
    """How a mosaic is taken apart; None for any other file, and where its header does not say."""
    if not is_mosaic(ds) or int(ds.get("NumberOfFrames") or 1) != 1:
        return None
    count = _stated_count(ds)
    side = math.isqrt(count - 1) + 1 if count else _side_by_matrix(ds)
    if not side or side < 2:
        return None
    rows, columns = int(ds.get("Rows") or 0), int(ds.get("Columns") or 0)
    if not rows or not columns or rows % side or columns % side:
        return None
    return Mosaic(count or side * side, side, (rows // side, columns // side))


def _stated_count(ds: Dataset) -> int:
    """How many tiles are filled, by the private header; 0 where it does not say."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # nibabel calls this reader experimental
        from nibabel.nicom import csareader

    try:
        block = ds.private_block(0x0019, "SIEMENS MR HEADER")
        count = int(block[0x0A].value)
    except DAMAGE:
        try:
            csa = csareader.get_csa_header(ds, "image")
            count = int(csareader.get_n_mosaic(csa) or 0) if csa else 0
        except (*DAMAGE, csareader.CSAError):
            return 0
    return count if 1 < count <= _MOST_TILES else 0


def _side_by_matrix(ds: Dataset) -> int:
    """How many tiles lie side by side if each is as large as the acquired matrix; 0 if none fits."""
    try:
        sizes = {int(value) for value in ds.get("AcquisitionMatrix") or () if int(value)}
        rows, columns = int(ds.Rows), int(ds.Columns)
    except DAMAGE:
        return 0
    fits = {columns // n for n in sizes if not columns % n and not rows % (columns // n)}
    return max(fits, default=0)
