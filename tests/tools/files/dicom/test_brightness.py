"""From stored values to brightness, in the order of the standard."""

from __future__ import annotations

import numpy as np
import pytest
from pydicom.dataset import Dataset
from pydicom.sequence import Sequence
from pydicom.uid import (
    ExplicitVRLittleEndian,
    ImplicitVRLittleEndian,
)

from tests.inputs.make_dicom import CT, build, lut, make_dicom, ramp, save
from tools.files.arrays.limits import ReadLimits
from tools.files.dicom.brightness import windowed
from tools.files.dicom.reader import read_dicom

LIMITS = ReadLimits()


def read(path, limits=LIMITS):
    return read_dicom(path, limits)


def test_monochrome1_is_inverted(tmp_path):
    window = {"WindowCenter": "2000", "WindowWidth": "4000"}
    plain = read(make_dicom(tmp_path / "a.dcm", ramp(), modality="CR", **window))
    path = make_dicom(
        tmp_path / "b.dcm", ramp(), modality="CR", PhotometricInterpretation="MONOCHROME1", **window
    )
    inverted = read(path)
    assert (inverted.frames == 255 - plain.frames).all()
    assert any("MONOCHROME1" in note for note in inverted.notes)


def test_the_first_of_several_windows_is_used_and_named(tmp_path):
    path = make_dicom(
        tmp_path / "a.dcm", ramp(), **CT, WindowCenter=["0", "500"], WindowWidth=["100", "2000"]
    )
    image = read(path)
    inside = np.abs(image.values[0]) < 45
    assert image.frames[0][inside].min() > 0
    assert (image.frames[0][image.values[0] > 60] == 255).all()
    assert any("first of several windows in the file: level 0, width 100" in note for note in image.notes)


@pytest.mark.parametrize("width", ["0", "-5"])
def test_a_window_without_width_is_left_out_with_a_note(tmp_path, width):
    image = read(make_dicom(tmp_path / "a.dcm", ramp(), **CT, WindowCenter="40", WindowWidth=width))
    assert any("without width" in note for note in image.notes)
    assert any("level 40, width 400" in note for note in image.notes)


def test_ct_without_window_gets_the_soft_tissue_window(tmp_path):
    image = read(make_dicom(tmp_path / "a.dcm", ramp(), **CT))
    values = image.values[0]
    assert (image.frames[0][values <= -160] == 0).all()
    assert (image.frames[0][values >= 240] == 255).all()
    assert image.facts["window"] == "level 40, width 400 (Casebook's default)"


def test_other_modalities_without_window_are_windowed_by_percentiles_without_padding(tmp_path):
    drawn = ramp(most=900) + 100
    drawn[:8] = 60000  # a quarter is padding
    image = read(make_dicom(tmp_path / "a.dcm", drawn, modality="MR", PixelPaddingValue=60000))
    assert image.frames[0, 20, -1] > 250
    assert image.frames[0, 20, 0] < 5


def test_a_sigmoid_window_is_a_sigmoid(tmp_path):
    window = {"WindowCenter": "2000", "WindowWidth": "1000", "VOILUTFunction": "SIGMOID"}
    image = read(make_dicom(tmp_path / "a.dcm", ramp(), modality="MR", **window))
    expected = 255 / (1 + np.exp(-4 * (ramp()[0].astype(float) - 2000) / 1000))
    assert np.abs(image.frames[0, 0] - expected).max() <= 1
    assert any("sigmoid" in note for note in image.notes)


def test_a_linear_exact_window_differs_from_a_linear_one(tmp_path):
    narrow = ramp(most=12)
    window = {"modality": "MR", "WindowCenter": "6", "WindowWidth": "4"}
    exact = read(make_dicom(tmp_path / "a.dcm", narrow, VOILUTFunction="LINEAR_EXACT", **window))
    linear = read(make_dicom(tmp_path / "b.dcm", narrow, **window))
    at = int(np.argmax(narrow[0] == 6))
    assert exact.frames[0, 0, at] == 128
    assert linear.frames[0, 0, at] == 170


@pytest.mark.parametrize("syntax", [ExplicitVRLittleEndian, ImplicitVRLittleEndian])
@pytest.mark.parametrize("bits", [8, 12, 16])
def test_a_voi_lut_is_applied_before_any_window(tmp_path, syntax, bits):
    entries = np.linspace(2**bits - 1, 0, 4096)  # upside down, so that it cannot be missed
    ds = build(ramp(), modality="DX", BitsStored=12, VOILUTSequence=lut(entries, 0, bits), WindowCenter="1")
    ds.WindowWidth = "2"
    image = read(save(ds, tmp_path / "a.dcm", syntax))
    assert image.frames[0, 0, 0] == 255
    assert image.frames[0, 0, -1] < 10
    assert abs(int(image.frames[0, 0, 24]) - 125) < 6
    assert any("VOI LUT" in note for note in image.notes)


def test_a_damaged_modality_lut_is_left_out_and_that_is_said(tmp_path):
    ds = build(ramp(), modality="DX", BitsStored=12)
    ds.ModalityLUTSequence = lut([0, 1, 2], 0, 16)
    ds.ModalityLUTSequence[0].LUTDescriptor = [4096, 0, 16]
    ds.ModalityLUTSequence[0]["LUTData"].VR = "OW"
    ds.ModalityLUTSequence[0].LUTData = b"\0\0\1"
    image = read(save(ds, tmp_path / "a.dcm", ImplicitVRLittleEndian))
    assert "Its modality LUT is damaged and was left out." in image.notes
    assert image.unit is None
    assert image.frames[0, 0, 0] < image.frames[0, 0, -1]


def test_a_modality_lut_comes_before_the_window(tmp_path):
    ds = build(ramp(most=255), modality="CR", WindowCenter="500", WindowWidth="1000")
    ds.ModalityLUTSequence = lut(np.linspace(1000, 0, 256), 0, 16)
    image = read(save(ds, tmp_path / "a.dcm"))
    assert image.frames[0, 0, 0] >= 254
    assert image.frames[0, 0, -1] <= 1
    assert image.unit is None


def test_a_damaged_voi_lut_is_left_out_with_a_note(tmp_path):
    ds = build(ramp(), modality="DX", VOILUTSequence=lut([0, 1, 2], 0, 16))
    ds.VOILUTSequence[0].LUTDescriptor = [4096, 0, 16]
    ds.VOILUTSequence[0]["LUTData"].VR = "OW"
    ds.VOILUTSequence[0].LUTData = b"\x00\x00"
    image = read(save(ds, tmp_path / "a.dcm"))
    assert any("VOI LUT is damaged" in note for note in image.notes)


def test_a_rescale_slope_of_zero_is_no_rescale(tmp_path):
    image = read(make_dicom(tmp_path / "a.dcm", ramp(), RescaleSlope="0", RescaleIntercept="-1024"))
    assert (image.values == ramp()).all()
    assert image.unit is None
    assert len(np.unique(image.frames)) > 30
    assert any("slope of 0" in note for note in image.notes)


def functional(frames):
    per_frame = []
    for level in frames:
        item, transform, voi, measures = Dataset(), Dataset(), Dataset(), Dataset()
        transform.RescaleSlope, transform.RescaleIntercept, transform.RescaleType = "1", str(-level), "HU"
        voi.WindowCenter, voi.WindowWidth = "0", "200"
        measures.PixelSpacing = ["0.5", "0.7"]
        item.PixelValueTransformationSequence = Sequence([transform])
        item.FrameVOILUTSequence = Sequence([voi])
        item.PixelMeasuresSequence = Sequence([measures])
        per_frame.append(item)
    return Sequence(per_frame)


def test_functional_groups_give_each_frame_its_own_rescale_window_and_scale(tmp_path):
    stack = np.stack([np.full((8, 8), level, np.uint16) for level in (500, 1000, 2000)])
    path = make_dicom(
        tmp_path / "a.dcm", stack, PerFrameFunctionalGroupsSequence=functional([500, 1000, 2000])
    )
    image = read(path)
    assert (image.values == 0).all()
    assert np.abs(image.frames.astype(int) - 128).max() <= 1
    assert image.spacing_mm == (0.5, 0.5)
    assert image.frame_count == 3


def test_overlays_are_not_burnt_in(tmp_path):
    plain = read(make_dicom(tmp_path / "a.dcm", ramp(), **CT))
    ds = build(ramp(), **CT)
    ds.add_new(0x60000010, "US", 32)
    ds.add_new(0x60000011, "US", 48)
    ds.add_new(0x60000040, "CS", "G")
    ds.add_new(0x60000050, "SS", [1, 1])
    ds.add_new(0x60000100, "US", 1)
    ds.add_new(0x60000102, "US", 0)
    ds.add_new(0x60003000, "OW", b"\xff" * 192)
    assert (read(save(ds, tmp_path / "b.dcm")).frames == plain.frames).all()


@pytest.mark.parametrize("photometric", ["MONOCHROME1", "MONOCHROME2"])
@pytest.mark.parametrize("shape", [None, "IDENTITY", "INVERSE"])
@pytest.mark.parametrize("window", [{"WindowCenter": "2000", "WindowWidth": "4000"}, {}])
def test_brightness_is_inverted_once_where_the_file_asks_for_it(tmp_path, photometric, shape, window):
    plain = read(make_dicom(tmp_path / "a.dcm", ramp(), modality="DX", **window))
    shapes = {"PresentationLUTShape": shape} if shape else {}
    asked = read(
        make_dicom(
            tmp_path / "b.dcm",
            ramp(),
            modality="DX",
            PhotometricInterpretation=photometric,
            **shapes,
            **window,
        )
    )
    inverted = photometric == "MONOCHROME1" or shape == "INVERSE"
    assert (asked.frames == (255 - plain.frames if inverted else plain.frames)).all()
    assert any("invert" in note for note in asked.notes) == inverted


@pytest.mark.parametrize("shape", ["inverse ", "INVERSE"])
def test_an_inverse_shape_follows_a_voi_lut_too(tmp_path, shape):
    ds = build(ramp(), modality="DX", BitsStored=12, PresentationLUTShape=shape)
    ds.VOILUTSequence = lut(np.linspace(0, 65535, 4096), 0, 16)
    assert read(save(ds, tmp_path / "a.dcm")).frames[0, 0, 0] == 255


@pytest.mark.parametrize("function", ["LINEAR", "LINEAR_EXACT", "SIGMOID"])
@pytest.mark.parametrize(("center", "width"), [(40.0, 400.0), (-600.5, 1.0), (2000.0, 3.0)])
def test_a_window_is_that_of_pydicom(function, center, width):
    from pydicom.pixels import apply_windowing

    values = np.arange(-1024, 3072, dtype=np.int32)
    ds = Dataset()
    ds.PhotometricInterpretation, ds.PixelRepresentation, ds.BitsStored = "MONOCHROME2", 0, 8
    ds.WindowCenter, ds.WindowWidth, ds.VOILUTFunction = center, width, function
    theirs = np.clip(apply_windowing(values, ds), 0, 255)
    assert np.abs(windowed(values, center, width, function) - theirs).max() <= 0.51
