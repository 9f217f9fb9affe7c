"""When rescaled values are Hounsfield units, and when a CT file merely looks as if they were.

A rescale alone proves nothing: screen captures, perfusion maps and material images of a CT carry one too.

Source: DICOM PS3.3 sections C.8.2.1.1.1 and C.8.15.3.1.1 (Image Type), C.8.2.1 (CT Image: Rescale Type is HU
where absent), C.11.1.1.2 (Rescale Type), C.8.16.2.1.1 and C.8.15.3.3.2 (frame types of derived and
multi-energy CT), PS3.4 table B.5-1 (storage SOP classes).
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from tools.files.arrays.limits import DAMAGE
from tools.files.dicom.display import number, text

if TYPE_CHECKING:
    from pydicom import Dataset

_CT_STORAGE = (
    "1.2.840.10008.5.1.4.1.1.2",  # CT
    "1.2.840.10008.5.1.4.1.1.2.1",  # enhanced CT
    "1.2.840.10008.5.1.4.1.1.2.2",  # legacy converted enhanced CT
)
# Source: UCUM, the unit in which a real world value map of a CT states Hounsfield units.
_HOUNSFIELD_UNITS = ("[HNSF'U]", "HNSF'U", "HU")
_FEWEST_BITS = 9  # ours: 8 bits hold a picture of CT, not its scale

# Words of Image Type and Frame Type, split at all that is no letter or digit. Derived slices keep the scale
# only if they are made by cutting, averaging or projecting slices.
_KEEPS = """
AXIAL HELIX VOLUME MPR MPR3D REFORMATTED REFORMAT RESAMPLED RESAMPLE AVERAGE AVG TAVG MEAN MAXIMUM MINIMUM
MIP TMIP MINIP PROJECTION CORONAL SAGITTAL CURVED CPR OBLIQUE THICK THIN SLAB RECON FILTERED MAR VMI
MONOENERGETIC MONOE
"""
_OTHER = """
LOCALIZER SCOUT TOPOGRAM CAPTURE SAVE REPORT PROTOCOL GRAPH CURVE NEUROPCT
VPCT BODYPCT TTD TTS TDC PBV PBF BF BV BLOOD FLOW PERMEABILITY SUMMARY
PENUMBRA TISSUE CALCIUM URIC GOUT BONE WATER FAT MATERIAL EFFECTIVE RHO ELECTRON DENSITY PHOTO
COMPTON MAT STD STDDEV DEVIATION SUBTRACTION SUBTRACTED DIVISION MULTIPLICATION ADDITION MASK MASKED RATIO
PERCENT QUANTITY FRACTION VRT SSD MAP COLOR COLOUR OVERLAY VENTILATION FFR STRAIN
"""
_KEEPS_SCALE, _OTHER_SCALE = frozenset(_KEEPS.split()), frozenset(_OTHER.split())
# Vendors put a letter before or after these: rCBF, CBVmap.
_OTHER_STEMS = ("CBF", "CBV", "MTT", "TTP", "TMAX", "PERF", "IODIN", "ZEFF", "KTRANS", "SCREEN")
_OTHER_SCALE_PAIRS = (("EFF", "ATOMIC"), ("Z", "EFF"), ("TIME", "TO"), ("TRANSIT", "TIME"))


def is_hounsfield(flat: Dataset, *, rescaled: bool) -> bool:
    """Whether the rescaled values of a frame are Hounsfield units.

    Args:
        flat: the frame's header, with its functional groups.
        rescaled: whether the file gives a usable slope and intercept.
    """
    if not rescaled or text(flat, "Modality") not in ("CT", "") or not _is_ct_storage(flat):
        return False
    if (number(flat, "BitsStored") or 0) < _FEWEST_BITS or _mapped_to_other_units(flat):
        return False
    rescale_type = text(flat, "RescaleType")
    if rescale_type not in ("HU", ""):
        return False
    words = image_type_words(flat)
    if _names_other_scale(words):
        return False
    return "DERIVED" not in words or rescale_type == "HU" or bool(words & _KEEPS_SCALE)


def _names_other_scale(words: frozenset[str]) -> bool:
    stems = any(stem in word for word in words for stem in _OTHER_STEMS)
    return stems or bool(words & _OTHER_SCALE) or any(set(pair) <= words for pair in _OTHER_SCALE_PAIRS)


def image_type_words(flat: Dataset) -> frozenset[str]:
    """The words of the Frame Type, or else of the Image Type, in capitals."""
    for keyword in ("FrameType", "ImageType"):
        try:
            value = flat.get(keyword)
            values = [value] if isinstance(value, str) else list(value or ())
        except DAMAGE:
            continue
        words = re.findall(r"[A-Z0-9]+", " ".join(str(one) for one in values).upper())
        if words:
            return frozenset(words)
    return frozenset()


def _is_ct_storage(flat: Dataset) -> bool:
    """Whether its SOP class is one of CT slices; a file without one is told by its modality."""
    sop_class = text(flat, "SOPClassUID")
    return sop_class in _CT_STORAGE if sop_class else text(flat, "Modality") == "CT"


def _mapped_to_other_units(flat: Dataset) -> bool:
    """Whether a real world value map gives the values another unit."""
    try:
        units = [
            str(unit.get("CodeValue") or "").strip().upper()
            for item in flat.get("RealWorldValueMappingSequence") or ()
            for unit in item.get("MeasurementUnitsCodeSequence") or ()
        ]
    except DAMAGE:
        return False
    return bool(units) and not any(unit in _HOUNSFIELD_UNITS for unit in units)
