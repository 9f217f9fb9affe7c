"""Pixels that are not square, made square: what is round in the patient is round in the picture.

The coarser of the two directions is filled up to the finer one, so that no detail is lost. Brightness is
interpolated for display; values that are counted or measured are repeated and never mixed.

Source: DICOM PS3.3 sections C.7.6.3.1.7 (Pixel Aspect Ratio) and 10.7.1.3 (Pixel Spacing).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from store.pictures.image import Pixels
from tools.files.arrays.limits import ReadLimits

# Ours: a circle whose axes differ by less than one in a hundred looks round and measures round.
_SQUARE_ENOUGH = 0.01
# Ours: wider than any scanner's voxel is long; beyond it the header is a slip.
_BELIEVED = 50.0


@dataclass(frozen=True)
class Squaring:
    """From stored rows and columns to square pixels.

    Attributes:
        stored: (rows, columns) in the file.
        shape: (rows, columns) shown.
    """

    stored: tuple[int, int]
    shape: tuple[int, int]

    @property
    def changes(self) -> bool:
        """Whether anything is resampled."""
        return self.stored != self.shape

    def picture(self, frame: Pixels) -> Pixels:
        """``(H, W[, 3])`` uint8 with square pixels, interpolated."""
        from PIL import Image as PillowImage

        if not self.changes:
            return frame
        resized = PillowImage.fromarray(np.ascontiguousarray(frame)).resize(
            self.shape[::-1], PillowImage.Resampling.BILINEAR
        )
        return np.asarray(resized)

    def values(self, frame: NDArray[Any]) -> NDArray[Any]:
        """``(H, W)`` of any type with square pixels, each the nearest stored value."""
        if not self.changes:
            return frame
        rows, columns = (
            ((np.arange(new) + 0.5) * old / new).astype(int)
            for old, new in zip(self.stored, self.shape, strict=True)
        )
        return np.asarray(frame[np.ix_(rows, columns)])

    def spacing(self, spacing: tuple[float, float] | None) -> tuple[float, float] | None:
        """The (row, column) spacing after resampling: that of the direction which was left as stored."""
        if spacing is None or not self.changes:
            return spacing
        kept = spacing[1] if self.stored[1] == self.shape[1] else spacing[0]
        return kept, kept


def squared(
    stored: tuple[int, int], aspect: tuple[float, float] | None, frames: int, samples: int, limits: ReadLimits
) -> Squaring:
    """How a picture is to be resampled.

    Args:
        stored: (rows, columns).
        aspect: the size of a pixel, (down, across) in any unit; None where the file does not say.
        frames: how many there are.
        samples: 3 for colour, else 1.
        limits: a picture that would grow beyond them is made smaller in the finer direction instead.
    """
    if aspect is None or min(aspect) <= 0:
        return Squaring(stored, stored)
    down, across = aspect
    ratio = down / across
    if abs(ratio - 1) < _SQUARE_ENOUGH or not 1 / _BELIEVED <= ratio <= _BELIEVED:
        return Squaring(stored, stored)
    rows, columns = stored
    larger = (round(rows * ratio), columns) if ratio > 1 else (rows, round(columns / ratio))
    pixels = larger[0] * larger[1]
    if pixels <= limits.max_pixels and frames * pixels * samples <= limits.max_total_voxels:
        return Squaring(stored, larger)
    smaller = (rows, round(columns / ratio)) if ratio > 1 else (round(rows * ratio), columns)
    return Squaring(stored, (max(1, smaller[0]), max(1, smaller[1])))


def resampled_note(squaring: Squaring, aspect: tuple[float, float], unit: str) -> str:
    """The sentence that tells of it; numbers are wide × high.

    Args:
        squaring: one that changes something.
        aspect: (down, across) size of a pixel.
        unit: of `aspect`, such as ``" mm"``; empty for a mere ratio.
    """
    (old_rows, old_columns), (rows, columns) = squaring.stored, squaring.shape
    return (
        f"Its pixels are not square ({aspect[1]:.4g} × {aspect[0]:.4g}{unit}, wide × high), so the picture "
        f"was resampled from {old_columns} × {old_rows} to {columns} × {rows} square pixels."
    )
