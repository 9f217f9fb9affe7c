"""Which pixels a file says hold nothing that was measured: its padding.

Source: DICOM PS3.3 section C.7.5.1.1.2 (Pixel Padding Value and Range Limit, in stored values; after lossy
compression a value may be another than was written), C.8.2.1.1.3 to .5 (a CT's rescale), C.7.6.1.1.5.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from tools.files.dicom.display import number, text
from tools.files.dicom.hounsfield import is_hounsfield
from tools.files.dicom.pixel_header import possible_stored
from tools.files.dicom.terms import LOSSY_SYNTAXES

if TYPE_CHECKING:
    from pydicom import Dataset

# Ours: air is -1000 HU by the unit's definition, and what scanners store of it reaches down to -1024.
_LOWEST_HU = -1024.0


def may_have_lost(flat: Dataset, syntax: str) -> bool:
    """Whether compression may have changed stored values, by what the file says and how it is encoded."""
    return syntax in LOSSY_SYNTAXES or text(flat, "LossyImageCompression") == "01"


def padding_of(stored: NDArray[Any], flat: Dataset, *, lossy: bool = False) -> NDArray[np.bool_] | None:
    """Which pixels of a frame are padding, or None where none is.

    Args:
        stored: ``(H, W)`` as stored.
        flat: the frame's header.
        lossy: compression may have changed stored values. Of a CT then also counts as padding what lies
            beyond the scale and is nearer to the padding value than to the scale.
    """
    limits = _padding_limits(flat)
    if limits is None:
        return None
    low, high = _widened(limits, flat) if lossy else limits
    found: NDArray[np.bool_] = (stored >= low) & (stored <= high)
    return found if found.any() else None


def _padding_limits(flat: Dataset) -> tuple[float, float] | None:
    padding, limit = _as_stored(flat, "PixelPaddingValue"), _as_stored(flat, "PixelPaddingRangeLimit")
    return None if padding is None else _in_order(padding, padding if limit is None else limit)


def _in_order(one: float, other: float) -> tuple[float, float]:
    return min(one, other), max(one, other)


def padding_words(flat: Dataset, *, found: bool) -> str:
    """What the file says of padding and whether a frame has any; ``""`` where it names none."""
    limits = _padding_limits(flat)
    if limits is None:
        return ""
    low, high = limits
    values = f"the stored value {low:g}" if low == high else f"stored values from {low:g} to {high:g}"
    here = "pixels with it hold nothing that was measured" if found else "no pixel of the slice has it"
    return f"{values}; {here}"


def _as_stored(flat: Dataset, keyword: str) -> float | None:
    """A stored value named in the header, with the sign that stored values have."""
    written = number(flat, keyword)
    low, high = possible_stored(flat)
    if written is None or low <= written <= high:
        return written
    around = 2.0 ** (number(flat, "BitsAllocated") or 16)
    return next((v for v in (written - around, written + around) if low <= v <= high), written)


def without_padding(values: NDArray[Any], padding: NDArray[np.bool_] | None) -> NDArray[Any]:
    """The values that are not padding, flat; all of them where all are padding."""
    if padding is None or padding.all():
        return values.reshape(-1)
    return values[~padding]


def _widened(limits: tuple[float, float], flat: Dataset) -> tuple[float, float]:
    """The limits in which lossy compression may have left padding that lies below all Hounsfield units."""
    slope, intercept = number(flat, "RescaleSlope"), number(flat, "RescaleIntercept")
    if not slope or intercept is None or not is_hounsfield(flat, rescaled=True):
        return limits
    low, high = limits
    lowest = (_LOWEST_HU - intercept) / slope
    reach = (lowest - high if slope > 0 else low - lowest) / 2
    return (low - reach, high + reach) if reach > 0 else limits
