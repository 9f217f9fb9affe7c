"""From stored DICOM values to what is shown, in the order of the standard.

Modality LUT or rescale → VOI LUT or window → inversion of MONOCHROME1 → 8 bit. pydicom applies the
first two. Overlays are never burnt in.

Source: DICOM PS3.3 sections C.11.1 (Modality LUT), C.11.2 (VOI LUT), C.7.6.3.1.2 (MONOCHROME1),
C.7.6.16 (functional groups).
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from store.pictures.image import Pixels
from tools.files.arrays.limits import DAMAGE
from tools.files.arrays.windowing import percentile_window, to_uint8

if TYPE_CHECKING:
    from pydicom import Dataset

# Source: the preset "Soft tissue" (level 40, width 400) that the OHIF Viewer ships for CT.
CT_CENTER, CT_WIDTH = 40.0, 400.0

_GROUPS = (
    *("PixelValueTransformationSequence", "FrameVOILUTSequence"),
    *("PixelMeasuresSequence", "PlaneOrientationSequence"),
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
)
_FUNCTIONS = ("LINEAR", "LINEAR_EXACT", "SIGMOID")


@dataclass
class Shown:
    """What is learnt while frames are shown, for `Image.notes` and `Image.facts`."""

    percentiles: tuple[float, float] | None = None
    window: str = ""
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


def modality_values(stored: NDArray[Any], flat: Dataset, shown: Shown) -> tuple[NDArray[Any], bool]:
    """Apply the modality LUT or the rescale.

    Returns:
        The values, and whether the file gave a usable scale.
    """
    from pydicom.pixels import apply_modality_lut

    if flat.get("ModalityLUTSequence"):
        try:
            return np.asarray(apply_modality_lut(stored.astype(np.int32), flat)), False
        except DAMAGE:
            shown.note("Its modality LUT is damaged and was left out.")
            return stored, False
    slope, intercept = number(flat, "RescaleSlope"), number(flat, "RescaleIntercept")
    if slope is None or intercept is None:
        return stored, False
    if slope == 0:
        shown.note("The file gives a rescale slope of 0, which cannot be meant; stored values are used.")
        return stored, False
    return np.asarray(apply_modality_lut(stored, flat)), True


def show(values: NDArray[Any], flat: Dataset, *, is_ct_scale: bool, shown: Shown) -> Pixels:
    """Window one frame to 8 bits and invert MONOCHROME1.

    Args:
        values: ``(H, W)`` after the modality LUT.
        flat: the frame's header.
        is_ct_scale: the values are HU, so the soft-tissue window applies where the file has none.
        shown: collects notes; its `percentiles`, if set, are used where nothing else applies.
    """
    grey = _voi_lut(values, flat, shown)
    if grey is None:
        grey = _window(values, flat, shown)
    if grey is None and is_ct_scale:
        shown.window = f"{CT_CENTER:g}/{CT_WIDTH:g} (Casebook's default)"
        shown.note("The file names no window; the soft-tissue window 40/400 is used.")
        grey = to_uint8(values, CT_CENTER - CT_WIDTH / 2, CT_CENTER + CT_WIDTH / 2)
    if grey is None:
        low, high = shown.percentiles or percentile_window(without_padding(values, values, flat))
        shown.window = f"{low:.6g} to {high:.6g} (from the pixels)"
        shown.note("The file names no window; brightness shows the 0.5th to 99.5th percentile of its values.")
        grey = to_uint8(values, low, high)
    if text(flat, "PhotometricInterpretation") == "MONOCHROME1":
        shown.note("The file stores low values as white (MONOCHROME1); it was inverted for display.")
        grey = 255 - grey
    return grey


def without_padding(values: NDArray[Any], stored: NDArray[Any], flat: Dataset) -> NDArray[Any]:
    """The values that are not padding, flat.

    Source: DICOM PS3.3 section C.7.5.1.1.2 (Pixel Padding Value and Range Limit, in stored values).
    """
    padding = number(flat, "PixelPaddingValue")
    if padding is None:
        return values.reshape(-1)
    limit = number(flat, "PixelPaddingRangeLimit")
    low, high = sorted((padding, padding if limit is None else limit))
    kept = values[(stored < low) | (stored > high)]
    return kept if kept.size else values.reshape(-1)


def has_window(flat: Dataset) -> bool:
    """Whether the file says how a frame is to be shown."""
    return bool(flat.get("VOILUTSequence")) or _named_window(flat) is not None


def _voi_lut(values: NDArray[Any], flat: Dataset, shown: Shown) -> Pixels | None:
    """Apply the first VOI LUT; its lowest entry is shown black, its highest white."""
    from pydicom.pixels import apply_voi

    if not flat.get("VOILUTSequence"):
        return None
    try:
        item = flat.VOILUTSequence[0]
        if item.LUTDescriptor[2] < 16:  # pydicom would index with 8 bits only
            item.LUTDescriptor = [*item.LUTDescriptor[:2], 16]
        looked_up = apply_voi(np.rint(values).astype(np.int32), flat)
        every = apply_voi(np.arange(item.LUTDescriptor[0] or 2**16) + item.LUTDescriptor[1], flat)
    except DAMAGE:
        shown.note("Its VOI LUT is damaged and was left out.")
        return None
    shown.window = "VOI LUT (from the file)"
    shown.note("Brightness follows the VOI LUT of the file.")
    return to_uint8(looked_up, float(every.min()), float(every.max()))


def _named_window(flat: Dataset) -> tuple[float, float] | None:
    center, width = number(flat, "WindowCenter"), number(flat, "WindowWidth")
    return (center, width) if center is not None and width is not None and width > 0 else None


def _window(values: NDArray[Any], flat: Dataset, shown: Shown) -> Pixels | None:
    """Apply the first window, by the file's own function; None where there is no usable one."""
    from pydicom import Dataset
    from pydicom.pixels import apply_windowing

    named = _named_window(flat)
    if named is None:
        if number(flat, "WindowWidth") is not None:
            shown.note("The file names a window without width, which cannot be shown; it was left out.")
        return None
    function = text(flat, "VOILUTFunction")
    if function not in _FUNCTIONS:
        function = "LINEAR"
    if function == "LINEAR" and named[1] < 1:
        function = "LINEAR_EXACT"  # LINEAR is defined from width 1 on
    plain = Dataset()
    plain.PhotometricInterpretation, plain.PixelRepresentation, plain.BitsStored = "MONOCHROME2", 0, 8
    plain.VOILUTFunction = function
    plain.WindowCenter, plain.WindowWidth = (f"{v:.10g}" for v in named)
    windowed = np.asarray(apply_windowing(values, plain))  # 8 bits unsigned are its output range
    shown.window = f"{named[0]:g}/{named[1]:g} (from the file)"
    others = number(flat, "WindowCenter", 1) is not None
    which = "the first of several windows" if others else "the window"
    curve = " with a sigmoid curve" if function == "SIGMOID" else ""
    shown.note(f"Brightness follows {which} in the file, {named[0]:g}/{named[1]:g} (level/width){curve}.")
    return to_uint8(windowed, 0.0, 255.0)
