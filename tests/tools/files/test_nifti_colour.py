"""NIfTI volumes of colours: each voxel in its colour, turned as other volumes are."""

from __future__ import annotations

import gzip
import io

import nibabel
import numpy as np
import pytest

from store.errors import CaseError
from tools.files.arrays.limits import ReadLimits
from tools.files.nifti import read_nifti

RGB = np.dtype([("R", "u1"), ("G", "u1"), ("B", "u1")])
RGBA = np.dtype([("R", "u1"), ("G", "u1"), ("B", "u1"), ("A", "u1")])


def volume(dtype=RGB, shape=(6, 8, 4)):
    """Red at the patient's right, front and bottom; green at the left and back; blue grows upwards."""
    data = np.zeros(shape, dtype)
    data["R"][shape[0] // 2 :, shape[1] // 2 :, : shape[2] // 2] = 200  # RAS+: larger is right, front, up
    data["G"][: shape[0] // 2, : shape[1] // 2] = 150
    data["B"] = np.arange(shape[2], dtype=np.uint8) * 10
    if "A" in dtype.names:
        data["A"] = 255
        data["A"][0] = 0
    return data


def read(tmp_path, data, affine=None, kind=nibabel.Nifti1Image, packed=False):
    image = kind(data, np.eye(4) if affine is None else affine)
    image.header.set_xyzt_units("mm")
    raw = image.to_bytes()
    path = tmp_path / "a"
    path.write_bytes(gzip.compress(raw) if packed else raw)
    return read_nifti(path, ReadLimits())


@pytest.mark.parametrize("kind", [nibabel.Nifti1Image, nibabel.Nifti2Image])
@pytest.mark.parametrize("packed", [False, True])
@pytest.mark.parametrize("dtype", [RGB, RGBA], ids=["RGB24", "RGBA32"])
def test_every_voxel_is_shown_in_its_colour_and_place(tmp_path, kind, packed, dtype):
    image = read(tmp_path, volume(dtype), kind=kind, packed=packed)
    assert image.frames.shape == (4, 8, 6, 3)
    assert image.frames[1, 0, 0].tolist() == [
        200,
        0,
        10,
    ]  # the patient's right is on the left, the front above
    assert image.frames[3, 0, 0].tolist() == [0, 0, 30]
    assert image.frames[3, 7, 4].tolist() == [0, 150, 30]
    assert image.frames[3, 7, 5].tolist() == ([0, 0, 0] if dtype is RGBA else [0, 150, 30])
    assert image.facts["values"] == "colours"
    assert not any("percentile" in note for note in image.notes)
    assert any("colours" in note for note in image.notes)


@pytest.mark.parametrize("axes", ["LAS", "RPI", "ASR", "SLP"])
def test_the_order_of_storage_changes_nothing(tmp_path, axes):
    from nibabel.orientations import apply_orientation, axcodes2ornt, inv_ornt_aff, ornt_transform

    turn = ornt_transform(axcodes2ornt("RAS"), axcodes2ornt(axes))
    data = volume()
    stored = apply_orientation(data, turn)
    image = read(tmp_path, np.ascontiguousarray(stored), np.eye(4) @ inv_ornt_aff(turn, data.shape))
    assert (image.frames == read(tmp_path, data).frames).all()


def test_colours_count_three_times_against_the_limit(tmp_path):
    path = tmp_path / "a"
    path.write_bytes(nibabel.Nifti1Image(volume(), np.eye(4)).to_bytes())
    with pytest.raises(CaseError, match="up to 2 of that size are read"):
        read_nifti(path, ReadLimits(max_total_voxels=2 * 6 * 8 * 4))


def test_complex_numbers_are_still_refused_and_named(tmp_path):
    with pytest.raises(CaseError, match="complex values"):
        read(tmp_path, np.zeros((3, 3, 3), np.complex64))


def test_colours_that_are_cut_off_are_refused(tmp_path):
    path = tmp_path / "a"
    data = io.BytesIO(nibabel.Nifti1Image(volume(), np.eye(4)).to_bytes()).getvalue()
    path.write_bytes(data[:-40])
    with pytest.raises(CaseError, match="cut off"):
        read_nifti(path, ReadLimits())
