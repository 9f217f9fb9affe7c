"""Which pixel size of a header is used, what is said with it, and square pixels."""

from __future__ import annotations

import numpy as np
import pytest
from pydicom.dataset import Dataset
from pydicom.sequence import Sequence

from tests.inputs.make_dicom import CT, make_dicom, ramp
from tests.inputs.make_series import make_enhanced
from tools.files.arrays.limits import ReadLimits
from tools.files.dicom.reader import read_dicom

LIMITS = ReadLimits()


def read(path, pixels=None, modality="DX", **elements):
    drawn = ramp() if pixels is None else pixels
    return read_dicom(make_dicom(path / "a.dcm", drawn, modality=modality, **elements), LIMITS)


def disc(rows, columns, down, across):
    """A disc of 255 whose radius is 40 in the units of `down` and `across`."""
    y, x = np.mgrid[:rows, :columns]
    inside = ((y - rows / 2) * down) ** 2 + ((x - columns / 2) * across) ** 2 < 40**2
    return (255 * inside).astype(np.uint8)


def roundness(image):
    """Width over height of what is bright in the picture."""
    ys, xs = np.nonzero(np.asarray(image.frames[0]) > 128)
    return (np.ptp(xs) + 1) / (np.ptp(ys) + 1)


@pytest.mark.parametrize(
    ("elements", "caution"),
    [
        ({"ImagerPixelSpacing": ["0.2", "0.2"]}, "that of the detector"),
        ({}, "does not say whether this scale holds at the detector"),
        ({"ImagerPixelSpacing": ["0.25", "0.25"]}, "does not say how it was calibrated"),
        ({"PixelSpacingCalibrationType": "FIDUCIAL"}, "object of known size"),
        ({"PixelSpacingCalibrationType": "GEOMETRY"}, "assumed geometry"),
    ],
)
def test_every_scale_of_a_radiograph_has_its_caution(tmp_path, elements, caution):
    image = read(tmp_path, PixelSpacing=["0.2", "0.2"], **elements)
    assert image.spacing_mm == (0.2, 0.2)
    assert caution in image.scale_caution
    assert image.scale_caution in image.notes
    assert image.facts["scale from"] == "Pixel Spacing"


def test_the_scale_of_a_slice_needs_no_caution(tmp_path):
    image = read(tmp_path, modality="CT", **CT, PixelSpacing=["0.7", "0.7"])
    assert image.scale_caution == ""


@pytest.mark.parametrize(
    ("keyword", "name"),
    [("ImagerPixelSpacing", "Imager Pixel Spacing"), ("NominalScannedPixelSpacing", "Nominal Scanned Pixel")],
)
def test_a_scale_that_is_not_in_the_patient_is_named_and_not_used(tmp_path, keyword, name):
    image = read(tmp_path, **{keyword: ["0.1", "0.1"]})
    assert image.spacing_mm is None
    assert name in image.scale_caution and "nothing is measured in mm" in image.scale_caution
    assert image.scale_caution in image.notes


def region(delta_x=0.02, delta_y=0.02, units=3, corners=None):
    item = Dataset()
    item.RegionSpatialFormat = 1
    item.PhysicalUnitsXDirection = item.PhysicalUnitsYDirection = units
    item.PhysicalDeltaX, item.PhysicalDeltaY = delta_x, delta_y
    if corners:
        left, top, right, bottom = corners
        item.RegionLocationMinX0, item.RegionLocationMinY0 = left, top
        item.RegionLocationMaxX1, item.RegionLocationMaxY1 = right, bottom
    return item


def ultrasound(path, *regions, pixels=None):
    drawn = ramp(most=255).astype(np.uint8) if pixels is None else pixels
    return read(path, drawn, "US", SequenceOfUltrasoundRegions=Sequence(regions))


def test_the_scale_of_ultrasound_holds_in_its_region(tmp_path):
    image = ultrasound(tmp_path, region(corners=(10, 4, 29, 19)))
    assert "20 × 16 pixels (wide × high), and holds inside it only" in image.scale_caution


def test_regions_of_time_and_speed_do_not_hide_the_one_in_centimetres(tmp_path):
    image = ultrasound(tmp_path, region(), region(delta_x=0.5, units=4))
    assert image.spacing_mm == pytest.approx((0.2, 0.2))


def test_a_region_larger_than_the_picture_gives_no_scale(tmp_path):
    image = ultrasound(tmp_path, region(corners=(0, 0, 79, 59)))
    assert image.spacing_mm is None
    assert "larger than the picture" in image.scale_caution


def test_two_regions_of_one_scale_share_it(tmp_path):
    image = ultrasound(tmp_path, region(corners=(0, 0, 20, 20)), region(corners=(24, 0, 44, 20)))
    assert image.spacing_mm == pytest.approx((0.2, 0.2))
    assert "holds inside it only" in image.scale_caution


def test_numbers_of_a_scale_are_wide_by_high(tmp_path):
    image = read(tmp_path, modality="MR", PixelSpacing=["3", "1.5"])
    assert image.facts["pixel spacing"] == "1.5 × 3 mm (wide × high)"


@pytest.mark.parametrize(
    ("elements", "shape", "down", "across"),
    [
        ({"PixelSpacing": ["3", "1"]}, (60, 120), 3.0, 1.0),
        ({"PixelSpacing": ["1", "2.5"]}, (120, 80), 1.0, 2.5),
        ({"PixelAspectRatio": ["4", "3"]}, (90, 120), 4 / 3, 1.0),
        ({"ImagerPixelSpacing": ["1", "2"]}, (120, 90), 1.0, 2.0),
        ({"SequenceOfUltrasoundRegions": Sequence([region(0.02, 0.03)])}, (80, 120), 1.5, 1.0),
    ],
)
def test_a_disc_is_round_however_its_pixels_are_shaped(tmp_path, elements, shape, down, across):
    image = read(tmp_path, disc(*shape, down, across), "US", **elements)
    assert roundness(image) == pytest.approx(1, abs=0.06)
    assert any("not square" in note and f"from {shape[1]} × {shape[0]} to" in note for note in image.notes)
    if image.spacing_mm:
        assert image.spacing_mm[0] == image.spacing_mm[1]


def test_a_colour_picture_is_made_of_square_pixels_too(tmp_path):
    drawn = np.repeat(disc(60, 120, 2.0, 1.0)[:, :, None], 3, axis=2)
    image = read(tmp_path, drawn, "XC", PixelSpacing=["0.2", "0.1"])
    assert image.frames.shape == (1, 120, 120, 3)
    assert image.spacing_mm == (0.1, 0.1)


def test_values_are_repeated_and_not_mixed(tmp_path):
    drawn = np.repeat(np.array([[0, 2000]], np.uint16), 12, axis=0).repeat(8, axis=1)
    image = read(tmp_path, drawn, "CT", **CT, PixelSpacing=["1", "0.5"])
    assert image.values.shape == (1, 24, 16)
    assert set(np.unique(image.values)) == {-1024, 976}


@pytest.mark.parametrize("spacing", [["0.5", "0.5"], ["0.5", "0.502"]])
def test_square_pixels_stay_as_they_are(tmp_path, spacing):
    image = read(tmp_path, modality="MR", PixelSpacing=spacing)
    assert image.size == (48, 32)
    assert not any("square" in note for note in image.notes)


def test_a_picture_that_would_grow_too_large_shrinks_instead(tmp_path):
    path = make_dicom(tmp_path / "a.dcm", ramp(40, 40), modality="MR", PixelSpacing=["2", "1"])
    image = read_dicom(path, ReadLimits(max_pixels=2000))
    assert image.size == (20, 40)
    assert image.spacing_mm == (2.0, 2.0)


def test_slices_whose_pixels_differ_in_shape_are_shown_stretched_and_told(tmp_path):
    frames = [{"value": 50, "z": 0.0, "spacing": ["1", "1"]}, {"value": 50, "z": 5.0, "spacing": ["2", "1"]}]
    image = read_dicom(make_enhanced(tmp_path / "a.dcm", frames), LIMITS)
    assert any("stretched" in note for note in image.notes)
    assert image.at(1).spacing_mm == (2.0, 1.0)
