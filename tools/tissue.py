"""Shares of a CT slice by Hounsfield range. Needs HU from the file; says nothing about disease."""

from __future__ import annotations

import numpy as np

from store.pictures.image import Image
from store.records import Measurement

_AUBREY = "Aubrey et al., Acta Physiologica 2014;210:489-497, doi:10.1111/apha.12224"
_SCALE = "Hounsfield scale: water 0 HU, air -1000 HU (DICOM PS3.3 C.11.1.1.2)"

# Adipose tissue -190 to -30 HU and muscle -29 to 150 HU after Aubrey et al. 2014; what lies below
# and above those ranges is named for what fills it on an ordinary scan.
RANGES: tuple[tuple[str, float, float, str], ...] = (
    ("air and lung", -np.inf, -190.0, _SCALE),
    ("fat", -190.0, -29.5, _AUBREY),
    ("soft tissue and fluid", -29.5, 150.0, _AUBREY),
    ("bone, contrast medium or metal", 150.0, np.inf, _AUBREY),
)


def tissue_shares(image: Image, image_id: str) -> list[Measurement]:
    """Share of the slice in each range.

    Args:
        image: any image; only CT with HU gives a result.
        image_id: its id in the chat.

    Returns:
        One measurement per range, in percent of what was scanned (air around the patient included, what
        the file fills up around it left out); empty when the file gives no HU.
    """
    values = image.measured_values
    if values is None or values.size == 0 or image.unit != "HU":
        return []
    hu = np.asarray(values, dtype=np.float32)
    padded = image.frame_values is not None and values.size < image.frame_values.size
    of = "the scanned part of the slice" if padded else "the whole slice"
    records = []
    for name, low, high, source in RANGES:
        # Rounded once, so that whoever tells it without the decimal tells the same.
        share = round(100 * float(((hu >= low) & (hu < high)).mean()), 1)
        records.append(
            Measurement(
                image_id=image_id,
                name=name,
                value=share,
                unit="%",
                text=f"{share:.0f} % of {of if padded else 'the slice'} is {name}",
                definition=f"{_bound(low, high)} of {of}, air around the patient included",
                source=source,
            )
        )
    return records


def _bound(low: float, high: float) -> str:
    if low == -np.inf:
        return f"pixels below {high:.0f} HU"
    if high == np.inf:
        return f"pixels from {low:.0f} HU"
    return f"pixels from {low:.0f} to {high:.0f} HU"
