"""How a picture was acquired, as far as its header says it in numbers and codes.

Names of agents, kernels and series are free text: whether there is one is told, its words are not, unless
they are on a list of ours: the kernels of large makers, and the weightings of MR.

Source: DICOM PS3.3 sections C.8.3.1 and C.8.13 (MR), C.8.2.1 and C.8.15 (CT), C.8.7 (X-ray), C.7.6.4
(Contrast/Bolus), C.7.6.5 (Cine), C.8.9.1 (PET: Units), C.7.6.1.1.5 (Lossy Image Compression), C.8.11 (DX and
mammography), C.8.1.1 (CR: Sensitivity), C.8.5.5 (regions of ultrasound), C.11.1 (Modality LUT and rescale).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from tools.files.arrays.limits import DAMAGE
from tools.files.dicom.display import number, text
from tools.files.dicom.technique_terms import (
    ANODES,
    FILTERS,
    GRIDS,
    LOSSY,
    MODES,
    OPTIONS,
    RESCALED,
    SEQUENCES,
    UNITS,
)

if TYPE_CHECKING:
    from pydicom import Dataset

# Keywords of which the first that is there counts, name shown, unit, and the range within which a value is
# believed. The ranges are ours: wide enough for any device, narrow enough that a mistyped header says
# nothing.
_NUMBERS: tuple[tuple[tuple[str, ...], str, str, float, float], ...] = (
    (("SliceThickness",), "slice thickness", "mm", 0.01, 200.0),
    (("SpacingBetweenSlices",), "spacing between slices", "mm", 0.01, 200.0),
    (("KVP",), "tube voltage", "kV", 5.0, 500.0),
    (("XRayTubeCurrent", "XRayTubeCurrentInmA"), "tube current", "mA", 0.01, 5000.0),
    (("Exposure", "ExposureInmAs"), "exposure", "mAs", 0.01, 5000.0),
    (("ExposureTime", "ExposureTimeInms"), "exposure time", "ms", 0.01, 1e6),
    (("MagneticFieldStrength",), "magnetic field strength", "T", 0.01, 30.0),
    (("EchoNumbers",), "echo number", "", 1.0, 1000.0),
    (("EffectiveEchoTime", "EchoTime"), "echo time", "ms", 0.001, 1e4),
    (("RepetitionTime",), "repetition time", "ms", 0.1, 1e6),
    (("InversionTimes", "InversionTime"), "inversion time", "ms", 1.0, 1e5),
    (("FlipAngle",), "flip angle", "degrees", 0.1, 360.0),
    (("DiffusionBValue",), "b-value", "s/mm²", 0.0, 1e5),
    (("NumberOfAverages",), "averages", "", 0.1, 1000.0),
    (("PixelBandwidth",), "pixel bandwidth", "Hz per pixel", 0.1, 1e6),
    (("EchoTrainLength",), "echo train length", "", 1.0, 10000.0),
    (("SpiralPitchFactor",), "spiral pitch", "", 0.01, 10.0),
    (("ReconstructionDiameter",), "reconstruction diameter", "mm", 1.0, 2000.0),
    (("GantryDetectorTilt",), "gantry tilt", "degrees", -90.0, 90.0),
    (("TableHeight",), "table height", "mm", -2000.0, 2000.0),
    (("CTDIvol",), "CTDIvol", "mGy", 0.001, 10000.0),
    (("SliceLocation",), "slice location", "mm", -10000.0, 10000.0),
    (("CineRate", "RecommendedDisplayFrameRate"), "frame rate", "frames per second", 0.01, 10000.0),
    (("FrameTime",), "frame time", "ms", 0.01, 1e6),
    (("DepthOfScanField",), "depth of the scan field", "mm", 1.0, 1000.0),
    (("CompressionForce",), "compression force", "N", 1.0, 500.0),
    (("BodyPartThickness",), "body part thickness", "mm", 1.0, 500.0),
    (("ExposureIndex",), "exposure index", "", 0.01, 1e6),
    (("TargetExposureIndex",), "target exposure index", "", 0.01, 1e6),
    (("DeviationIndex",), "deviation index", "", -100.0, 100.0),
    # Where computed radiography keeps what its maker calls the S number, among others.
    (("Sensitivity",), "detector sensitivity", "(in units of the maker)", 0.1, 1e5),
    (("DistanceSourceToDetector",), "source-to-detector distance", "mm", 10.0, 5000.0),
    (("DistanceSourceToPatient",), "source-to-patient distance", "mm", 10.0, 5000.0),
    (("ImagingFrequency", "TransmitterFrequency"), "imaging frequency", "MHz", 0.1, 1500.0),
)
# Ours: what a slope or an intercept may be, and in how many digits it is told: values are worked out with it.
_MOST_RESCALED, _DIGITS = 1e9, 9
# Ours: focal spots in mm, and the frequencies of transducers in kHz, as the standard has them.
_FOCAL_SPOTS_MM, _TRANSDUCER_KHZ = (0.01, 5.0), (500.0, 100_000.0)
_NO_AGENT = frozenset(
    {"NONE", "NO", "N", "NIL", "0", "WITHOUT", "W/O", "NO CONTRAST", "NATIVE", "UNENHANCED"}
)
# Source: the conformance statements of GE, Siemens, Philips and Canon (CT: Convolution Kernel).
_KERNEL = re.compile(
    r"SOFT|STANDARD|DETAIL|LUNG|BONE|BONEPLUS|EDGE|CHEST|[BDHIJQTU][A-Z]?\d{2}[A-Z]?|Y?[A-E]|L|FC\d{2}"
)
# Ours: words that stand for a weighting in the name of a series or a protocol; no other is told.
_WEIGHTING = re.compile(
    r"(?<![A-Z0-9])(?:(T[12]\*?)(?:W(?:I|GTD|TD)?)?|(PD)(?:W)?|(FLAIR|STIR|MPRAGE|DWI|ADC|SWI|TOF))(?![A-Z0-9*])"
)
_NAMED, _NO = "one is named in the file; its name is free text and is not kept", "none, as the file says"

KEYWORDS: tuple[str, ...] = (
    *(keyword for keywords, *_ in _NUMBERS for keyword in keywords),
    *(
        "ScanningSequence",
        "EchoPulseSequence",
        "MRAcquisitionType",
        "ScanOptions",
        "Units",
        "LossyImageCompression",
    ),
    *("ContrastBolusAgent", "ContrastBolusAgentSequence", "ConvolutionKernel"),
    *("SeriesDescription", "ProtocolName"),
    *("AnodeTargetMaterial", "FilterMaterial", "Grid", "FocalSpots", "AcquisitionMatrix"),
)
"""What is read of a header for this."""

GROUPS: dict[str, tuple[str, ...]] = {
    "MRTimingAndRelatedParametersSequence": ("RepetitionTime", "FlipAngle"),
    "CTExposureSequence": ("ExposureTimeInms", "XRayTubeCurrentInmA", "ExposureInmAs"),
    "CTGeometrySequence": ("DistanceSourceToDetector",),
    "MRImagingModifierSequence": ("TransmitterFrequency",),
}
"""The same of the functional groups of a multi-frame file."""


def technique(flat: Dataset) -> dict[str, str]:
    """Name and printable value of each fact that the header of a frame states."""
    found = dict(_numbers(flat))
    named = {
        "weighting": _weighting(flat),
        "pulse sequence": _sequence(flat),
        "scan options": _terms(flat, "ScanOptions", OPTIONS),
        "rescale slope": _rescale(flat, "RescaleSlope"),
        "rescale intercept": _rescale(flat, "RescaleIntercept"),
        "rescale type": RESCALED.get(text(flat, "RescaleType"), ""),
        "anode material": _terms(flat, "AnodeTargetMaterial", ANODES),
        "filter material": _terms(flat, "FilterMaterial", FILTERS),
        "grid": _terms(flat, "Grid", GRIDS),
        "focal spot": _focal_spots(flat),
        "acquisition matrix": _matrix(flat),
        "contrast agent": _agent(flat),
        "reconstruction kernel": _kernel(flat),
        "unit of values": UNITS.get(text(flat, "Units"), ""),
        "lossy compression": LOSSY.get(text(flat, "LossyImageCompression"), ""),
        "ultrasound modes": _modes(flat),
        "transducer frequency": _transducer(flat),
    }
    return found | {name: value for name, value in named.items() if value}


def _numbers(flat: Dataset) -> Iterator[tuple[str, str]]:
    for keywords, name, unit, low, high in _NUMBERS:
        value = next((v for keyword in keywords if (v := number(flat, keyword)) is not None), None)
        if value is not None and low <= value <= high:
            yield name, f"{_printed(value)} {unit}".strip()


def _printed(value: float) -> str:
    """A number in four digits, or in all those before its point: 12000 ms, not 1.2e+04 ms."""
    return f"{value:.4g}" if abs(value) < 1000 else f"{value:.0f}"


def _terms(flat: Dataset, keyword: str, known: Mapping[str, str]) -> str:
    """The codes of an element in words; those that are on no list are dropped."""
    return ", ".join(dict.fromkeys(known[code] for code in _codes(flat, keyword) if code in known))


def _rescale(flat: Dataset, keyword: str) -> str:
    """A slope or an intercept; a slope of 0 makes all values one, so it is none."""
    value = number(flat, keyword)
    if value is None or abs(value) > _MOST_RESCALED or (keyword == "RescaleSlope" and value == 0):
        return ""
    return f"{value:.{_DIGITS}g}"


def _focal_spots(flat: Dataset) -> str:
    """The size of the focal spot, or both sizes of a tube that has two."""
    low, high = _FOCAL_SPOTS_MM
    sizes = [number(flat, "FocalSpots", place) for place in range(3)]
    return _one_or_two([one for one in sizes if one is not None and low <= one <= high], "mm")


def _transducer(flat: Dataset) -> str:
    """The frequency of an ultrasound transducer, or the two of regions that differ in it."""
    low, high = _TRANSDUCER_KHZ
    told = (number(region, "TransducerFrequency") for region in _regions(flat))
    return _one_or_two([one / 1000 for one in told if one is not None and low <= one <= high], "MHz")


def _one_or_two(values: Sequence[float], unit: str) -> str:
    different = list(dict.fromkeys(_printed(one) for one in values))
    return f"{' and '.join(different)} {unit}" if 0 < len(different) <= 2 else ""


def _matrix(flat: Dataset) -> str:
    """How many steps of frequency and of phase an MR was acquired in, if one direction is stated for each.

    Source: DICOM PS3.3 section C.8.3.1 (Acquisition Matrix: frequency rows, frequency columns, phase rows,
    phase columns; those of a direction that is not used are 0).
    """
    by_rows, by_columns, rows, columns = (int(number(flat, "AcquisitionMatrix", n) or 0) for n in range(4))
    if (by_rows > 0) == (by_columns > 0) or (rows > 0) == (columns > 0) or (by_rows > 0) == (rows > 0):
        return ""
    return f"{by_rows or by_columns} × {rows or columns} (frequency × phase)"


def _sequence(flat: Dataset) -> str:
    codes = [*_codes(flat, "ScanningSequence"), *_codes(flat, "EchoPulseSequence")]
    words = list(dict.fromkeys(SEQUENCES[code] for code in codes if code in SEQUENCES))
    by = {"2D": "in slices (2D)", "3D": "as a volume (3D)"}.get(text(flat, "MRAcquisitionType"))
    return ", ".join([*words, *([by] if by and words else [])])


def _kernel(flat: Dataset) -> str:
    """A kernel by its name, if it is one of those known; else that one is named."""
    named = next(iter(_codes(flat, "ConvolutionKernel")), "")
    return named if _KERNEL.fullmatch(named) else _NAMED if named else ""


def _weighting(flat: Dataset) -> str:
    """The weighting of an MR that the name of its series, or else of its protocol, has a known word for."""
    names = (text(flat, one) for one in ("SeriesDescription", "ProtocolName"))
    found = next((words for one in names if (words := _WEIGHTING.findall(one.replace("_", " ")))), [])
    said = " ".join(dict.fromkeys("".join(one) for one in found))
    return f"{said}, by the name of its series" if said and text(flat, "Modality") == "MR" else ""


def _modes(flat: Dataset) -> str:
    """What the regions of an ultrasound picture show."""
    kinds = [number(region, "RegionDataType") for region in _regions(flat)]
    return ", ".join(dict.fromkeys(MODES[int(kind)] for kind in kinds if kind is not None and kind in MODES))


def _regions(flat: Dataset) -> list[Dataset]:
    try:
        return list(flat.get("SequenceOfUltrasoundRegions") or ())
    except DAMAGE:
        return []


def _codes(flat: Dataset, keyword: str) -> list[str]:
    try:
        value = flat.get(keyword) or ()
        return [str(one).strip().upper() for one in ([value] if isinstance(value, str) else value)]
    except DAMAGE:
        return []


def _agent(flat: Dataset) -> str:
    """Whether a contrast agent is named. An absent element says nothing: many systems leave it out."""
    named = text(flat, "ContrastBolusAgent")
    if named in _NO_AGENT:
        return _NO
    return _NAMED if named or flat.get("ContrastBolusAgentSequence") else ""
