"""What of a DICOM header may leave the reader: an allow-list of codes and numbers.

Codes are looked up in ``tools.files.dicom.terms`` and numbers are range-checked; no text of a header is ever
passed on. Names, identifiers, dates, institutions, descriptions and UIDs are not read at all.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from store.records import Modality
from tools.files.dicom.display import number, text
from tools.files.dicom.terms import (
    BODY_PARTS,
    KNOWN_MODALITY,
    LATERALITIES,
    MODALITIES,
    PATIENT_POSITIONS,
    TRANSFER_SYNTAXES,
    VIEWS,
)

if TYPE_CHECKING:
    from pydicom import Dataset

# Source: DICOM PS3.3 section C.8.5.5.1.15 (Physical Units: 3 is cm), C.8.5.5.1.1 (Region Spatial
# Format: 1 is 2D).
_CENTIMETRES, _TWO_DIMENSIONAL = 3.0, 1.0

_PROJECTION = ("DX", "CR", "MG", "RG", "IO", "PX", "RF", "XA")

# Keyword, name shown, unit, and the range within which a value is believed. The ranges are ours: wide
# enough for any clinical device, narrow enough that a mistyped header says nothing.
_NUMBERS = (
    ("SliceThickness", "slice thickness", "mm", 0.01, 200.0),
    ("KVP", "tube voltage", "kV", 5.0, 500.0),
    ("MagneticFieldStrength", "magnetic field strength", "T", 0.01, 30.0),
)
_SMALLEST_MM, _LARGEST_MM = 0.0005, 100.0


def known_modality(flat: Dataset) -> Modality | None:
    """The modality code of the header if it is one that Casebook knows."""
    return KNOWN_MODALITY.get(text(flat, "Modality"))


def body_part(flat: Dataset) -> str | None:
    """The body part of the header in words, if it is a term of the standard."""
    return BODY_PARTS.get(re.sub(r"[ _^,/-]", "", text(flat, "BodyPartExamined")))


def is_localizer(flat: Dataset) -> bool:
    """Whether it is a scout view, whose values are not on the HU scale of the slices."""
    try:
        return "LOCALIZER" in [str(v).strip().upper() for v in flat.get("ImageType") or ()]
    except TypeError:
        return False


def spacing_mm(flat: Dataset) -> tuple[tuple[float, float] | None, str | None]:
    """The distance of pixel centres in the patient, and a note on it.

    Returns:
        ``((row, column) in mm or None, sentence or None)``.

    Source: DICOM PS3.3 section 10.7.1.3 (Pixel Spacing, Imager Pixel Spacing and magnification).
    """
    pixel = _pair(flat, "PixelSpacing")
    imager = _pair(flat, "ImagerPixelSpacing")
    projection = text(flat, "Modality") in _PROJECTION
    if pixel and projection and pixel == imager and not text(flat, "PixelSpacingCalibrationType"):
        return (
            pixel,
            "Its pixel spacing is that of the detector: lengths include the magnification of the X-ray.",
        )
    if pixel:
        return pixel, None
    if imager:
        return (
            None,
            "The file gives a scale at the detector only, not in the patient; nothing is measured in mm.",
        )
    return _ultrasound_spacing(flat)


def _pair(flat: Dataset, keyword: str) -> tuple[float, float] | None:
    row, column = number(flat, keyword, 0), number(flat, keyword, 1)
    if row is None or column is None:
        return None
    return _believed(row, column)


def _believed(row: float, column: float) -> tuple[float, float] | None:
    smallest, largest = min(row, column), max(row, column)
    return (row, column) if smallest >= _SMALLEST_MM and largest <= _LARGEST_MM else None


def _ultrasound_spacing(flat: Dataset) -> tuple[tuple[float, float] | None, str | None]:
    regions = list(flat.get("SequenceOfUltrasoundRegions") or [])
    if not regions:
        return None, None
    if len(regions) > 1:
        return None, "The file holds several ultrasound regions with their own scales; no scale is used."
    region = regions[0]
    units = {number(region, "PhysicalUnitsXDirection"), number(region, "PhysicalUnitsYDirection")}
    row, column = number(region, "PhysicalDeltaY"), number(region, "PhysicalDeltaX")
    flat_region = number(region, "RegionSpatialFormat") in (_TWO_DIMENSIONAL, None)
    if units != {_CENTIMETRES} or not flat_region or row is None or column is None:
        return None, None
    spacing = _believed(abs(row) * 10, abs(column) * 10)
    if spacing is None:
        return None, None
    return spacing, "The scale is that of the ultrasound region in the file."


def facts(flat: Dataset, *, frames: int, window: str, syntax: str) -> dict[str, str]:
    """Allow-listed header facts, name → printable value.

    Args:
        flat: header of the frame shown first.
        frames: how many frames or slices were read.
        window: how brightness was chosen.
        syntax: transfer syntax UID.
    """
    found = {"modality": _modality_words(text(flat, "Modality"))}
    coded = (
        ("body part", body_part(flat)),
        ("view position", VIEWS.get(text(flat, "ViewPosition"))),
        ("laterality", LATERALITIES.get(text(flat, "ImageLaterality") or text(flat, "Laterality"))),
        ("plane", plane(flat)),
        ("patient position", PATIENT_POSITIONS.get(text(flat, "PatientPosition"))),
        ("image type", "localizer (scout view)" if is_localizer(flat) else None),
    )
    found.update({name: words for name, words in coded if words})
    for keyword, name, unit, low, high in _NUMBERS:
        value = number(flat, keyword)
        if value is not None and low <= value <= high:
            found[name] = f"{value:.4g} {unit}"
    rows, columns = int(flat.Rows), int(flat.Columns)
    found["size"] = f"{columns} × {rows} pixels"
    if frames > 1:
        found["frames"] = str(frames)
    spacing, _ = spacing_mm(flat)
    if spacing:
        found["pixel spacing"] = f"{spacing[0]:.4g} × {spacing[1]:.4g} mm"
    found["bits stored"] = str(int(number(flat, "BitsStored") or number(flat, "BitsAllocated") or 8))
    found["photometric interpretation"] = text(flat, "PhotometricInterpretation")
    if window:
        found["window"] = window
    found["transfer syntax"] = TRANSFER_SYNTAXES[syntax]
    return found


def plane(flat: Dataset) -> str | None:
    """Axial, coronal, sagittal or oblique, from the direction of the slice normal; None if not stated.

    Source: DICOM PS3.3 section C.7.6.2.1.1 (Image Orientation (Patient): axes run left, posterior, head).
    Oblique is ours: no axis takes nine tenths of the normal, that is, over 26 degrees off.
    """
    import numpy as np

    values = [number(flat, "ImageOrientationPatient", i) for i in range(6)]
    if any(value is None for value in values):
        return None
    normal = np.cross(np.array(values[:3], dtype=float), np.array(values[3:], dtype=float))
    length = float(np.linalg.norm(normal))
    if not np.isfinite(length) or length < 0.5:
        return None
    share = np.abs(normal) / length
    return ("sagittal", "coronal", "axial")[int(share.argmax())] if share.max() > 0.9 else "oblique"


def _modality_words(code: str) -> str:
    if not code:
        return "not stated"
    return f"{code}, {MODALITIES[code]}" if code in MODALITIES else "a code that is not known here"
