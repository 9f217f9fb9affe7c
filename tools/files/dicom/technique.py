"""How a picture was acquired, as far as its header says it in numbers and codes.

Names of agents, kernels and series are free text: whether there is one is told, its words are not, unless
they are on a list of ours: the kernels of large makers, and the weightings of MR.

Source: DICOM PS3.3 sections C.8.3.1 and C.8.13 (MR), C.8.2.1 and C.8.15 (CT), C.8.7 (X-ray), C.7.6.4
(Contrast/Bolus), C.7.6.5 (Cine), C.8.9.1 (PET: Units), C.7.6.1.1.5 (Lossy Image Compression), C.8.11.1.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from tools.files.arrays.limits import DAMAGE
from tools.files.dicom.display import number, text

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
)

# Source: DICOM PS3.3 section C.8.3.1.1.2 (Scanning Sequence) and C.8.13.5.2 (MR Pulse Sequence: Echo Pulse
# Sequence), C.8.9.1.1.3 (PET Units).
_SEQUENCES = {
    "SE": "spin echo",
    "SPIN": "spin echo",
    "IR": "inversion recovery",
    "GR": "gradient recalled",
    "GRADIENT": "gradient recalled",
    "BOTH": "spin and gradient echo",
    "EP": "echo planar",
    "RM": "research mode",
}
# Source: DICOM PS3.3 section C.8.3.1 (Scan Options of MR); the conformance statements of GE and Siemens (CT).
_OPTIONS = {
    "FS": "fat saturation",
    "SFS": "fat saturation",
    "SP": "spatial presaturation",
    "FC": "flow compensation",
    "PER": "phase encode reordering",
    "RG": "respiratory gating",
    "CG": "cardiac gating",
    "PPG": "peripheral pulse gating",
    "PFF": "partial Fourier in frequency",
    "PFP": "partial Fourier in phase",
    "HELICAL MODE": "helical",
    "HELICAL": "helical",
    "SPIRAL": "helical",
    "AXIAL MODE": "axial, step by step",
    "SCOUT MODE": "scout view",
}
_LOSSY = {"01": "yes, some time before or in this file", "00": "no"}
_UNITS = {
    "CNTS": "counts (from the file)",
    "CPS": "counts per second (from the file)",
    "BQML": "becquerels per millilitre (from the file)",
    "PROPCNTS": "proportional to counts (from the file)",
    "PROPCPS": "proportional to counts per second (from the file)",
    "GML": "grams per millilitre (a standardised uptake value) (from the file)",
}
# Source: DICOM PS3.3 section C.8.5.5.1.2 (Region Data Type).
_MODES = {
    1: "tissue",
    2: "colour flow",
    3: "pulsed-wave spectral Doppler",
    4: "continuous-wave spectral Doppler",
}
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
)
"""What is read of a header for this."""

GROUPS: dict[str, tuple[str, ...]] = {
    "MRTimingAndRelatedParametersSequence": ("RepetitionTime", "FlipAngle"),
    "CTExposureSequence": ("ExposureTimeInms", "XRayTubeCurrentInmA", "ExposureInmAs"),
}
"""The same of the functional groups of a multi-frame file."""


def technique(flat: Dataset) -> dict[str, str]:
    """Name and printable value of each fact that the header of a frame states."""
    found = dict(_numbers(flat))
    named = {
        "weighting": _weighting(flat),
        "pulse sequence": _sequence(flat),
        "scan options": ", ".join(
            dict.fromkeys(_OPTIONS[code] for code in _codes(flat, "ScanOptions") if code in _OPTIONS)
        ),
        "contrast agent": _agent(flat),
        "reconstruction kernel": _kernel(flat),
        "unit of values": _UNITS.get(text(flat, "Units"), ""),
        "lossy compression": _LOSSY.get(text(flat, "LossyImageCompression"), ""),
        "ultrasound modes": _modes(flat),
    }
    return found | {name: value for name, value in named.items() if value}


def _numbers(flat: Dataset) -> Iterator[tuple[str, str]]:
    for keywords, name, unit, low, high in _NUMBERS:
        value = next((v for keyword in keywords if (v := number(flat, keyword)) is not None), None)
        if value is not None and low <= value <= high:
            yield name, f"{value:.4g} {unit}".strip()


def _sequence(flat: Dataset) -> str:
    codes = [*_codes(flat, "ScanningSequence"), *_codes(flat, "EchoPulseSequence")]
    words = list(dict.fromkeys(_SEQUENCES[code] for code in codes if code in _SEQUENCES))
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
    try:
        regions = list(flat.get("SequenceOfUltrasoundRegions") or ())
    except DAMAGE:
        return ""
    kinds = [number(region, "RegionDataType") for region in regions]
    return ", ".join(
        dict.fromkeys(_MODES[int(kind)] for kind in kinds if kind is not None and kind in _MODES)
    )


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
