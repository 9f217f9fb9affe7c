"""NIfTI volumes: axes, scale, limits from the header."""

import gzip
import struct

import nibabel
import numpy as np
import pytest

from store.errors import CaseError
from tools.files.arrays.limits import ReadLimits
from tools.files.nifti import read_nifti

LIMITS = ReadLimits()


def volume(shape=(20, 24, 10)):
    """Dark, with a bright block at the patient's left front, low down (voxels in RAS+ order)."""
    values = np.zeros(shape, np.int16)
    values[: shape[0] // 4, -shape[1] // 4 :, 2:4] = 1000
    return values


def write(path, values, affine=None, units="mm", kind=nibabel.Nifti1Image, codes=(1, 1)):
    image = kind(values, np.diag([2.0, 3.0, 5.0, 1.0]) if affine is None else affine)
    image.header.set_xyzt_units(units)
    image.set_sform(image.affine, codes[0])
    image.set_qform(image.affine, codes[1])
    nibabel.save(image, path)
    return path


@pytest.mark.parametrize("name", ["v.nii", "v.nii.gz"])
@pytest.mark.parametrize("kind", [nibabel.Nifti1Image, nibabel.Nifti2Image])
def test_a_volume_is_shown_axially_with_the_patients_left_on_the_right(tmp_path, name, kind):
    image = read_nifti(write(tmp_path / name, volume(), kind=kind), LIMITS)
    assert image.frames.shape == (10, 24, 20)
    assert image.frames[2, 0, -1] == 255  # left front: top right of the picture
    assert image.frames[2, 0, 0] == 0
    assert image.frames[2, -1, -1] == 0
    assert image.spacing_mm == (3.0, 2.0)
    assert any("patient's left is on the right" in note for note in image.notes)


@pytest.mark.parametrize("axes", ["LPS", "PIR", "SAL"])
def test_other_storage_orders_show_the_same_picture(tmp_path, axes):
    from nibabel import orientations

    plain = nibabel.Nifti1Image(volume(), np.diag([2.0, 3.0, 5.0, 1.0]))
    turn = orientations.ornt_transform(
        orientations.axcodes2ornt(tuple("RAS")), orientations.axcodes2ornt(tuple(axes))
    )
    turned = plain.as_reoriented(turn)
    expected = read_nifti(write(tmp_path / "a.nii", volume()), LIMITS)
    image = read_nifti(write(tmp_path / "b.nii", np.asarray(turned.dataobj), turned.affine), LIMITS)
    assert (image.frames == expected.frames).all()
    assert image.spacing_mm == expected.spacing_mm


def header_with(tmp_path, place, data):
    """A volume whose header holds other bytes at one place."""
    path = write(tmp_path / "v.nii", volume())
    content = bytearray(path.read_bytes())
    content[place : place + len(data)] = data
    path.write_bytes(content)
    return path


@pytest.mark.parametrize(
    ("place", "data", "said"),
    [
        (40, struct.pack("<h", 0), "nothing to show"),  # no dimensions
        (70, struct.pack("<h", 9999), "damaged"),  # an unknown type of values
        (280, struct.pack("<4f", *[float("nan")] * 4), "damaged"),  # an affine that leads nowhere
    ],
)
def test_a_header_that_says_nothing_usable_is_refused_in_words(tmp_path, place, data, said):
    with pytest.raises(CaseError, match=said):
        read_nifti(header_with(tmp_path, place, data), LIMITS)


def test_a_packed_volume_that_ends_within_its_header_is_cut_off(tmp_path):
    whole = write(tmp_path / "v.nii", volume(), kind=nibabel.Nifti2Image).read_bytes()
    path = tmp_path / "v.nii.gz"
    path.write_bytes(gzip.compress(whole[:400]))
    with pytest.raises(CaseError, match="cut off"):
        read_nifti(path, LIMITS)


def test_without_orientation_codes_no_side_is_claimed(tmp_path):
    image = read_nifti(write(tmp_path / "v.nii", volume(), codes=(0, 0)), LIMITS)
    assert any("unknown" in note for note in image.notes)
    assert not any("patient's left" in note for note in image.notes)


@pytest.mark.parametrize("units", ["unknown", "micron", "meter"])
def test_without_millimetres_in_the_header_there_is_no_scale(tmp_path, units):
    assert read_nifti(write(tmp_path / "v.nii", volume(), units=units), LIMITS).spacing_mm is None


def test_the_examination_is_never_guessed(tmp_path):
    image = read_nifti(write(tmp_path / "v.nii", volume()), LIMITS)
    assert (image.modality, image.body_part, image.values, image.unit) == (None, None, None, None)


def test_of_several_volumes_the_first_is_shown_with_a_note(tmp_path):
    values = np.stack([volume(), volume() * 0 + 7], axis=3)
    image = read_nifti(write(tmp_path / "v.nii.gz", values), LIMITS)
    assert image.frames.shape == (10, 24, 20)
    assert image.frames.max() == 255
    assert any("2 volumes; the first" in note for note in image.notes)


def test_scaled_and_missing_values_are_shown(tmp_path):
    values = np.linspace(-1, 1, 4 * 4 * 100).reshape(4, 4, 100).astype(np.float32)
    values[0, 0, 0] = np.nan
    image = read_nifti(write(tmp_path / "v.nii", values), LIMITS)
    assert image.frames[0].min() == 0
    assert image.frames[-1].max() == 255


def test_a_flat_picture_is_one_slice(tmp_path):
    assert read_nifti(write(tmp_path / "v.nii", volume()[:, :, 2]), LIMITS).frame_count == 1


def bomb(path, dims, kind=gzip.open):
    image = nibabel.Nifti1Image(np.zeros((2, 2, 2), np.int16), np.eye(4))
    data = bytearray(image.to_bytes())
    data[40:56] = struct.pack("<8h", 3, *dims, 1, 1, 1, 1)
    with kind(path, "wb") as file:
        file.write(bytes(data))
    return path


@pytest.mark.parametrize(("dims", "word"), [((32767, 32767, 32767), "pixels"), ((600, 600, 999), "million")])
@pytest.mark.parametrize("kind", [open, gzip.open])
def test_a_bomb_is_refused_by_its_header(tmp_path, dims, word, kind):
    with pytest.raises(CaseError, match=word):
        read_nifti(bomb(tmp_path / "v", dims, kind), LIMITS)


@pytest.mark.parametrize("kind", [open, gzip.open])
def test_a_cut_off_volume_is_refused(tmp_path, kind):
    with pytest.raises(CaseError, match="cut off"):
        read_nifti(bomb(tmp_path / "v", (100, 100, 100), kind), LIMITS)


def test_a_cut_off_gzip_is_refused(tmp_path):
    noise = np.random.default_rng(0).integers(0, 1000, (20, 20, 20)).astype(np.int16)
    path = write(tmp_path / "v.nii.gz", noise)
    path.write_bytes(path.read_bytes()[:-2000])
    with pytest.raises(CaseError, match="cut off"):
        read_nifti(path, LIMITS)


def test_gzip_of_something_else_is_named(tmp_path):
    path = tmp_path / "v.nii.gz"
    path.write_bytes(gzip.compress(b"a text"))
    with pytest.raises(CaseError, match="no NIfTI volume"):
        read_nifti(path, LIMITS)


def test_a_header_in_two_parts_is_refused_with_the_way_out(tmp_path):
    image = nibabel.Nifti1Image(volume(), np.eye(4))
    data = bytearray(image.to_bytes())
    data[344:348] = b"ni1\x00"
    (tmp_path / "v.hdr").write_bytes(data)
    with pytest.raises(CaseError, match=r"single \.nii"):
        read_nifti(tmp_path / "v.hdr", LIMITS)


def test_complex_values_are_refused(tmp_path):
    with pytest.raises(CaseError, match="complex"):
        read_nifti(write(tmp_path / "v.nii", volume().astype(np.complex64)), LIMITS)
