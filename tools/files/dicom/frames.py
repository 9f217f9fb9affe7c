"""One frame of a DICOM file or one slice of a series, with the header that holds for it and where it lies.

Source: DICOM PS3.3 sections C.7.6.16 (Multi-frame Functional Groups), C.7.6.2.1.1 (Image Position and Image
Orientation (Patient)).
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from tools.files.arrays.limits import DAMAGE
from tools.files.dicom import technique
from tools.files.dicom.display import flat_header, number, text
from tools.files.dicom.headers import Header
from tools.files.dicom.orientation import normal_of

if TYPE_CHECKING:
    from pydicom import Dataset

# Read of a frame besides what ``tools.files.dicom.display`` reads to show it.
_KEYWORDS = (
    *(
        "ImagePositionPatient",
        "SliceLocation",
        "InstanceNumber",
        "SpacingBetweenSlices",
        "PatientOrientation",
    ),
    *("PixelAspectRatio", "NominalScannedPixelSpacing", "ViewCodeSequence", "AnatomicRegionSequence"),
    *("AcquisitionNumber", "TemporalPositionIdentifier", "TriggerTime"),
    *(
        "PresentationIntentType",
        "BurnedInAnnotation",
    ),
    *("MaskSubtractionSequence", "RecommendedViewingMode"),
    *technique.KEYWORDS,
)
_GROUPS = {
    "PlanePositionSequence": ("ImagePositionPatient",),
    "FrameContentSequence": ("StackID", "FrameAcquisitionNumber", "TemporalPositionIndex"),
    "MREchoSequence": ("EffectiveEchoTime",),
    "MRModifierSequence": ("InversionTimes",),
    "CardiacSynchronizationSequence": ("NominalCardiacTriggerDelayTime",),
    "MRDiffusionSequence": ("DiffusionBValue",),
    "FrameAnatomySequence": ("FrameLaterality", "AnatomicRegionSequence"),
    "CTXRayDetailsSequence": ("KVP", "FocalSpots", "FilterMaterial"),
    **technique.GROUPS,
}


@dataclass(frozen=True)
class Frame:
    """One frame, with its header.

    Attributes:
        header: of its file.
        number: which frame of the file, 0-based.
        flat: the header with the functional groups of this frame laid on top.
    """

    header: Header
    number: int
    flat: Dataset

    @cached_property
    def normal(self) -> NDArray[np.float64] | None:
        """Unit vector across it, or None."""
        return normal_of(self.flat)

    @cached_property
    def position(self) -> NDArray[np.float64] | None:
        """``(3,)`` place of its first pixel in the patient in mm, or None where the file gives none."""
        numbers = [number(self.flat, "ImagePositionPatient", i) for i in range(3)]
        return None if None in numbers else np.array(numbers, dtype=np.float64)


def frames_of(header: Header) -> list[Frame]:
    """Every frame of a file, in its order. The tiles of a mosaic share one header."""
    if header.mosaic:
        flat = frame_header(header.ds, 0)
        if "ImagePositionPatient" in flat:
            del flat.ImagePositionPatient  # that of the whole mosaic, which lies nowhere
        return [Frame(header, n, flat) for n in range(header.frames)]
    return [Frame(header, n, frame_header(header.ds, n)) for n in range(header.frames)]


def frame_header(ds: Dataset, frame: int) -> Dataset:
    """All that is read of one frame's header: what is shared by the file, then the frame's own.

    Args:
        ds: the file's header.
        frame: 0-based.
    """
    flat = flat_header(ds, frame)
    _lay_on(flat, ds, _KEYWORDS)
    for name, item in (("SharedFunctionalGroupsSequence", 0), ("PerFrameFunctionalGroupsSequence", frame)):
        groups = ds.get(name)
        if groups and item < len(groups):
            for group, keywords in _GROUPS.items():
                for inner in groups[item].get(group) or ():
                    _lay_on(flat, inner, keywords)
    return flat


def _lay_on(flat: Dataset, ds: Dataset, keywords: tuple[str, ...]) -> None:
    for keyword in keywords:
        try:
            flat[keyword] = ds[keyword]
        except DAMAGE:
            continue


def instance(frame: Frame) -> tuple[str, int] | None:
    """What makes a frame one of a kind: its file's SOP Instance UID and its number; None without a UID."""
    uid = text(frame.header.ds, "SOPInstanceUID")
    return (uid, frame.number) if uid else None
