"""From stored values to what is shown, in the order of the standard.

Modality LUT or rescale → VOI LUT or window → inversion → 8 bit. Overlays are never burnt in.

Source: DICOM PS3.3 sections C.11.1 (Modality LUT), C.11.2 (VOI LUT), C.7.6.3.1.2 (MONOCHROME1), C.11.4 and
C.8.11.1 (Presentation LUT Shape).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from store.pictures.image import Pixels
from store.pictures.window import Function, Window
from tools.files.arrays.limits import DAMAGE
from tools.files.arrays.windowing import between, percentile_window, to_uint8
from tools.files.dicom.display import Shown, number, text
from tools.files.dicom.lut import Lut, read_lut
from tools.files.dicom.padding import without_padding
from tools.files.dicom.pixel_header import possible_stored

if TYPE_CHECKING:
    from pydicom import Dataset

# Source: the preset "Soft tissue" (level 40, width 400) that the OHIF Viewer ships for CT.
CT_CENTER, CT_WIDTH = 40.0, 400.0

_FUNCTIONS: tuple[Function, ...] = ("LINEAR", "LINEAR_EXACT", "SIGMOID")
_LONGEST_INT32 = 2.0**30


def modality_values(stored: NDArray[Any], flat: Dataset, shown: Shown) -> tuple[NDArray[Any], bool]:
    """Apply the modality LUT or the rescale.

    Returns:
        The values, and whether the file gave a usable scale.
    """
    if flat.get("ModalityLUTSequence"):
        table = _modality_lut(flat)
        if table is None:
            shown.note("Its modality LUT is damaged and was left out.")
            return stored, False
        return table.look_up(stored), False
    scale = _rescale(flat)
    if scale is None:
        return stored, False
    if scale[0] == 0:
        shown.note("The file gives a rescale slope of 0, which cannot be meant; stored values are used.")
        return stored, False
    return _rescaled(stored, *scale), True


def has_scale(flat: Dataset) -> bool:
    """Whether a rescale, and no modality LUT, turns stored values into others."""
    scale = _rescale(flat)
    return not flat.get("ModalityLUTSequence") and scale is not None and scale[0] != 0


def _rescale(flat: Dataset) -> tuple[float, float] | None:
    slope, intercept = number(flat, "RescaleSlope"), number(flat, "RescaleIntercept")
    return None if slope is None or intercept is None else (slope, intercept)


def _rescaled(stored: NDArray[Any], slope: float, intercept: float) -> NDArray[Any]:
    """Whole numbers stay whole, so that they can be kept in few bytes."""
    whole = slope.is_integer() and intercept.is_integer() and stored.dtype.itemsize <= 2
    if whole and abs(slope) * 2**16 + abs(intercept) < _LONGEST_INT32:
        return stored.astype(np.int32) * int(slope) + int(intercept)
    return stored.astype(np.float64) * slope + intercept


def _modality_lut(flat: Dataset) -> Lut | None:
    try:
        return read_lut(flat.ModalityLUTSequence[0], possible=possible_stored(flat), header=flat)
    except DAMAGE:
        return None


def possible_values(flat: Dataset) -> tuple[float, float]:
    """The lowest and highest value that a pixel can have after the modality LUT or the rescale."""
    low, high = possible_stored(flat)
    if flat.get("ModalityLUTSequence"):
        table = _modality_lut(flat)
        return (low, high) if table is None else (float(table.entries.min()), float(table.entries.max()))
    slope, intercept = _rescale(flat) or (1.0, 0.0)
    ends = sorted((low * (slope or 1.0) + intercept, high * (slope or 1.0) + intercept))
    return ends[0], ends[1]


def show(
    values: NDArray[Any], flat: Dataset, *, padding: NDArray[np.bool_] | None, is_ct_scale: bool, shown: Shown
) -> Pixels:
    """Window one frame to 8 bits, inverted where the file asks for it.

    Args:
        values: ``(H, W)`` after the modality LUT.
        flat: the frame's header.
        padding: which of them are padding, or None.
        is_ct_scale: the values are HU, so the soft-tissue window applies where the file has none.
        shown: collects notes; its `percentiles`, if set, are used where nothing else applies.
    """
    grey = _voi_lut(values, flat, shown)
    if grey is None:
        grey = _window(values, flat, shown)
    if grey is None and is_ct_scale:
        shown.window = f"{_in_words(CT_CENTER, CT_WIDTH)} (Casebook's default)"
        shown.note(
            f"The file names no window; the soft-tissue window is used: {_in_words(CT_CENTER, CT_WIDTH)}."
        )
        shown.applied = Window(CT_CENTER, CT_WIDTH, "LINEAR_EXACT")
        grey = to_uint8(values, CT_CENTER - CT_WIDTH / 2, CT_CENTER + CT_WIDTH / 2)
    if grey is None:
        low, high = shown.percentiles or percentile_window(without_padding(values, padding))
        shown.window = f"{low:.6g} to {high:.6g} (from the pixels)"
        shown.note("The file names no window; brightness shows the 0.5th to 99.5th percentile of its values.")
        shown.applied = between(low, high)
        grey = to_uint8(values, low, high)
    shown.inverted = _is_inverted(flat, shown)
    return 255 - grey if shown.inverted else grey


def _is_inverted(flat: Dataset, shown: Shown) -> bool:
    """Whether low values are white. Both elements together invert once: a DX with MONOCHROME1 has both."""
    if text(flat, "PhotometricInterpretation") == "MONOCHROME1":
        shown.note("The file stores low values as white (MONOCHROME1); it was inverted for display.")
        return True
    if text(flat, "PresentationLUTShape") == "INVERSE":
        shown.note(
            "The file asks for inverted brightness (Presentation LUT Shape INVERSE); low values are white."
        )
        return True
    return False


def has_window(flat: Dataset) -> bool:
    """Whether the file says how a frame is to be shown."""
    return bool(flat.get("VOILUTSequence")) or _named_window(flat) is not None


def _voi_lut(values: NDArray[Any], flat: Dataset, shown: Shown) -> Pixels | None:
    """Apply the first VOI LUT; white is the highest entry that its depth allows."""
    if not flat.get("VOILUTSequence"):
        return None
    try:
        table = read_lut(flat.VOILUTSequence[0], possible=possible_values(flat), header=flat)
    except DAMAGE:
        table = None
    if table is None:
        shown.note("Its VOI LUT is damaged and was left out.")
        return None
    shown.window = "VOI LUT (from the file)"
    shown.note("Brightness follows the VOI LUT of the file.")
    if table.bits < table.declared:
        shown.note(
            f"Its entries use {table.bits} of the {table.declared} bits stated; the brightest is shown white."
        )
    return to_uint8(table.look_up(values), 0.0, 2.0**table.bits - 1)


def _named_window(flat: Dataset) -> tuple[float, float] | None:
    center, width = number(flat, "WindowCenter"), number(flat, "WindowWidth")
    return (center, width) if center is not None and width is not None and width > 0 else None


def _window(values: NDArray[Any], flat: Dataset, shown: Shown) -> Pixels | None:
    """Apply the first window, by the file's own function; None where there is no usable one."""
    named = _named_window(flat)
    if named is None:
        if number(flat, "WindowWidth") is not None:
            shown.note("The file names a window without width, which cannot be shown; it was left out.")
        return None
    stated = text(flat, "VOILUTFunction")
    function: Function = next((one for one in _FUNCTIONS if one == stated), "LINEAR")
    shown.window = f"{_in_words(*named)} (from the file)"
    others = number(flat, "WindowCenter", 1) is not None
    which = "the first of several windows" if others else "the window"
    curve = " with a sigmoid curve" if function == "SIGMOID" else ""
    shown.note(f"Brightness follows {which} in the file: {_in_words(*named)}{curve}.")
    shown.applied = Window(*named, function)
    return windowed(values, *named, function)


def _in_words(level: float, width: float) -> str:
    return f"level {level:g}, width {width:g}"


def windowed(values: NDArray[Any], center: float, width: float, function: str) -> Pixels:
    """Apply a window.

    Source: DICOM PS3.3 sections C.11.2.1.2.1 (LINEAR), C.11.2.1.3.1 (SIGMOID), C.11.2.1.3.2 (LINEAR_EXACT).

    Args:
        values: any shape, any real type.
        center: of the window.
        width: of the window, over 0. LINEAR is defined from 1 on; below, LINEAR_EXACT is used.
        function: ``LINEAR``, ``LINEAR_EXACT`` or ``SIGMOID``.
    """
    if function == "SIGMOID":
        with np.errstate(over="ignore"):
            return to_uint8(1 / (1 + np.exp(-4 * (values - center) / width)), 0.0, 1.0)
    if function == "LINEAR" and width >= 1:
        center, width = center - 0.5, width - 1
    return to_uint8(values, center - width / 2, center + width / 2)
