"""Draws DICOM series and enhanced multi-frame files for tests: slices with a place in the patient."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from pydicom.dataset import Dataset
from pydicom.sequence import Sequence as Items
from pydicom.uid import generate_uid

from tests.inputs.make_dicom import build, make_dicom, save

AXIAL = ["1", "0", "0", "0", "1", "0"]
CORONAL = ["1", "0", "0", "0", "0", "-1"]
SAGITTAL = ["0", "1", "0", "0", "0", "-1"]
ENHANCED = {"CT": "1.2.840.10008.5.1.4.1.1.2.1", "MR": "1.2.840.10008.5.1.4.1.1.4.1"}
SHOWN = {"WindowCenter": "128", "WindowWidth": "256"}
"""A window in which the picture shows stored values of 0 to 255 as they are, but for rounding."""


def level(value: int, rows: int = 8, columns: int = 10) -> np.ndarray:
    """``(rows, columns)`` uint16 of one value."""
    return np.full((rows, columns), value, np.uint16)


def make_slice(path: Path, value: int, z: float | None, **elements: Any) -> Path:
    """One slice of one value; at height `z` in mm, or without a place."""
    place = {} if z is None else {"ImagePositionPatient": ["0", "0", f"{z:g}"]}
    told = {"ImageOrientationPatient": AXIAL, "PixelSpacing": ["1", "1"], "BitsStored": 12, **SHOWN, **place}
    path.parent.mkdir(parents=True, exist_ok=True)
    return make_dicom(path, level(value), modality="MR", **{**told, **elements})


def make_series(folder: Path, slices: Sequence[dict[str, Any]], **shared: Any) -> Path:
    """A folder with one series; each slice is told by the arguments of `make_slice`."""
    uid = generate_uid()
    for n, one in enumerate(slices):
        told = {"SeriesInstanceUID": uid, "z": None, **shared, **one}
        make_slice(folder / told.pop("name", f"{n:03d}"), told.pop("value"), told.pop("z"), **told)
    return folder


def make_enhanced(
    path: Path, frames: Sequence[dict[str, Any]], *, modality: str = "MR", **elements: Any
) -> Path:
    """An enhanced multi-frame file.

    Args:
        path: where it is written.
        frames: per frame ``value`` and any of ``z``, ``orientation``, ``spacing``, ``window``, ``stack``,
            ``time``, ``echo``.
        modality: CT or MR.
        elements: of the file.
    """
    pixels = np.stack([level(frame["value"]) for frame in frames])
    ds = build(pixels, modality=modality, BitsStored=12, **elements)
    ds.SOPClassUID = ENHANCED[modality]
    ds.SharedFunctionalGroupsSequence = Items([Dataset()])
    ds.PerFrameFunctionalGroupsSequence = Items([_groups(frame) for frame in frames])
    path.parent.mkdir(parents=True, exist_ok=True)
    return save(ds, path)


def item(**elements: Any) -> Items:
    """A sequence of one item."""
    ds = Dataset()
    for keyword, value in elements.items():
        setattr(ds, keyword, value)
    return Items([ds])


def _groups(frame: dict[str, Any]) -> Dataset:
    groups = Dataset()
    if "z" in frame:
        groups.PlanePositionSequence = item(ImagePositionPatient=["0", "0", f"{frame['z']:g}"])
    groups.PlaneOrientationSequence = item(ImageOrientationPatient=frame.get("orientation", AXIAL))
    groups.PixelMeasuresSequence = item(PixelSpacing=frame.get("spacing", ["1", "1"]))
    center, width = frame.get("window", ("128", "256"))
    groups.FrameVOILUTSequence = item(WindowCenter=center, WindowWidth=width)
    content = {"stack": "StackID", "time": "TemporalPositionIndex", "acquisition": "FrameAcquisitionNumber"}
    told = {keyword: frame[name] for name, keyword in content.items() if name in frame}
    if told:
        groups.FrameContentSequence = item(**told)
    if "echo" in frame:
        groups.MREchoSequence = item(EffectiveEchoTime=frame["echo"])
    return groups
