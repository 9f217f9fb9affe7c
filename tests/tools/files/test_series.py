"""Folders and zips: series apart, slices in anatomical order, limits on what is unpacked."""

from __future__ import annotations

import io
import random
import zipfile

import numpy as np
import pytest
from pydicom.uid import generate_uid

from store.errors import CaseError
from tests.inputs.make_dicom import make_dicom, ramp
from tools.files.arrays.limits import ReadLimits
from tools.files.series import read_folder, read_zip

LIMITS = ReadLimits()
AXIAL, CORONAL = ["1", "0", "0", "0", "1", "0"], ["1", "0", "0", "0", "0", "-1"]


def slices(folder, count=5, *, uid=None, gap=2.0, shuffled=True, first=0, **elements):
    """One series; the value of each slice is its number from the feet up."""
    folder.mkdir(exist_ok=True)
    uid = uid or generate_uid()
    names = list(range(count))
    if shuffled:
        random.Random(4).shuffle(names)
    told = {"ImageOrientationPatient": AXIAL, "RescaleSlope": "1", "RescaleIntercept": "0"} | elements
    for number, name in enumerate(names):
        make_dicom(
            folder / f"{uid[-6:]}-{name}",
            np.full((8, 10), 10 * (number + first), np.uint16),
            SeriesInstanceUID=uid,
            InstanceNumber=count - number,
            ImagePositionPatient=["0", "0", str(number * gap)],
            **told,
        )
    return folder


def pack(folder, path):
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for file in sorted(folder.iterdir()):
            archive.write(file, file.name)
    return path


def unzip(path, tmp_path, limits=LIMITS):
    unpacked = tmp_path / "unpacked"
    unpacked.mkdir()
    return read_zip(path, unpacked, limits)


def test_a_folder_with_one_dicom_file_that_cannot_be_used_says_why(tmp_path):
    (tmp_path / "a").mkdir()
    make_dicom(tmp_path / "a" / "report", None, modality="SR")
    with pytest.raises(CaseError, match="This DICOM file is "):
        read_folder(tmp_path / "a", LIMITS)


def test_slices_follow_their_position_and_not_their_names_or_numbers(tmp_path):
    (image,) = read_folder(slices(tmp_path / "a"), LIMITS)
    assert image.values[:, 0, 0].tolist() == [0, 10, 20, 30, 40]
    assert image.facts["slice spacing"] == "2 mm"
    assert image.facts["frames"] == "5"


def test_a_zip_gives_the_same_as_its_folder(tmp_path):
    folder = slices(tmp_path / "a")
    (from_folder,) = read_folder(folder, LIMITS)
    (from_zip,) = unzip(pack(folder, tmp_path / "a.zip"), tmp_path)
    assert (from_zip.frames == from_folder.frames).all()
    assert from_zip.facts == from_folder.facts


def test_two_series_are_two_images(tmp_path):
    folder = slices(tmp_path / "a", 3)
    slices(folder, 4, first=50)
    counts = sorted(image.frame_count for image in read_folder(folder, LIMITS))
    assert counts == [3, 4]


def test_a_scout_in_another_plane_is_an_image_of_its_own(tmp_path):
    uid = generate_uid()
    folder = slices(tmp_path / "a", 4, uid=uid)
    make_dicom(folder / "scout", ramp(8, 10), SeriesInstanceUID=uid, ImageOrientationPatient=CORONAL)
    assert sorted(image.frame_count for image in read_folder(folder, LIMITS)) == [1, 4]


def test_slices_of_another_size_are_an_image_of_their_own(tmp_path):
    uid = generate_uid()
    folder = slices(tmp_path / "a", 3, uid=uid)
    make_dicom(folder / "other", ramp(16, 16), SeriesInstanceUID=uid, ImageOrientationPatient=AXIAL)
    assert sorted(image.frame_count for image in read_folder(folder, LIMITS)) == [1, 3]


def test_without_positions_the_instance_number_counts(tmp_path):
    folder = slices(tmp_path / "a", ImageOrientationPatient=None)
    (image,) = read_folder(folder, LIMITS)
    assert image.values[:, 0, 0].tolist() == [40, 30, 20, 10, 0]
    assert any("instance numbers" in note for note in image.notes)
    assert "slice spacing" not in image.facts


def test_repeated_positions_follow_the_instance_number(tmp_path):
    (image,) = read_folder(slices(tmp_path / "a", gap=0.0), LIMITS)
    assert any("repeats positions" in note for note in image.notes)


def test_uneven_gaps_give_no_slice_spacing_and_a_note(tmp_path):
    folder = slices(tmp_path / "a", shuffled=False)
    next(file for file in folder.iterdir() if file.name.endswith("-2")).unlink()
    (image,) = read_folder(folder, LIMITS)
    assert "slice spacing" not in image.facts
    assert any("may be missing" in note for note in image.notes)


def test_radiographs_of_one_series_stay_apart(tmp_path):
    folder = tmp_path / "a"
    folder.mkdir()
    uid = generate_uid()
    for name in ("pa", "lateral"):
        make_dicom(folder / name, ramp(), modality="DX", SeriesInstanceUID=uid)
    assert [image.frame_count for image in read_folder(folder, LIMITS)] == [1, 1]


def test_other_files_are_left_out_with_a_note(tmp_path):
    folder = slices(tmp_path / "a")
    (folder / "README.txt").write_text("This disc was burnt for Jane Roe.")
    make_dicom(folder / "report", None, modality="SR", SOPClassUID="1.2.840.10008.5.1.4.1.1.88.33")
    (image,) = read_folder(folder, LIMITS)
    assert image.frame_count == 5
    assert any(note.startswith("2 other files") for note in image.notes)
    assert "Jane" not in repr(image.notes)


def test_a_folder_without_dicom_is_refused(tmp_path):
    (tmp_path / "a.txt").write_text("nothing here")
    (tmp_path / "b.txt").write_text("nor here")
    with pytest.raises(CaseError, match="no DICOM picture"):
        read_folder(tmp_path, LIMITS)


def test_links_are_not_followed(tmp_path):
    outside = slices(tmp_path / "outside")
    folder = tmp_path / "a"
    folder.mkdir()
    (folder / "link").symlink_to(next(outside.iterdir()))
    (folder / "folder").symlink_to(outside)
    with pytest.raises(CaseError, match="no DICOM picture"):
        read_folder(folder, LIMITS)


def test_names_in_a_zip_lead_nowhere(tmp_path):
    folder = slices(tmp_path / "a", 1)
    path = tmp_path / "a.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.write(next(folder.iterdir()), "../../escaped")
        archive.write(next(folder.iterdir()), "/absolute")
    unzip(path, tmp_path)
    assert not list(tmp_path.rglob("escaped"))
    assert sorted(file.name for file in (tmp_path / "unpacked").iterdir()) == ["000001", "000002"]


def nested(data, levels):
    for _ in range(levels):
        file = io.BytesIO()
        with zipfile.ZipFile(file, "w") as archive:
            archive.writestr("inner.zip", data)
        data = file.getvalue()
    return data


@pytest.mark.parametrize(("levels", "refused"), [(2, False), (3, True)])
def test_zips_in_zips_are_read_as_deep_as_allowed(tmp_path, levels, refused):
    inner = pack(slices(tmp_path / "a", 2), tmp_path / "a.zip").read_bytes()
    path = tmp_path / "outer.zip"
    path.write_bytes(nested(inner, levels))
    limits = ReadLimits(max_nesting=2)
    if refused:
        with pytest.raises(CaseError, match="more than 2 deep"):
            unzip(path, tmp_path, limits)
    else:
        (image,) = unzip(path, tmp_path, limits)
        assert image.frame_count == 2


def test_a_zip_bomb_is_refused_while_unpacking(tmp_path):
    path = tmp_path / "bomb.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a", bytes(30 * 1024**2))
    with pytest.raises(CaseError, match="more than 8 MB"):
        unzip(path, tmp_path, ReadLimits(max_bytes=8 * 1024**2))
    written = sum(file.stat().st_size for file in (tmp_path / "unpacked").iterdir())
    assert written <= 9 * 1024**2


def test_too_many_files_are_refused(tmp_path):
    folder = slices(tmp_path / "a", 5)
    with pytest.raises(CaseError, match="more than 4 files"):
        unzip(pack(folder, tmp_path / "a.zip"), tmp_path, ReadLimits(max_frames=2))


def test_too_many_values_in_all_are_refused(tmp_path):
    with pytest.raises(CaseError, match="million"):
        read_folder(slices(tmp_path / "a", 5), ReadLimits(max_total_voxels=399))


def test_a_password_is_told(tmp_path):
    path = pack(slices(tmp_path / "a", 1), tmp_path / "a.zip")
    data = bytearray(path.read_bytes())
    data[data.index(b"PK\x01\x02") + 8] |= 1
    path.write_bytes(data)
    with pytest.raises(CaseError, match="password"):
        unzip(path, tmp_path)


def test_a_damaged_zip_is_refused(tmp_path):
    path = pack(slices(tmp_path / "a"), tmp_path / "a.zip")
    path.write_bytes(path.read_bytes()[:-60])
    with pytest.raises(CaseError, match="damaged"):
        unzip(path, tmp_path)


def disc(folder):
    """A folder as scanners write discs: DICOM files without extension below an index."""
    from pydicom.fileset import FileSet

    ids = {"PatientID": "1", "PatientName": "A", "StudyDate": "20200101", "StudyTime": "1200", "StudyID": "1"}
    series = {"StudyInstanceUID": "1.2.3", "SeriesInstanceUID": "1.2.3.4", "SeriesNumber": "1"}
    files = FileSet()
    for number in (1, 2):
        path = folder / f"{number}.dcm"
        files.add(make_dicom(path, ramp(), modality="CR", InstanceNumber=str(number), **ids, **series))
    files.write(folder / "disc")
    return folder / "disc"


def test_the_index_of_a_disc_is_named_and_the_disc_itself_is_read(tmp_path):
    from tools.files.decode_worker import read

    (tmp_path / "made").mkdir()
    made = disc(tmp_path / "made")
    with pytest.raises(CaseError, match="DICOMDIR, the index of a disc; send the folder"):
        read(made / "DICOMDIR", tmp_path, ReadLimits())
    assert len(read(made, tmp_path, ReadLimits())) == 2
