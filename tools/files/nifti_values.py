"""What a NIfTI header says of its values: how they are scaled, and how far volumes are apart in time."""

from __future__ import annotations

from typing import Any

import numpy as np

from store.errors import CaseError
from tools.files.nifti_colour import is_colour

_TO_MS = {"sec": 1000.0, "msec": 1.0, "usec": 0.001}
_NO_SCALE = (
    "The header of this NIfTI file has a slope for its values (scl_slope) and an intercept that is no number "
    "(scl_inter), so the values cannot be told. Correct the header, and send the file again."
)


def scaling(header: Any) -> tuple[float | None, float]:
    """(slope, intercept) as nibabel understands them; (None, 0) where values stand as stored.

    Raises:
        CaseError: there is a slope, and an intercept that is no number.
    """
    if is_colour(header.get_data_dtype()):
        return None, 0.0
    if np.isfinite(header["scl_slope"]) and header["scl_slope"] and not np.isfinite(header["scl_inter"]):
        raise CaseError(_NO_SCALE)
    slope, inter = header.get_slope_inter()
    if slope in (None, 0) or (slope == 1 and not inter):
        return None, 0.0
    return float(slope), float(inter or 0.0)


def apart_ms(header: Any) -> float | None:
    """The time from one volume to the next, or None where the header names no unit of time."""
    unit = _TO_MS.get(header.get_xyzt_units()[1])
    step = float(header["pixdim"][4])
    return step * unit if unit and np.isfinite(step) and step > 0 else None
