"""Example cases that Casebook draws itself, so that a fresh installation has something to ask about.

Every picture is a drawing: numbers and shapes, no person. The DICOM ones carry honest headers (known
Hounsfield units, known spacing), so what the tools say about them can be checked against this file.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from pydicom.dataset import FileDataset

Array = NDArray[Any]
_SEED = 20

# Hounsfield units of the CT phantom's parts. Water and air define the scale; fat, muscle and bone lie inside
# the usual ranges. Source: Hounsfield scale, e.g. Bushberg et al., The Essential Physics of Medical
# Imaging, 3rd ed., ch. 10.
PHANTOM_HU = {"air": -1000, "fat": -100, "water": 0, "muscle": 50, "bone": 1000}
CT_SPACING_MM = 0.5
SLICES = 24


@dataclass(frozen=True)
class Example:
    """One drawn case.

    Attributes:
        name: short name, stable; ``examples.toml`` has its title and a sentence on it.
        questions: what one might ask, the best first.
        draw: the file's bytes (JPEG, DICOM, or a zip of DICOM slices); drawn once and kept.
        thumbnail: a small picture of it, ``(H, W, 3)`` uint8.
    """

    name: str
    questions: tuple[str, ...]
    draw: Callable[[], bytes]
    thumbnail: Callable[[], NDArray[np.uint8]]


def examples() -> tuple[Example, ...]:
    """The drawn cases in the order they are offered."""
    return (
        Example(
            "skin",
            ("What is this?", "Measure the lesion", "Find similar cases"),
            _skin_file,
            lambda: _skin(240),
        ),
        Example(
            "ct",
            (
                "What is this?",
                "How much is air, fat, soft tissue and bone?",
                "What does the file header say?",
            ),
            _ct_file,
            lambda: _grey(_window(_ct(240), 40, 1600)),
        ),
        Example(
            "chest",
            ("What is this?", "Is the picture of good technical quality?", "Find similar cases"),
            _chest_file,
            lambda: _grey(_chest(240) / 4095),
        ),
        Example(
            "volume",
            ("What is this?", "Show slice 6", "Next slice"),
            _volume_file,
            lambda: _grey(_volume_slice(11, 240) / 1000),
        ),
    )


def _rng() -> np.random.Generator:
    return np.random.default_rng(_SEED)


def _grid(size: int, height: int | None = None) -> tuple[Array, Array]:
    """(x, y) coordinates in [−1, 1] across the width, ``(height, size)``."""
    height = height or size
    y, x = np.mgrid[0:height, 0:size].astype(np.float32)
    return (x - (size - 1) / 2) / (size / 2), (y - (height - 1) / 2) / (size / 2)


def _smooth_noise(shape: tuple[int, int], sigma: float, seed: int) -> Array:
    from scipy.ndimage import gaussian_filter

    noise = gaussian_filter(np.random.default_rng(seed).standard_normal(shape), sigma, mode="reflect")
    return np.asarray(noise / noise.std(), dtype=np.float32)


def _inside(distance: Array, width: float) -> Array:
    """1 inside (distance < 0), 0 outside, a soft edge of `width` between."""
    return np.asarray(1 / (1 + np.exp(np.clip(distance / width, -30, 30))))


def _skin(size: int) -> NDArray[np.uint8]:
    """A close-up of skin with one brown, slightly asymmetric spot, ``(3/4 size, size, 3)``."""
    height = size * 3 // 4
    x, y = _grid(size, height)
    shape = (height, size)
    light = 1.02 - 0.10 * (x**2 + y**2) + 0.03 * x
    grain = _smooth_noise(shape, size / 220, 1) * 0.012 + _smooth_noise(shape, size / 40, 2) * 0.012
    pixels = np.array([226, 178, 152], np.float32) * (light + grain)[..., None]
    angle = np.arctan2(y - 0.02, x + 0.03)
    edge = 0.30 + 0.028 * np.sin(3 * angle + 0.6) + 0.018 * np.sin(5 * angle + 2) + 0.02 * np.cos(angle)
    radius = np.hypot((x + 0.03) / 1.15, (y - 0.02) / 0.92)
    spot = _inside(radius - edge, 0.012)[..., None]
    dark = _inside(np.hypot(x - 0.06, y + 0.04) - 0.13, 0.035)[..., None]
    mottle = (1 + 0.07 * _smooth_noise(shape, size / 60, 3))[..., None]
    brown = np.array([134, 84, 58], np.float32) * (1 - dark) + np.array([82, 50, 40], np.float32) * dark
    pixels = pixels * (1 - spot) + brown * mottle * light[..., None] * spot
    pixels += _rng().normal(0, 2.0, pixels.shape)
    return np.asarray(np.clip(pixels, 0, 255), dtype=np.uint8)


@cache
def _skin_file() -> bytes:
    from PIL import Image as PillowImage

    buffer = io.BytesIO()
    PillowImage.fromarray(_skin(960)).save(buffer, "JPEG", quality=93, subsampling=0)
    return buffer.getvalue()


def _ct(size: int) -> Array:
    """Hounsfield units of a water cylinder with four inserts, ``(size, size)``."""
    x, y = _grid(size)
    hu = np.full((size, size), float(PHANTOM_HU["air"]))
    hu[np.hypot(x, y) < 0.8] = PHANTOM_HU["water"]
    places = {"air": (-0.4, -0.4), "fat": (0.4, -0.4), "muscle": (-0.4, 0.4), "bone": (0.4, 0.4)}
    for name, (cx, cy) in places.items():
        hu[np.hypot(x - cx, y - cy) < 0.17] = PHANTOM_HU[name]
    return hu + _rng().normal(0, 8, hu.shape)


@cache
def _ct_file() -> bytes:
    hu = _ct(512)
    dataset = _dicom("CT", "1.2.840.10008.5.1.4.1.1.2", "ct", stored=np.clip(hu + 1024, 0, 4095))
    dataset.RescaleIntercept, dataset.RescaleSlope, dataset.RescaleType = -1024, 1, "HU"
    dataset.WindowCenter, dataset.WindowWidth = 40, 400
    dataset.PixelSpacing = [CT_SPACING_MM, CT_SPACING_MM]
    dataset.SliceThickness, dataset.KVP = 2, 120
    return _bytes(dataset)


def _chest(size: int) -> Array:
    """A projection with the look of a chest radiograph, ``(size, size)``, 12-bit, bone bright."""
    x, y = _grid(size)
    body = (np.abs(x) / 0.93) ** 4 + (np.abs(y - 0.55) / 1.45) ** 4 - 1
    depth = 1.9 * _inside(body, 0.10)
    for side in (-1, 1):
        lung = np.hypot((x - side * 0.40) / (0.30 - 0.08 * y), (y - 0.02) / 0.62) - 1
        depth -= 1.32 * _inside(lung, 0.06) * _inside(y - (0.46 - 0.28 * (x - side * 0.42) ** 2), 0.02)
        for n in range(8):
            middle = -0.62 + 0.15 * n + 0.42 * (np.abs(x) - 0.35) ** 2 + 0.12 * np.abs(x)
            depth += 0.16 * np.exp(-(((y - middle) / 0.022) ** 2)) * (np.abs(x) < 0.76) * (side * x > 0.05)
        clavicle = y + 0.66 + 0.16 * (np.abs(x) - 0.1)
        depth += 0.20 * np.exp(-((clavicle / 0.025) ** 2)) * (side * x > 0.04) * (np.abs(x) < 0.62)
    depth += 0.75 * np.exp(-((x / 0.075) ** 2)) + 0.08 * np.exp(-((x / 0.05) ** 2)) * np.sin(40 * y)
    depth += 0.75 * _inside(np.hypot((x - 0.16) / 0.27, (y - 0.24) / 0.27) - 1, 0.07)
    depth -= 0.35 * np.exp(-((x / 0.045) ** 2)) * _inside(y + 0.25, 0.05)
    depth += _smooth_noise((size, size), size / 90, 5) * 0.025
    values = 4095 * (1 - np.exp(-0.95 * np.clip(depth, 0, None)))
    return np.asarray(np.clip(values + _rng().normal(0, 40, values.shape), 0, 4095))


@cache
def _chest_file() -> bytes:
    dataset = _dicom("DX", "1.2.840.10008.5.1.4.1.1.1.1", "chest", stored=_chest(1024))
    dataset.BodyPartExamined, dataset.ViewPosition = "CHEST", "PA"
    dataset.ImagerPixelSpacing = [0.35, 0.35]
    dataset.PixelIntensityRelationship, dataset.PresentationLUTShape = "LOG", "IDENTITY"
    dataset.WindowCenter, dataset.WindowWidth = 2000, 4000
    return _bytes(dataset)


def _volume_slice(n: int, size: int) -> Array:
    """Slice `n` of an egg-shaped phantom with a shell, two cavities and a ball, ``(size, size)``, 0…1000."""
    x, y = _grid(size)
    z = (n - (SLICES - 1) / 2) / (SLICES / 2)
    egg = np.sqrt((x / 0.66) ** 2 + (y / 0.84) ** 2 + (z / 1.05) ** 2) - 1
    values = 900 * _inside(np.abs(egg) - 0.035, 0.008) + 480 * _inside(egg + 0.10, 0.015)
    for side in (-1, 1):
        cavity = np.sqrt(((x - side * 0.14) / 0.09) ** 2 + ((y + 0.05) / 0.30) ** 2 + (z / 0.5) ** 2) - 1
        values -= 360 * _inside(cavity, 0.05)
    values += 340 * _inside(np.sqrt((x - 0.30) ** 2 + (y - 0.32) ** 2 + (z - 0.15) ** 2) - 0.15, 0.01)
    values = values * (1 + 0.04 * _smooth_noise((size, size), size / 30, 100 + n))
    return np.asarray(np.clip(values + np.random.default_rng(n).normal(0, 14, values.shape), 0, 1000))


@cache
def _volume_file() -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for n in range(SLICES):
            dataset = _dicom("MR", "1.2.840.10008.5.1.4.1.1.4", "volume", stored=_volume_slice(n, 224), n=n)
            dataset.PixelSpacing, dataset.SliceThickness = [1, 1], 5
            dataset.ImagePositionPatient = [-112, -112, 5 * n]
            dataset.ImageOrientationPatient = [1, 0, 0, 0, 1, 0]
            dataset.WindowCenter, dataset.WindowWidth = 500, 1000
            archive.writestr(zipfile.ZipInfo(f"slice-{n + 1:02d}"), _bytes(dataset))
    return buffer.getvalue()


def _dicom(modality: str, sop_class: str, name: str, *, stored: Array, n: int = 0) -> FileDataset:
    """A DICOM data set with 16-bit grey pixels and what every image object needs (PS3.3 A, C.7)."""
    from pydicom.dataset import FileDataset, FileMetaDataset
    from pydicom.uid import ExplicitVRLittleEndian, generate_uid

    def uid(*parts: object) -> str:
        return str(generate_uid(entropy_srcs=["casebook drawing", name, *map(str, parts)]))

    meta = FileMetaDataset()
    meta.MediaStorageSOPClassUID = sop_class
    meta.MediaStorageSOPInstanceUID = uid("image", n)
    meta.TransferSyntaxUID = ExplicitVRLittleEndian
    dataset = FileDataset("", {}, file_meta=meta, preamble=b"\0" * 128)
    dataset.SOPClassUID, dataset.SOPInstanceUID = sop_class, uid("image", n)
    dataset.StudyInstanceUID, dataset.SeriesInstanceUID = uid("study"), uid("series")
    dataset.FrameOfReferenceUID = uid("frame")
    dataset.PatientName, dataset.PatientID = "", ""
    dataset.Modality, dataset.InstanceNumber, dataset.SeriesNumber = modality, n + 1, 1
    dataset.ImageType = ["DERIVED", "PRIMARY"]
    dataset.SamplesPerPixel, dataset.PhotometricInterpretation = 1, "MONOCHROME2"
    dataset.Rows, dataset.Columns = stored.shape
    dataset.BitsAllocated, dataset.BitsStored, dataset.HighBit, dataset.PixelRepresentation = 16, 12, 11, 0
    dataset.PixelData = np.rint(stored).astype("<u2").tobytes()
    return dataset


def _bytes(dataset: FileDataset) -> bytes:
    buffer = io.BytesIO()
    dataset.save_as(buffer, enforce_file_format=True)
    return buffer.getvalue()


def _window(values: Array, centre: float, width: float) -> Array:
    return np.clip((values - centre) / width + 0.5, 0, 1)


def _grey(unit: Array) -> NDArray[np.uint8]:
    grey = np.clip(unit * 255, 0, 255).astype(np.uint8)
    return np.repeat(grey[:, :, None], 3, axis=2)
