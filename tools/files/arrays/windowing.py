"""Values to display brightness where the file names no window: robust percentiles, never saturation."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from store.pictures.image import Pixels
from store.pictures.window import Window

# Ours: half a percent at each end lets go of burnt-in marks and dead pixels and no more. On the 16-bit
# radiographs and CT slices tried, 1 % already clipped bone.
LOW_PERCENT, HIGH_PERCENT = 0.5, 99.5

_ENOUGH = 1_000_000
_SINGLE_IS_EXACT = 2**22


def percentile_window(values: NDArray[Any]) -> tuple[float, float]:
    """The range to show: the 0.5th to the 99.5th percentile of the finite values.

    Args:
        values: any shape, any real type; NaN and infinity are left out.

    Returns:
        (low, high), with ``high > low`` unless all values are equal. ``(0, 0)`` if none is finite.
    """
    flat = values.reshape(-1)
    flat = flat[:: max(1, flat.size // _ENOUGH)]
    finite = flat[np.isfinite(flat)] if flat.dtype.kind == "f" else flat
    if finite.size == 0:
        return 0.0, 0.0
    low, high = (float(v) for v in np.percentile(finite, [LOW_PERCENT, HIGH_PERCENT]))
    return (low, high) if high > low else (float(finite.min()), float(finite.max()))


def between(low: float, high: float) -> Window | None:
    """The window that shows what `to_uint8` shows; None where both ends are one."""
    return Window((low + high) / 2, high - low, "LINEAR_EXACT") if high > low else None


def to_uint8(values: NDArray[Any], low: float, high: float) -> Pixels:
    """Map ``low … high`` to 0 … 255 linearly and clip; NaN becomes 0.

    Args:
        values: any shape, any real type.
        low: shown black, with everything below.
        high: shown white, with everything above. Equal to `low`: all that exceeds it is white.
    """
    if not high > low:
        return np.where(values > low, np.uint8(255), np.uint8(0))
    exact = max(abs(low), abs(high)) < _SINGLE_IS_EXACT
    scaled: NDArray[Any] = values.astype(np.float32 if exact else np.float64)
    scaled -= low
    scaled *= 255.0 / (high - low)
    np.nan_to_num(scaled, copy=False, nan=0.0)
    np.clip(scaled, 0, 255, out=scaled)
    return np.asarray(np.rint(scaled, out=scaled), np.uint8)


def most_content(frames: Pixels) -> int:
    """Which slice of a stack to show first.

    The rule, ours: of the middle half of the stack, the slice whose brightness varies most (standard
    deviation). The middle shows the organ; the ends of a scan are often empty.
    """
    count = len(frames)
    middle = range(count // 4, count - count // 4)
    return max(middle, key=lambda i: float(np.asarray(frames[i])[::4, ::4].std()))
