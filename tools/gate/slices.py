"""Slices of the scans that two packages of Debian carry: T1 MRI of heads, CT of a skull.

`slices` lists them as samples; `read_slice` draws one as a viewer would, with a window that a seed decides.
"""

from __future__ import annotations

import plistlib
import tarfile
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from store.pictures.image import Pixels

SCANS = {
    "mricron-data": ("MR head", ("ch2.nii.gz", "ch2better.nii.gz", "inia19-t1-brain.nii.gz")),
    "invesalius-examples": ("CT head", ("Cranium.inv3",)),
}
"""Package → label, and the files that are scans (the rest are maps of labels)."""

_PER_PLANE = 14
# Ours: shares of each axis between which there is something to see.
_FIRST, _LAST = 0.25, 0.8
# Centre and width in Hounsfield units: the usual brain, subdural, soft tissue and bone windows.
_WINDOWS = ((40, 80), (75, 250), (50, 400), (500, 2000))


def slices(folder: Path) -> list[tuple[str, str, str]]:
    """Name, label and group of every slice to learn from in one package's folder; none for other packages."""
    label, names = SCANS.get(folder.name, ("", ()))
    found = []
    for path in sorted(path for path in folder.rglob("*") if path.name in names):
        scan = path.relative_to(folder).as_posix()
        for plane in range(3):
            for share in np.linspace(_FIRST, _LAST, _PER_PLANE):
                found.append((f"{scan} {plane} {share:.3f}", label, f"{folder.name}/{path.name}"))
    return found


def read_slice(root: Path, name: str, seed: int) -> Pixels:
    """A slice as ``(H, W, 3)`` uint8, feet or back downwards.

    Args:
        root: the package's folder.
        name: as `slices` gives it.
        seed: decides the window.
    """
    scan, plane, share = name.rsplit(" ", 2)
    voxels, hounsfield = _scan(root / scan)
    across = np.moveaxis(voxels, int(plane), 0)
    picture = across[int(float(share) * (len(across) - 1))].astype(np.float32)
    picture = picture if plane == "0" else picture.T
    centre, width = _WINDOWS[seed % len(_WINDOWS)]
    low, high = (centre - width / 2, centre + width / 2) if hounsfield else _range(picture, seed)
    shown = np.clip((picture - low) / max(high - low, 1e-6), 0, 1)
    return np.repeat((shown * 255).astype(np.uint8)[..., None], 3, axis=2)


def _range(picture: NDArray[np.float32], seed: int) -> tuple[float, float]:
    return 0.0, float(np.percentile(picture, 97 + seed % 3)) or 1.0


@lru_cache(maxsize=2)
def _scan(path: Path) -> tuple[NDArray[Any], bool]:
    """Voxels (side to side, top to bottom, front to back) and whether they are Hounsfield units."""
    if path.suffix == ".inv3":
        return _inv3(path)[:, ::-1, ::-1], True
    import nibabel

    image = nibabel.as_closest_canonical(nibabel.load(path))
    return np.asarray(image.dataobj).transpose(0, 2, 1)[:, ::-1, ::-1], False


def _inv3(path: Path) -> NDArray[Any]:
    """The matrix of an InVesalius project: a tar with a property list beside the raw voxels."""
    with tarfile.open(path) as archive:
        files = {Path(name).name: name for name in archive.getnames()}
        about = plistlib.loads(_bytes(archive, files["main.plist"]))["matrix"]
        raw = _bytes(archive, files[about["filename"]])
    voxels = np.frombuffer(raw, about["dtype"]).reshape(about["shape"])
    return np.moveaxis(voxels, 2, 0)


def _bytes(archive: tarfile.TarFile, name: str) -> bytes:
    member = archive.extractfile(name)
    return member.read() if member else b""
