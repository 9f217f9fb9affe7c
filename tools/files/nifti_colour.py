"""NIfTI volumes whose voxels are colours: maps of fibre directions, screen captures, labels in colour.

Source: nifti1.h, NIFTI_TYPE_RGB24 (128) and NIFTI_TYPE_RGBA32 (2304); nibabel reads fields R, G, B, A.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from store.pictures.image import Pixels

SHOWN = "Its voxels are colours, shown as they are."


def is_colour(dtype: np.dtype[Any]) -> bool:
    """Whether voxels of this type are colours of 8 bits each."""
    return (dtype.names or ())[:3] == ("R", "G", "B")


def colours(plane: NDArray[Any]) -> Pixels:
    """``(rows, columns, 3)`` uint8 of a plane of coloured voxels; what is transparent lies on black."""
    rgb = np.stack([plane[name] for name in "RGB"], axis=-1)
    if "A" not in (plane.dtype.names or ()):
        return rgb
    return np.asarray(np.rint(rgb * (plane["A"][..., None] / 255.0)), np.uint8)
