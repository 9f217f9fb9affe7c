"""What a viewer should know of a DICOM picture before believing it, as sentences.

Source: DICOM PS3.3 sections C.9.2 (Overlay Plane), C.7.6.10 (Mask), C.8.11.1 (Presentation Intent Type),
C.7.6.1 (Burned In Annotation), C.7.3.1.1.2 (Patient Position).
"""

from __future__ import annotations

from collections.abc import Iterator

from tools.files.dicom.display import text
from tools.files.dicom.frames import Frame
from tools.files.dicom.mosaic import is_mosaic
from tools.files.dicom.orientation import unusual

# Source: PS3.3 section C.9.2: overlay planes lie in the even groups 6000 to 601E, their data in (60xx,3000).
_OVERLAY_GROUPS = range(0x6000, 0x6020, 2)
_OVERLAY_DATA, _OVERLAY_ROWS = 0x3000, 0x0010

_LYING = {"P": "on the belly (prone)", "DR": "on the right side", "DL": "on the left side"}

FOR_PROCESSING = (
    "The file is marked FOR PROCESSING: raw data of the detector, not made for reading; a picture made for "
    "reading looks different."
)
BURNED_IN = "The file says that text is burned into the picture; it may hold names or other identifiers."
SUBTRACTED = (
    "The file is a subtraction series (DSA) with a mask; its frames are shown as recorded, unsubtracted."
)
UNSPLIT = (
    "The file is a mosaic of many slices in one picture; its header does not say how to take them apart."
)


def overlays(frame: Frame) -> int:
    """How many graphic overlays the file carries."""
    ds = frame.header.ds
    return sum((group, _OVERLAY_DATA) in ds or (group, _OVERLAY_ROWS) in ds for group in _OVERLAY_GROUPS)


def told(frame: Frame) -> list[str]:
    """The sentences for one frame; most hold for all of its file."""
    return list(_told(frame))


def _told(frame: Frame) -> Iterator[str]:
    flat, ds = frame.flat, frame.header.ds
    turned = unusual(flat)
    if turned:
        yield turned
    lying = _LYING.get(text(flat, "PatientPosition")[2:])
    if lying:
        yield f"The patient lay {lying}, by Patient Position in the file."
    count = overlays(frame)
    if count:
        has = "a graphic overlay" if count == 1 else f"{count} graphic overlays"
        yield f"The file carries {has} (drawings or annotations on top of the pixels), not shown here."
    if ds.get("MaskSubtractionSequence") or text(flat, "RecommendedViewingMode") == "SUB":
        yield SUBTRACTED
    if text(flat, "PresentationIntentType") == "FOR PROCESSING":
        yield FOR_PROCESSING
    if text(flat, "BurnedInAnnotation") == "YES":
        yield BURNED_IN
    if is_mosaic(ds) and frame.header.mosaic is None:
        yield UNSPLIT
