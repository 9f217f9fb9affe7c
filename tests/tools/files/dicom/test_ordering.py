"""The order of slices: by position, passes apart, duplicates once, and unknown where it is unknown."""

from __future__ import annotations

import numpy as np
import pytest
from pydicom.uid import generate_uid

from tests.inputs.make_series import CORONAL, make_enhanced, make_series, make_slice
from tools.files.arrays.limits import ReadLimits
from tools.files.dicom.reader import read_dicom
from tools.files.series import read_folder

LIMITS = ReadLimits()


def levels(image):
    return [round(float(np.asarray(frame).mean())) for frame in image.frames]


def pass_of(start, count, first_z=0.0, gap=5.0, first_instance=1, **elements):
    """One pass upwards; each slice is 10 brighter than the one below."""
    return [
        {"value": start + 10 * k, "z": first_z + gap * k, "InstanceNumber": first_instance + k, **elements}
        for k in range(count)
    ]


def test_frames_of_an_enhanced_file_follow_their_position(tmp_path):
    frames = [{"value": value, "z": z} for value, z in ((30, 7.0), (10, -3.0), (40, 12.0), (20, 2.0))]
    image = read_dicom(make_enhanced(tmp_path / "a.dcm", frames), LIMITS)
    assert levels(image) == [10, 20, 30, 40]
    assert image.facts["slice spacing"] == "5 mm"
    assert image.facts["slice order"].startswith("by position, from feet to head")


def test_a_coronal_enhanced_file_is_sorted_from_front_to_back(tmp_path):
    frames = [{"value": v, "orientation": CORONAL} for v in (20, 10, 30)]
    path = make_enhanced(tmp_path / "a.dcm", frames)
    from pydicom import dcmread

    ds = dcmread(path)
    for groups, y in zip(ds.PerFrameFunctionalGroupsSequence, ("4", "2", "6"), strict=True):
        from tests.inputs.make_series import item

        groups.PlanePositionSequence = item(ImagePositionPatient=["0", y, "0"])
    ds.save_as(path)
    image = read_dicom(path, LIMITS)
    assert levels(image) == [10, 20, 30]
    assert "from front to back" in image.facts["slice order"]


def test_frames_that_lie_sorted_from_the_other_end_stay_as_they_are(tmp_path):
    frames = [{"value": 10 * (1 + k), "z": 12.0 - 4 * k} for k in range(3)]
    image = read_dicom(make_enhanced(tmp_path / "a.dcm", frames), LIMITS)
    assert levels(image) == [10, 20, 30]
    assert image.facts["slice order"].startswith("by position, from head to feet")


def test_a_cine_stays_in_the_order_of_its_file(tmp_path):
    frames = [{"value": value, "z": 0.0} for value in (30, 10, 20)]
    image = read_dicom(make_enhanced(tmp_path / "a.dcm", frames), LIMITS)
    assert levels(image) == [30, 10, 20]
    assert image.facts["slice order"].startswith("as stored")


@pytest.mark.parametrize(
    ("first", "second", "name"),
    [
        ({"AcquisitionNumber": 3}, {"AcquisitionNumber": 7}, "acquisition"),
        ({"EchoNumbers": 1, "EchoTime": "9"}, {"EchoNumbers": 2, "EchoTime": "90"}, "echo"),
        ({"TemporalPositionIdentifier": 1}, {"TemporalPositionIdentifier": 2}, "time point"),
    ],
)
def test_passes_that_lie_among_each_other_are_told_apart(tmp_path, first, second, name):
    folder = make_series(tmp_path / "a", [*pass_of(10, 4, **first), *pass_of(110, 4, 2.5, **second)])
    (image,) = read_folder(folder, LIMITS)
    assert levels(image) == [10, 20, 30, 40, 110, 120, 130, 140]
    assert image.facts["slice spacing"] == "5 mm"
    assert image.facts["volumes"] == f"2, by {name}"
    assert image.volumes == 2
    assert any(name in note and "slices 1 to 4, 5 to 8" in note for note in image.notes)
    assert image.at(5).facts["volume"] == f"2 of 2, by {name}"


@pytest.mark.parametrize(
    ("first", "second", "name"),
    [
        ({"TriggerTime": "10"}, {"TriggerTime": "400"}, "cardiac phase"),
        ({"DiffusionBValue": 0.0}, {"DiffusionBValue": 1000.0}, "diffusion weighting"),
        (
            {"ImageType": ["ORIGINAL", "PRIMARY", "M"]},
            {"ImageType": ["ORIGINAL", "PRIMARY", "P"]},
            "image type",
        ),
        ({"KVP": "80"}, {"KVP": "140"}, "tube voltage"),
    ],
)
def test_passes_over_the_same_places_are_told_apart(tmp_path, first, second, name):
    mixed = [
        one for pair in zip(pass_of(110, 3, **second), pass_of(10, 3, **first), strict=True) for one in pair
    ]
    (image,) = read_folder(make_series(tmp_path / "a", mixed), LIMITS)
    assert levels(image) == [10, 20, 30, 110, 120, 130]
    assert image.facts["volumes"] == f"2, by {name}"


def test_stacks_of_an_enhanced_file_follow_one_another(tmp_path):
    frames = [
        {"value": start + 10 * k, "z": z + 4.0 * k, "stack": name}
        for k in range(3)
        for name, start, z in (("2", 110, 1.0), ("1", 10, 0.0))
    ]
    image = read_dicom(make_enhanced(tmp_path / "a.dcm", frames), LIMITS)
    assert levels(image) == [10, 20, 30, 110, 120, 130]
    assert image.facts["volumes"] == "2, by stack"


def test_two_echoes_and_two_time_points_are_four_volumes(tmp_path):
    frames = [
        {
            "value": 10 * (1 + 2 * (4 * time + 2 * echo) + k),
            "z": 3.0 * k,
            "time": time + 1,
            "echo": 10.0 + echo,
        }
        for k in range(2)
        for time in range(2)
        for echo in range(2)
    ]
    image = read_dicom(make_enhanced(tmp_path / "a.dcm", frames), LIMITS)
    assert image.volumes == 4
    assert image.facts["volumes"] == "4, by echo and time point"
    assert image.facts["slice spacing"] == "3 mm"


def test_one_acquisition_number_per_slice_is_one_stack(tmp_path):
    slices = [one | {"AcquisitionNumber": n} for n, one in enumerate(pass_of(10, 5))]
    (image,) = read_folder(make_series(tmp_path / "a", slices), LIMITS)
    assert levels(image) == [10, 20, 30, 40, 50]
    assert "volumes" not in image.facts


def test_acquisitions_that_lie_beside_each_other_are_one_stack(tmp_path):
    slices = [*pass_of(10, 3, AcquisitionNumber=1), *pass_of(40, 3, 15.0, AcquisitionNumber=2)]
    (image,) = read_folder(make_series(tmp_path / "a", slices), LIMITS)
    assert levels(image) == [10, 20, 30, 40, 50, 60]
    assert image.facts["slice spacing"] == "5 mm"
    assert "volumes" not in image.facts


def test_passes_without_any_mark_follow_their_instance_numbers(tmp_path):
    slices = [*pass_of(110, 3, first_instance=4), *pass_of(10, 3, first_instance=1)]
    (image,) = read_folder(make_series(tmp_path / "a", slices), LIMITS)
    assert levels(image) == [10, 20, 30, 110, 120, 130]
    assert image.facts["volumes"] == "2, by instance number"


def test_repeated_places_without_any_number_are_told_to_have_no_known_order(tmp_path):
    slices = [one | {"InstanceNumber": None} for one in (*pass_of(10, 3), *pass_of(110, 3))]
    (image,) = read_folder(make_series(tmp_path / "a", slices), LIMITS)
    assert [value % 100 for value in levels(image)] == [10, 10, 20, 20, 30, 30]
    assert "unknown" in image.notes[-1]
    assert "slice spacing" not in image.facts


def test_a_file_that_is_there_twice_gives_one_slice(tmp_path):
    uids = [generate_uid() for _ in range(3)]
    slices = [one | {"SOPInstanceUID": uid} for one, uid in zip(pass_of(10, 3), uids, strict=True)]
    (image,) = read_folder(
        make_series(tmp_path / "a", [*slices, *slices[:2]], SeriesInstanceUID="1.2.3"), LIMITS
    )
    assert levels(image) == [10, 20, 30]
    assert "2 slices were there twice and counted once." in image.notes
    assert image.facts["slice spacing"] == "5 mm"


def test_different_files_at_one_place_are_both_kept(tmp_path):
    (image,) = read_folder(make_series(tmp_path / "a", [*pass_of(10, 2), *pass_of(110, 2)]), LIMITS)
    assert image.frame_count == 4


def test_without_positions_slice_location_counts(tmp_path):
    slices = [{"value": v, "SliceLocation": str(v), "InstanceNumber": 1} for v in (30, 10, 20)]
    (image,) = read_folder(make_series(tmp_path / "a", slices), LIMITS)
    assert levels(image) == [10, 20, 30]
    assert "Slice Location" in image.notes[-1]
    assert image.facts["slice order"].startswith("by Slice Location")


@pytest.mark.parametrize(
    ("numbers", "why"),
    [((1, None, 3), "missing in 1 of 3"), ((None, None, None), "missing in 3 of 3"), ((4, 4, 4), "repeated")],
)
def test_an_order_that_no_number_tells_is_called_uncertain(tmp_path, numbers, why):
    slices = [{"value": 10 * (1 + n), "InstanceNumber": number} for n, number in enumerate(numbers)]
    (image,) = read_folder(make_series(tmp_path / "a", slices), LIMITS)
    assert why in image.notes[-1]
    assert "uncertain" in image.notes[-1]
    assert image.facts["slice order"].startswith("unknown")


def test_an_enhanced_series_in_several_files_is_one_stack(tmp_path):
    for name, start in (("c", 10), ("a", 30), ("b", 50)):
        frames = [{"value": start + 10 * k, "z": start + 10.0 * k} for k in range(2)]
        make_enhanced(tmp_path / "s" / name, frames, SeriesInstanceUID="1.2.3")
    (image,) = read_folder(tmp_path / "s", LIMITS)
    assert levels(image) == [10, 20, 30, 40, 50, 60]


def test_the_gap_is_measured_across_tilted_slices(tmp_path):
    tilted = ["1", "0", "0", "0", "0.939693", "0.342020"]
    slices = [one | {"ImageOrientationPatient": tilted} for one in pass_of(10, 4, gap=6.0)]
    (image,) = read_folder(make_series(tmp_path / "a", slices), LIMITS)
    assert image.facts["slice spacing"] == "5.638 mm"
    assert image.facts["scanned range"].startswith("1.691 cm")


def test_a_single_file_says_nothing_of_order(tmp_path):
    image = read_dicom(make_slice(tmp_path / "a", 10, 0.0), LIMITS)
    assert "slice order" not in image.facts
