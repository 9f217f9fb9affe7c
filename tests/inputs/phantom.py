"""A drawn CT of a body with a lung, a bone and a bar of known length; nothing in it comes from a patient."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from pydicom.uid import generate_uid

from tests.inputs.make_dicom import CT, make_dicom
from tests.inputs.make_series import AXIAL

AIR, FAT, TISSUE, BONE = -1000, -90, 45, 700


def body(size: int = 128, turn: float = 0.0) -> NDArray[np.uint16]:
    """``(size, size)`` uint16, stored values of a rescale with intercept -1024.

    Args:
        size: rows and columns.
        turn: from 0 to 1, where along the body: a spot moves with it.
    """
    y, x = np.mgrid[:size, :size] / size - 0.5
    hu = np.where((x / 0.46) ** 2 + (y / 0.4) ** 2 < 1, FAT, AIR)
    hu = np.where((x / 0.42) ** 2 + (y / 0.36) ** 2 < 1, TISSUE, hu)
    for side in (-0.2, 0.2):
        hu = np.where(((x - side) / 0.15) ** 2 + (y / 0.24) ** 2 < 1, -850, hu)
    hu = np.where(x**2 + (y - 0.25) ** 2 < 0.006, BONE, hu)
    hu = np.where((x - 0.3 * (turn - 0.5)) ** 2 + (y + 0.05) ** 2 < 0.0008, 120, hu)
    return (hu + 1024).astype(np.uint16)


def make_phantom(folder: Path, slices: int, size: int = 128, **elements: Any) -> Path:
    """A folder with a CT series of the drawn body, 5 mm apart."""
    folder.mkdir(parents=True, exist_ok=True)
    uid = generate_uid()
    for number in range(slices):
        place = {"ImagePositionPatient": ["0", "0", f"{5 * number}"], "ImageOrientationPatient": AXIAL}
        shared = {"SeriesInstanceUID": uid, "PixelSpacing": ["2", "2"], "InstanceNumber": number + 1}
        path = folder / f"{number:04d}.dcm"
        make_dicom(path, body(size, number / max(slices - 1, 1)), **{**CT, **shared, **place, **elements})
    return folder
