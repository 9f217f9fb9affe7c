"""Facts of the slice shown, and one sentence on what differs."""

from __future__ import annotations

import pytest

from tests.inputs.make_series import AXIAL, CORONAL, SAGITTAL, make_enhanced, make_series
from tools.files.arrays.limits import ReadLimits
from tools.files.dicom.reader import read_dicom
from tools.files.series import read_folder

LIMITS = ReadLimits()


@pytest.fixture
def windows(tmp_path):
    slices = [
        {
            "value": 50,
            "z": 4.0 * k,
            "WindowCenter": str(100 + k),
            "WindowWidth": str(200 + 2 * k),
            "KVP": "90",
        }
        for k in range(12)
    ]
    slices[3]["KVP"] = "110"
    (image,) = read_folder(make_series(tmp_path / "a", slices), LIMITS)
    return image


def test_the_window_is_that_of_the_slice_shown(windows):
    for k in (0, 5, 11):
        assert windows.at(k).facts["window"] == f"level {100 + k}, width {200 + 2 * k} (from the file)"
    assert windows.facts["window"].startswith(f"level {100 + windows.index},")


def test_brightness_is_told_in_one_sentence(windows):
    for k in (0, 7):
        (said,) = [note for note in windows.at(k).notes if "Brightness" in note]
        assert f"level {100 + k}, width {200 + 2 * k}" in said


def test_what_differs_is_told_once_and_how(windows):
    (said,) = [note for note in windows.notes if "differ" in note]
    assert "window (12 different, from level 100, width 200 to level 111, width 222)" in said
    assert "tube voltage (90 kV, 110 kV)" in said


def test_a_fact_that_one_slice_has_alone_is_gone_on_the_next(windows):
    assert windows.at(3).facts["tube voltage"] == "110 kV"
    assert windows.at(3).at(4).facts["tube voltage"] == "90 kV"


def test_slices_that_are_alike_carry_nothing_of_their_own(tmp_path):
    slices = [{"value": 50, "z": 4.0 * k} for k in range(3)]
    (image,) = read_folder(make_series(tmp_path / "a", slices), LIMITS)
    assert image.slices == ()
    assert not any("differ" in note for note in image.notes)


def test_each_frame_of_a_survey_has_its_own_plane_scale_and_sides(tmp_path):
    frames = [
        {"value": 50, "z": 0.0, "orientation": lies, "spacing": [size, size]}
        for lies, size in ((SAGITTAL, "0.8"), (AXIAL, "1.5"), (CORONAL, "3"))
    ]
    image = read_dicom(make_enhanced(tmp_path / "a.dcm", frames), LIMITS)
    told = [(image.at(k).facts["plane"], image.at(k).spacing_mm) for k in range(3)]
    assert told == [("sagittal", (0.8, 0.8)), ("axial", (1.5, 1.5)), ("coronal", (3.0, 3.0))]
    assert image.at(0).facts["sides"].startswith("left edge A (front), right edge P (back)")
    assert any("different planes" in note for note in image.notes)


def test_a_fact_that_some_slices_lack_is_not_told_of_them(tmp_path):
    slices = [{"value": 50, "z": 4.0 * k} for k in range(2)]
    slices[1]["SliceThickness"] = "4"
    (image,) = read_folder(make_series(tmp_path / "a", slices), LIMITS)
    assert "slice thickness" not in image.at(0).facts
    assert image.at(1).facts["slice thickness"] == "4 mm"
