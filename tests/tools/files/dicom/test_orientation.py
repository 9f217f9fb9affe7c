"""Planes, the letters at the edges, and slices that lie otherwise than usual."""

from __future__ import annotations

import pytest

from tests.inputs.make_dicom import make_dicom, ramp
from tests.inputs.make_series import AXIAL, CORONAL, SAGITTAL
from tools.files.arrays.limits import ReadLimits
from tools.files.dicom.reader import read_dicom


def read(path, orientation=None, **elements):
    told = {"ImageOrientationPatient": orientation} if orientation else {}
    return read_dicom(make_dicom(path / "a.dcm", ramp(), modality="MR", **told, **elements), ReadLimits())


@pytest.mark.parametrize(
    ("orientation", "plane", "sides"),
    [
        (AXIAL, "axial", "RLAP"),
        (CORONAL, "coronal", "RLHF"),
        (SAGITTAL, "sagittal", "APHF"),
        (["-1", "0", "0", "0", "1", "0"], "axial", "LRAP"),
        (["-1", "0", "0", "0", "-1", "0"], "axial", "LRPA"),
        (["1", "0", "0", "0", "-1", "0"], "axial", "RLPA"),
        (["0", "1", "0", "-1", "0", "0"], "axial", "APLR"),
    ],
)
def test_every_edge_has_the_letter_of_its_side(tmp_path, orientation, plane, sides):
    facts = read(tmp_path, orientation).facts
    assert facts["plane"] == plane
    names = ("left edge", "right edge", "upper edge", "lower edge")
    for name, letter in zip(names, sides, strict=True):
        assert f"{name} {letter} (" in facts["sides"]


def test_a_tilted_slice_has_the_nearest_side_first(tmp_path):
    facts = read(tmp_path, ["1", "0", "0", "0", "0.6428", "-0.7660"]).facts
    assert facts["plane"] == "oblique"
    assert "upper edge HA (head-front), lower edge FP (feet-back)" in facts["sides"]


@pytest.mark.parametrize(
    ("orientation", "words"),
    [
        (["-1", "0", "0", "0", "1", "0"], "mirrored"),
        (["1", "0", "0", "0", "-1", "0"], "upside down"),
        (["-1", "0", "0", "0", "-1", "0"], "turned by 180 degrees"),
        (["0", "1", "0", "-1", "0", "0"], "turned: "),
        (["1", "0", "0", "0", "0", "1"], "upside down"),
        (["0", "-1", "0", "0", "0", "-1"], "mirrored"),
    ],
)
def test_a_slice_that_lies_otherwise_than_usual_is_told(tmp_path, orientation, words):
    (said,) = [note for note in read(tmp_path, orientation).notes if "usual" in note and "view" in note]
    assert words in said


@pytest.mark.parametrize("orientation", [AXIAL, CORONAL, SAGITTAL, None])
def test_the_usual_view_needs_no_word(tmp_path, orientation):
    assert not any("view" in note and "usual" in note for note in read(tmp_path, orientation).notes)


@pytest.mark.parametrize(
    ("pair", "sides", "mirrored"),
    [(["L", "F"], "left edge R (right), right edge L (left)", False), (["R", "F"], "left edge L", True)],
)
def test_a_radiograph_has_the_sides_of_patient_orientation(tmp_path, pair, sides, mirrored):
    image = read(tmp_path, PatientOrientation=pair)
    assert image.facts["sides"].startswith(sides)
    assert any("mirrored" in note for note in image.notes) is mirrored


@pytest.mark.parametrize("pair", [["L"], ["JANE", "ROE"], ["", ""]])
def test_a_patient_orientation_that_is_none_says_nothing(tmp_path, pair):
    assert "sides" not in read(tmp_path, PatientOrientation=pair).facts


@pytest.mark.parametrize(("code", "words"), [("HFP", "on the belly"), ("FFDL", "on the left side")])
def test_a_patient_who_did_not_lie_on_the_back_is_told(tmp_path, code, words):
    assert any(words in note for note in read(tmp_path, AXIAL, PatientPosition=code).notes)
    assert not any("The patient lay" in note for note in read(tmp_path, AXIAL, PatientPosition="HFS").notes)


@pytest.mark.parametrize(
    "orientation",
    [
        ["1", "6.123233995736", "0", "0", "1", "0"],  # “6.123233995736766e-17”, cut off
        ["1", "0", "0", "0.3", "0.95", "0"],
        ["0.5", "0", "0", "0", "0.5", "0"],
    ],
)
def test_what_are_no_two_directions_at_a_right_angle_tells_no_plane(tmp_path, orientation):
    facts = read(tmp_path, orientation).facts
    assert "plane" not in facts and "sides" not in facts


def test_directions_that_were_rounded_are_taken(tmp_path):
    assert read(tmp_path, ["0.99", "0.08", "0", "-0.08", "0.99", "0"]).facts["plane"] == "axial"
