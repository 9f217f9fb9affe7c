"""DICOM files and their copies."""

import numpy as np
import pytest
from pydicom import dcmread
from pydicom.sequence import Sequence
from pydicom.uid import JPEGBaseline8Bit

from store.errors import CaseError
from tests.inputs.make_dicom import CT, build, compressed, make_dicom, ramp, save
from tools.files.decoding import Decoder
from tools.privacy.dicom import clean_dicom
from tools.privacy.secret import Secret

SECRET = Secret(b"k" * 32)
MARK = "ZQMARKER"


def planted(path, pixels=None, **more):
    """A CT slice with marks in its header, its file header and behind its pixels."""
    ds = build(ramp() if pixels is None else pixels, **{**CT, **more})
    ds.PatientName, ds.PatientID, ds.StudyDate = f"{MARK}^Anna", f"{MARK}-1", "20240301"
    ds.StudyInstanceUID, ds.ConvolutionKernel = "1.2.3.4", "B30f"
    ds.PixelSpacing, ds.ImagePositionPatient = [0.5, 0.5], [1, 2, 3]
    ds.private_block(0x0029, MARK, create=True).add_new(1, "LO", MARK)
    inner = build(None)
    inner.PatientName = MARK
    ds.RequestAttributesSequence = Sequence([inner])
    ds.PixelData += MARK.encode()
    save(ds, path)
    with_meta = dcmread(path)
    with_meta.file_meta.SourceApplicationEntityTitle = MARK
    with_meta.preamble = MARK.encode().ljust(128, b"x")
    with_meta.save_as(path)
    return path


def copied(path, tmp_path, *, move_dates=False):
    copy = clean_dicom(path, SECRET, move_dates=move_dates)
    target = tmp_path / "copy.dcm"
    target.write_bytes(copy.data)
    return copy, target


def test_nothing_planted_is_left_in_any_byte_of_the_copy(tmp_path):
    source = planted(tmp_path / "a.dcm")
    before = source.read_bytes()
    copy, _ = copied(source, tmp_path)
    assert MARK.encode() in before
    assert MARK.encode() not in copy.data
    assert b"20240301" not in copy.data
    assert source.read_bytes() == before
    names = {change.attribute for change in copy.changes}
    assert names >= {
        "PatientName",
        "PatientID",
        "SourceApplicationEntityTitle",
        "preamble",
        "PixelData.padding",
    }
    assert MARK not in str(copy.changes)


def test_pixels_scale_geometry_and_kernel_are_those_of_the_source(tmp_path):
    _, target = copied(planted(tmp_path / "a.dcm"), tmp_path)
    ds = dcmread(target)
    assert (ds.pixel_array == ramp()).all()
    assert (ds.RescaleIntercept, ds.ConvolutionKernel) == (-1024, "B30f")
    assert (list(ds.PixelSpacing), list(ds.ImagePositionPatient)) == ([0.5, 0.5], [1, 2, 3])


@pytest.mark.process
def test_a_copy_is_read_with_the_same_values_as_its_source(tmp_path):
    source = planted(tmp_path / "a.dcm")
    _, target = copied(source, tmp_path)
    with Decoder() as decoder:
        (before,), (after,) = decoder.read(source), decoder.read(target)
    assert (before.frames == after.frames).all()
    assert (before.values == after.values).all()
    assert before.spacing_mm == after.spacing_mm


@pytest.mark.parametrize("move_dates", [False, True])
def test_a_copy_of_a_copy_is_the_same_to_the_byte(tmp_path, move_dates):
    first, target = copied(planted(tmp_path / "a.dcm"), tmp_path, move_dates=move_dates)
    second = clean_dicom(target, SECRET, move_dates=move_dates)
    assert second.data == first.data
    assert not second.changes


def test_dates_of_one_patient_keep_their_distance(tmp_path):
    dates = []
    for number, date in enumerate(("20240301", "20240315")):
        path = make_dicom(tmp_path / f"{number}.dcm", ramp(), PatientID="4711", StudyDate=date)
        _, target = copied(path, tmp_path, move_dates=True)
        dates.append(np.datetime64(f"{(d := dcmread(target).StudyDate)[:4]}-{d[4:6]}-{d[6:]}"))
    assert dates[1] - dates[0] == np.timedelta64(14, "D")
    assert dates[0] < np.datetime64("2024-03-01")


def test_dates_without_a_patient_or_study_to_move_them_by_are_removed(tmp_path):
    path = make_dicom(tmp_path / "a.dcm", ramp(), StudyDate="20240301")
    copy, _ = copied(path, tmp_path, move_dates=True)
    assert b"20240301" not in copy.data


def test_the_copy_says_what_was_done_and_not_that_pixels_nobody_saw_are_clean(tmp_path):
    _, target = copied(planted(tmp_path / "a.dcm"), tmp_path)
    ds = dcmread(target)
    assert [one.CodeValue for one in ds.DeidentificationMethodCodeSequence] == ["113100"]
    assert (ds.PatientIdentityRemoved, ds.LongitudinalTemporalInformationModified) == ("NO", "REMOVED")
    copy, target = copied(planted(tmp_path / "b.dcm", BurnedInAnnotation="NO"), tmp_path)
    assert dcmread(target).PatientIdentityRemoved == "YES"
    assert copy.pixels_seen


def test_what_another_program_said_of_its_method_goes_too(tmp_path):
    path = make_dicom(tmp_path / "a.dcm", ramp(), DeidentificationMethod=f"by {MARK}")
    copy, _ = copied(path, tmp_path)
    assert MARK.encode() not in copy.data
    assert "DeidentificationMethod" in {change.attribute for change in copy.changes}


def test_words_in_compressed_frames_go_and_the_pixels_stay(tmp_path):
    import io

    from PIL import Image as PillowImage

    frames = []
    for level in (40, 200):
        file = io.BytesIO()
        picture = PillowImage.fromarray(np.full((16, 16), level, np.uint8))
        picture.save(file, "JPEG", comment=MARK.encode())
        frames.append(file.getvalue())
    ds = build(np.zeros((2, 16, 16), np.uint8), modality="US")
    path = compressed(ds, frames, tmp_path / "a.dcm", JPEGBaseline8Bit)
    copy, target = copied(path, tmp_path)
    assert MARK.encode() in path.read_bytes()
    assert MARK.encode() not in copy.data
    assert (dcmread(target).pixel_array == dcmread(path).pixel_array).all()
    assert not clean_dicom(target, SECRET, move_dates=False).changes


def test_a_file_without_preamble_or_class_gets_a_copy(tmp_path):
    ds = build(ramp())
    ds.PatientName = MARK
    del ds.SOPInstanceUID
    copy, target = copied(save(ds, tmp_path / "a.dcm", bare=True), tmp_path)
    assert MARK.encode() not in copy.data
    assert clean_dicom(target, SECRET, move_dates=False).data == copy.data


def test_a_directory_of_files_is_refused_in_words(tmp_path):
    path = make_dicom(tmp_path / "DICOMDIR", None, DirectoryRecordSequence=Sequence([build(None)]))
    with pytest.raises(CaseError, match="DICOMDIR"):
        clean_dicom(path, SECRET, move_dates=False)


def test_a_file_with_nothing_in_it_is_refused_in_words(tmp_path):
    path = tmp_path / "a.dcm"
    path.write_bytes(b"\0" * 128 + b"DICM")
    with pytest.raises(CaseError, match="holds nothing"):
        clean_dicom(path, SECRET, move_dates=False)


def test_sequences_in_sequences_without_end_are_cut_off_and_nothing_in_them_is_kept(tmp_path):
    ds = inner = build(ramp())
    for _ in range(60):
        inner.ReferencedInstanceSequence = Sequence([build(None)])
        inner = inner.ReferencedInstanceSequence[0]
    inner.PatientName = MARK
    copy, _ = copied(save(ds, tmp_path / "a.dcm"), tmp_path)
    assert MARK.encode() not in copy.data
