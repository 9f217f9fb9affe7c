"""What of a header decides how a frame is shown, with the functional groups of that frame laid on top.

Source: DICOM PS3.3 section C.7.6.16 (functional groups).
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from store.pictures.window import Window
from tools.files.arrays.limits import DAMAGE

if TYPE_CHECKING:
    from pydicom import Dataset

_GROUPS = (
    *("PixelValueTransformationSequence", "FrameVOILUTSequence"),
    *("PixelMeasuresSequence", "PlaneOrientationSequence", "CTImageFrameTypeSequence"),
)

# All that is ever read of a header besides positions (``tools.files.series``) and the encoding of pixels.
_KEYWORDS = (
    *("Modality", "ImageType", "BodyPartExamined", "ViewPosition", "ImageLaterality", "Laterality"),
    *(
        "PatientPosition",
        "ImageOrientationPatient",
        "SliceThickness",
        "KVP",
        "MagneticFieldStrength",
        "Rows",
        "Columns",
    ),
    *("PixelSpacing", "PixelSpacingCalibrationType", "ImagerPixelSpacing", "SequenceOfUltrasoundRegions"),
    *("BitsAllocated", "BitsStored", "PixelRepresentation", "PhotometricInterpretation"),
    *("PixelPaddingValue", "PixelPaddingRangeLimit", "ModalityLUTSequence", "VOILUTSequence"),
    *("RescaleSlope", "RescaleIntercept", "RescaleType", "WindowCenter", "WindowWidth", "VOILUTFunction"),
    *("SOPClassUID", "FrameType", "PresentationLUTShape", "RealWorldValueMappingSequence"),
)


@dataclass
class Shown:
    """What is learnt while frames are shown, for `Image`: its notes, its facts, its window."""

    percentiles: tuple[float, float] | None = None
    window: str = ""
    padding: str = ""
    applied: Window | None = None
    inverted: bool = False
    notes: dict[str, None] = field(default_factory=dict)

    def note(self, sentence: str) -> None:
        """Remember a sentence once."""
        self.notes[sentence] = None


def number(ds: Dataset, keyword: str, position: int = 0) -> float | None:
    """One finite number of an element, or None where it is absent, empty or no number."""
    try:
        value = ds.get(keyword)
        if value is None or isinstance(value, str | bytes) or not hasattr(value, "__len__"):
            found = float(value) if position == 0 else None
        else:
            found = float(value[position])
    except DAMAGE:
        return None
    return found if found is not None and math.isfinite(found) else None


def text(ds: Dataset, keyword: str) -> str:
    """One coded text in capitals, or ``""``. Only ever looked up in a table, never passed on."""
    try:
        return str(ds.get(keyword) or "").strip().upper()
    except DAMAGE:
        return ""


def flat_header(ds: Dataset, frame: int) -> Dataset:
    """The header of one frame, with the functional groups of a multi-frame file laid on top.

    Args:
        ds: the file's header.
        frame: 0-based.
    """
    from pydicom import Dataset

    flat = Dataset()
    flat.file_meta = ds.file_meta
    _lay_on(flat, ds)
    for name, item in (("SharedFunctionalGroupsSequence", 0), ("PerFrameFunctionalGroupsSequence", frame)):
        groups = ds.get(name)
        if groups and item < len(groups):
            _lay_on(flat, groups[item])
            for group in _GROUPS:
                for inner in groups[item].get(group) or ():
                    _lay_on(flat, inner)
    return flat


def _lay_on(flat: Dataset, ds: Dataset) -> None:
    """Copy the elements on the list; one that is absent or cannot be read is left out."""
    for keyword in _KEYWORDS:
        try:
            flat[keyword] = ds[keyword]
        except DAMAGE:
            continue
