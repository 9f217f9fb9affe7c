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
    assert image.frames.shape == (10, 36, 20)  # voxels are 2 mm wide and 3 mm high
    assert image.frames[2, 0, -1] == 255  # left front: top right of the picture
    assert image.frames[2, 0, 0] == 0
    assert image.frames[2, -1, -1] == 0
    assert image.spacing_mm == (2.0, 2.0)
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
        (112, struct.pack("<2f", 2, float("nan")), "intercept that is no number"),
        (112, struct.pack("<2f", 0.5, float("inf")), "intercept that is no number"),
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


@pytest.mark.parametrize(("units", "size"), [("meter", 0.002), ("micron", 2000.0), ("mm", 2.0)])
def test_every_unit_of_length_gives_millimetres(tmp_path, units, size):
    affine = np.diag([size, size, 2 * size, 1.0])
    image = read_nifti(write(tmp_path / "v.nii", volume(), affine, units=units), LIMITS)
    assert image.spacing_mm == pytest.approx((2.0, 2.0))
    assert image.facts["voxel size"] == "2 × 2 × 4 mm (wide × high × deep)"


def test_without_a_unit_there_is_no_scale_and_it_is_told(tmp_path):
    image = read_nifti(write(tmp_path / "v.nii", volume(), units="unknown"), LIMITS)
    assert image.spacing_mm is None
    assert any("names no unit for its voxel size (2 × 3 × 5)" in note for note in image.notes)
    assert not any("mm" in value for value in image.facts.values())


def test_the_examination_is_never_guessed(tmp_path):
    image = read_nifti(write(tmp_path / "v.nii", volume()), LIMITS)
    assert (image.modality, image.body_part, image.unit) == (None, None, None)


@pytest.mark.parametrize("name", ["v.nii", "v.nii.gz"])
def test_volumes_of_one_file_follow_one_another(tmp_path, name):
    values = np.stack([volume(), volume() * 0 + 500, volume() * 0 + 1000], axis=3)
    image = read_nifti(write(tmp_path / name, values), LIMITS)
    assert image.frames.shape == (30, 36, 20)
    assert image.volumes == 3
    assert image.index < 10
    assert (image.frames[2].max(), image.frames[12].max(), image.frames[22].min()) == (255, 128, 255)
    assert image.facts["volumes"] == "3"
    assert image.at(14).facts["volume"] == "2 of 3"
    assert image.at(14).facts["slice of its volume"] == "5 of 10"
    assert any("holds 3 volumes; they follow one another" in note for note in image.notes)


@pytest.mark.parametrize(
    ("unit", "step", "said"),
    [
        ("sec", 2.5, "2500 ms (from the file)"),
        ("msec", 720, "720 ms (from the file)"),
        ("unknown", 2.5, None),
        ("sec", 0, None),
    ],
)
def test_the_time_between_volumes_is_a_fact_where_its_unit_is_named(tmp_path, unit, step, said):
    image = nibabel.Nifti1Image(np.stack([volume()] * 3, axis=-1), np.eye(4))
    image.header.set_xyzt_units("mm", unit)
    image.header["pixdim"][4] = step
    nibabel.save(image, tmp_path / "a.nii")
    assert read_nifti(tmp_path / "a.nii", LIMITS).facts.get("time between volumes") == said


def test_more_volumes_than_are_read_are_told(tmp_path):
    values = np.stack([volume()] * 5, axis=3)
    image = read_nifti(write(tmp_path / "v.nii", values), ReadLimits(max_frames=25))
    assert image.frame_count == 20
    assert any("holds 5 volumes; the first 2 are read" in note for note in image.notes)


def tilted(degrees, axis):
    """An affine of 1 mm voxels turned around one axis."""
    c, s = np.cos(np.radians(degrees)), np.sin(np.radians(degrees))
    i, j = [n for n in range(3) if n != axis]
    affine = np.eye(4)
    affine[np.ix_([i, j], [i, j])] = [[c, -s], [s, c]]
    return affine


@pytest.mark.parametrize("axis", [0, 1, 2])
def test_a_volume_that_lies_obliquely_is_told_with_its_angle(tmp_path, axis):
    image = read_nifti(write(tmp_path / "v.nii", volume(), tilted(35, axis)), LIMITS)
    assert image.notes[0].startswith("Oblique slices, nearest to axial, tilted by 35 degrees")
    assert image.facts["plane"] == "oblique, nearest to axial, tilted by 35 degrees"


def test_a_slight_tilt_is_told_and_still_axial(tmp_path):
    image = read_nifti(write(tmp_path / "v.nii", volume(), tilted(12, 0)), LIMITS)
    assert image.notes[0].startswith("Axial slices, tilted by 12 degrees")


def test_the_edges_of_an_axial_slice_have_their_sides(tmp_path):
    facts = read_nifti(write(tmp_path / "v.nii", volume()), LIMITS).facts
    assert facts["sides"] == (
        "left edge R (right), right edge L (left), upper edge A (front), lower edge P (back)"
    )
    assert facts["slice spacing"] == "5 mm"


@pytest.mark.parametrize(
    ("qform", "words"),
    [
        (np.diag([-1.0, 1.0, 1.0, 1.0]), "disagree about left and right"),
        (np.diag([1.0, -1.0, 1.0, 1.0]), "disagree about front and back"),
        (tilted(15, 2), "disagree by 15 degrees"),
    ],
)
def test_two_descriptions_that_disagree_are_told(tmp_path, qform, words):
    image = nibabel.Nifti1Image(volume(), np.eye(4))
    image.set_sform(np.eye(4), 2)
    image.set_qform(qform, 1)
    nibabel.save(image, tmp_path / "v.nii")
    read = read_nifti(tmp_path / "v.nii", LIMITS)
    assert words in read.notes[0]
    assert "uncertain" in read.notes[0]
    assert read.facts["sides"].startswith("uncertain")


def test_descriptions_that_agree_but_for_rounding_need_no_word(tmp_path):
    image = nibabel.Nifti1Image(volume(), np.eye(4))
    image.set_sform(tilted(0.5, 2), 1)
    image.set_qform(np.eye(4), 1)
    nibabel.save(image, tmp_path / "v.nii")
    assert not any("disagree" in note for note in read_nifti(tmp_path / "v.nii", LIMITS).notes)


@pytest.mark.parametrize("fill", [np.nan, np.inf])
def test_a_volume_without_a_number_is_told(tmp_path, fill):
    image = read_nifti(write(tmp_path / "v.nii", np.full((8, 8, 4), fill, np.float32)), LIMITS)
    assert any("No voxel of this volume holds a number" in note for note in image.notes)


def test_a_volume_that_unpacks_to_too_many_bytes_is_refused_with_the_numbers(tmp_path):
    path = write(tmp_path / "v.nii.gz", np.zeros((64, 64, 64), np.float64))
    with pytest.raises(CaseError, match=r"takes 2 MB unpacked; up to 1 MB"):
        read_nifti(path, ReadLimits(max_bytes=1024**2))


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


@pytest.mark.parametrize(("dims", "word"), [((32767, 32767, 32767), "pixels"), ((600, 600, 999), "unpacked")])
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


@pytest.mark.parametrize("intent", [3001, 3002, 3006])
def test_values_on_a_surface_are_named_and_no_picture(tmp_path, intent):
    image = nibabel.Nifti2Image(np.zeros((1, 1, 1, 1, 8, 9), np.float32), np.eye(4))
    image.header["intent_code"] = intent
    nibabel.save(image, tmp_path / "a.dconn.nii")
    with pytest.raises(CaseError, match="CIFTI"):
        read_nifti(tmp_path / "a.dconn.nii", LIMITS)


def test_complex_values_are_refused(tmp_path):
    with pytest.raises(CaseError, match="complex"):
        read_nifti(write(tmp_path / "v.nii", volume().astype(np.complex64)), LIMITS)
