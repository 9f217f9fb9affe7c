"""Slices of the scans that packages carry."""

from __future__ import annotations

import io
import plistlib
import tarfile
from pathlib import Path

import numpy as np
import pytest

from tools.gate.data import scans
from tools.gate.slices import read_slice, slices


def nifti(folder: Path) -> Path:
    """A head of 40 by 50 by 60 voxels, bright in its upper half."""
    import nibabel

    voxels = np.zeros((40, 50, 60), np.float32)
    voxels[:, :, 30:] = 100
    package = folder / "mricron-data"
    package.mkdir()
    nibabel.save(nibabel.Nifti1Image(voxels, np.eye(4)), package / "ch2.nii.gz")
    nibabel.save(nibabel.Nifti1Image(voxels, np.eye(4)), package / "labels.nii.gz")
    return package


def inv3(folder: Path) -> Path:
    """A project file whose matrix is air below and bone above."""
    voxels = np.full((20, 30, 40), -1000, np.int16)
    voxels[10:] = 1000
    about = {"matrix": {"dtype": "int16", "filename": "matrix.dat", "shape": list(voxels.shape)}}
    package = folder / "invesalius-examples"
    package.mkdir()
    with tarfile.open(package / "Cranium.inv3", "w") as archive:
        for name, content in (("main.plist", plistlib.dumps(about)), ("matrix.dat", voxels.tobytes())):
            member = tarfile.TarInfo(f"tmp/{name}")
            member.size = len(content)
            archive.addfile(member, io.BytesIO(content))
    return package


def test_slices_are_of_scans_and_not_of_maps_of_labels(tmp_path: Path):
    package = nifti(tmp_path)
    found = slices(package)
    assert {name.split()[0] for name, _, _ in found} == {"ch2.nii.gz"}
    assert {label for _, label, _ in found} == {"MR head"}
    assert slices(tmp_path) == []


def test_a_slice_of_mri_stands_upright_in_every_plane(tmp_path: Path):
    package = nifti(tmp_path)
    side, top, front = (read_slice(package, f"ch2.nii.gz {plane} 0.500", 0) for plane in range(3))
    assert (side.shape, top.shape, front.shape) == ((60, 50, 3), (50, 40, 3), (60, 40, 3))
    assert side[:30].mean() > side[30:].mean()
    assert front[:30].mean() > front[30:].mean()


@pytest.mark.parametrize("seed", range(4))
def test_a_slice_of_ct_shows_air_black_and_bone_white_in_every_window(tmp_path: Path, seed: int):
    picture = read_slice(inv3(tmp_path), "Cranium.inv3 0 0.500", seed)
    assert picture.shape == (20, 30, 3)
    assert picture[0].min() > 180
    assert picture[-1].max() == 0


def test_slices_become_samples_that_read_themselves(tmp_path: Path):
    sample = scans([nifti(tmp_path)])[0]
    assert (sample.label, sample.source) == ("MR head", "mricron-data")
    assert sample.group == "mricron-data/ch2.nii.gz"
    assert sample.read().dtype == np.uint8
