"""How large a pixel of a DICOM picture is, by which element of its header, and what has to be said with it.

Source: DICOM PS3.3 sections 10.7 (Basic Pixel Spacing Calibration Macro, with 10.7.1.3 on Pixel Spacing,
Imager Pixel Spacing and magnification), C.8.6.2 (Nominal Scanned Pixel Spacing), C.7.6.3.1.7 (Pixel Aspect
Ratio) and C.8.5.5 (US Region Calibration).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tools.files.dicom.display import number, text

if TYPE_CHECKING:
    from pydicom import Dataset

PROJECTION = ("DX", "CR", "MG", "RG", "IO", "PX", "RF", "XA")
"""Modalities whose picture is a shadow on a detector, larger than what cast it."""

# Source: PS3.3 section C.8.5.5.1.15 (Physical Units: 3 is cm), C.8.5.5.1.1 (Region Spatial Format: 1 is 2D).
_CENTIMETRES, _TWO_DIMENSIONAL = 3.0, 1.0
_SMALLEST_MM, _LARGEST_MM = 0.0005, 100.0
# Ours: rounding in a header; two devices' pixels differ by more.
_EQUAL = 0.001

AT_DETECTOR = "The scale is that of the detector: lengths include the magnification of the X-ray."
_UNCALIBRATED = (
    "The file does not say whether this scale holds at the detector or in the patient: lengths may include "
    "the magnification of the X-ray."
)
_FIDUCIAL = "The scale was calibrated on an object of known size and holds at the depth of that object only."
_GEOMETRY = "The scale was corrected for magnification by an assumed geometry and holds at one depth only."
_UNNAMED = "The scale differs from that of the detector, and the file does not say how it was calibrated."
_CALIBRATIONS = {"FIDUCIAL": _FIDUCIAL, "GEOMETRY": _GEOMETRY}
_NONE_IN_PATIENT = (
    "The file gives a scale at the detector only ({name}), not in the patient; nothing is measured in mm."
)
_FILM = (
    "The file gives the scale of a scanned film only ({name}), not in the patient; nothing is measured in mm."
)
_SEVERAL_REGIONS = "The file holds several ultrasound regions with their own scales; no scale is used."
_REGION_TOO_LARGE = (
    "The ultrasound region in the file is larger than the picture, which was resized after the scale was "
    "written; no scale is used."
)


@dataclass(frozen=True)
class Scale:
    """The size of a pixel as one header tells it.

    Attributes:
        spacing_mm: (row, column) in the patient, or None where no length in the patient is known.
        aspect: (down, across) size of a pixel in any unit, or None; known more often than `spacing_mm`.
        source: the element used, in the standard's words; ``""`` without a spacing.
        caution: what has to be said with every millimetre, or why there is none; ``""`` if nothing.
        region: (width, height) in stored pixels where the scale holds, or None for the whole picture.
    """

    spacing_mm: tuple[float, float] | None = None
    aspect: tuple[float, float] | None = None
    source: str = ""
    caution: str = ""
    region: tuple[int, int] | None = None


def scale_of(flat: Dataset) -> Scale:
    """The scale of one frame."""
    pixel = _pair(flat, "PixelSpacing")
    imager = _pair(flat, "ImagerPixelSpacing")
    nominal = _pair(flat, "NominalScannedPixelSpacing")
    if pixel:
        return Scale(pixel, pixel, "Pixel Spacing", _pixel_caution(flat, pixel, imager))
    if imager:
        return Scale(aspect=imager, caution=_NONE_IN_PATIENT.format(name="Imager Pixel Spacing"))
    if nominal:
        return Scale(aspect=nominal, caution=_FILM.format(name="Nominal Scanned Pixel Spacing"))
    return _ultrasound(flat) or Scale(aspect=_ratio(flat))


def _pixel_caution(flat: Dataset, pixel: tuple[float, float], imager: tuple[float, float] | None) -> str:
    kind = text(flat, "PixelSpacingCalibrationType")
    if kind in _CALIBRATIONS:
        return _CALIBRATIONS[kind]
    if text(flat, "Modality") not in PROJECTION:
        return ""
    if imager is None:
        return _UNCALIBRATED
    same = all(abs(a - b) <= _EQUAL * b for a, b in zip(pixel, imager, strict=True))
    return AT_DETECTOR if same else _UNNAMED


def _pair(flat: Dataset, keyword: str) -> tuple[float, float] | None:
    row, column = number(flat, keyword, 0), number(flat, keyword, 1)
    if row is None or column is None:
        return None
    return _believed(row, column)


def _believed(row: float, column: float) -> tuple[float, float] | None:
    smallest, largest = min(row, column), max(row, column)
    return (row, column) if smallest >= _SMALLEST_MM and largest <= _LARGEST_MM else None


def _ratio(flat: Dataset) -> tuple[float, float] | None:
    down, across = number(flat, "PixelAspectRatio", 0), number(flat, "PixelAspectRatio", 1)
    return (down, across) if down and across and down > 0 and across > 0 else None


def _ultrasound(flat: Dataset) -> Scale | None:
    """The one scale of all regions that are 2D pictures in centimetres; those of time and speed have none."""
    measured = [
        (spacing, region)
        for region in flat.get("SequenceOfUltrasoundRegions") or ()
        if (spacing := _region_spacing(region))
    ]
    if not measured:
        return None
    spacing, region = measured[0]
    if any(other != spacing for other, _ in measured):
        return Scale(aspect=_ratio(flat), caution=_SEVERAL_REGIONS)
    size = _region_size(region) if len(measured) == 1 else None
    whole = (int(flat.get("Columns") or 0), int(flat.get("Rows") or 0))
    if size and (size[0] > whole[0] or size[1] > whole[1]):
        return Scale(aspect=_ratio(flat), caution=_REGION_TOO_LARGE)
    inside = None if size is None or size == whole else size
    caution = (
        f"The scale is that of the ultrasound region in the file, {inside[0]} × {inside[1]} pixels "
        "(wide × high), and holds inside it only."
        if inside
        else "The scale is that of the ultrasound region in the file and holds inside it only."
    )
    return Scale(spacing, spacing, "the ultrasound region", caution, inside)


def _region_spacing(region: Dataset) -> tuple[float, float] | None:
    units = {number(region, "PhysicalUnitsXDirection"), number(region, "PhysicalUnitsYDirection")}
    row, column = number(region, "PhysicalDeltaY"), number(region, "PhysicalDeltaX")
    flat_region = number(region, "RegionSpatialFormat") in (_TWO_DIMENSIONAL, None)
    if units != {_CENTIMETRES} or not flat_region or row is None or column is None:
        return None
    return _believed(abs(row) * 10, abs(column) * 10)


def _region_size(region: Dataset) -> tuple[int, int] | None:
    corners = [number(region, f"RegionLocation{name}") for name in ("MinX0", "MinY0", "MaxX1", "MaxY1")]
    if any(corner is None for corner in corners):
        return None
    left, top, right, bottom = (int(corner or 0) for corner in corners)
    return (right - left + 1, bottom - top + 1) if right > left and bottom > top else None
