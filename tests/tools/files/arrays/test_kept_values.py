"""What is kept of the values behind a grey stack, and that its window makes the frames of them again."""

from __future__ import annotations

import numpy as np
import pytest

from store.pictures.image import NO_VALUE
from tests.inputs.make_dicom import CT, lut, make_dicom, ramp
from tools.files.arrays.kept_values import KeptValues
from tools.files.arrays.limits import ReadLimits
from tools.files.dicom.brightness import windowed
from tools.files.dicom.reader import read_dicom


def kept(*frames, in_hu=False, padding=None):
    values = KeptValues(np.empty, (len(frames), *np.shape(frames[0])))
    for number, frame in enumerate(frames):
        values.keep(number, np.asarray(frame), padding, in_hu=in_hu)
    return values


@pytest.mark.parametrize(
    ("frames", "kind"),
    [
        ([np.uint8([[0, 255]])], np.uint8),
        ([np.uint16([[0, 4095]])], np.int16),
        ([np.uint16([[0, 65535]])], np.float32),
        ([np.uint8([[0, 255]]), np.int32([[-5, 300]])], np.int16),
        ([np.int32([[-5, 300]]), np.float64([[0.5, 1e5]])], np.float32),
    ],
)
def test_values_take_as_few_bytes_as_they_need_and_stay_what_they_were(frames, kind):
    values = kept(*frames)
    assert values.array.dtype == kind
    assert (values.array == np.stack([np.asarray(one, np.float64) for one in frames])).all()
    assert not values.in_hu


def test_padding_is_marked_in_hounsfield_units_alone():
    padding = np.array([[True, False]])
    assert kept(np.int32([[-2000, 40]]), in_hu=True, padding=padding).array.tolist() == [[[NO_VALUE, 40]]]
    assert kept(np.int32([[-2000, 40]]), padding=padding).array.tolist() == [[[-2000, 40]]]


def test_the_lowest_value_of_16_bits_is_a_value_where_nothing_marks_padding():
    assert kept(np.int32([[NO_VALUE, 40]]), np.int32([[0, 40000]])).array[0, 0, 0] == NO_VALUE


WINDOW = {"WindowCenter": "900", "WindowWidth": "700"}


@pytest.mark.parametrize(
    "made",
    [
        {**CT, **WINDOW},
        {**CT},
        {"modality": "MR"},
        {"modality": "MR", **WINDOW, "VOILUTFunction": "SIGMOID"},
        {"modality": "DX", **WINDOW, "PhotometricInterpretation": "MONOCHROME1"},
        {"modality": "DX", **WINDOW, "VOILUTFunction": "LINEAR_EXACT", "PresentationLUTShape": "INVERSE"},
    ],
)
def test_the_window_told_makes_the_frames_of_the_values(tmp_path, made):
    image = read_dicom(make_dicom(tmp_path / "a.dcm", ramp(), **made), ReadLimits())
    grey = windowed(image.values, image.window.level, image.window.width, image.window.function)
    assert (np.asarray(255 - grey if image.inverted else grey) == image.frames).all()
    assert image.inverted == ("DX" in made.values())


def test_no_window_is_told_where_a_table_made_the_frames(tmp_path):
    table = lut(np.arange(0, 4096), 0, 12)
    image = read_dicom(
        make_dicom(tmp_path / "a.dcm", ramp(), modality="DX", VOILUTSequence=table), ReadLimits()
    )
    assert image.window is None
    assert (image.values == ramp()).all()
