"""When rescaled values are Hounsfield units, and padding that is no tissue."""

from __future__ import annotations

import numpy as np
import pytest
from pydicom.dataset import Dataset
from pydicom.sequence import Sequence

from store.pictures.image import NO_VALUE
from tests.inputs.make_dicom import CT, build, make_dicom, ramp, save
from tools.files.arrays.limits import ReadLimits
from tools.files.dicom.reader import read_dicom
from tools.tissue import tissue_shares

ENHANCED_CT, SECONDARY_CAPTURE = "1.2.840.10008.5.1.4.1.1.2.1", "1.2.840.10008.5.1.4.1.1.7"
GREY_CAPTURE, CONE_BEAM = "1.2.840.10008.5.1.4.1.1.7.3", "1.2.840.10008.5.1.4.1.1.13.1.1"


def read(path):
    return read_dicom(path, ReadLimits())


@pytest.mark.parametrize(
    ("change", "unit"),
    [
        ({}, "HU"),
        ({"RescaleType": "HU"}, "HU"),
        ({"ImageType": ["ORIGINAL", "PRIMARY", "AXIAL", "CT_SOM5 SPI"]}, "HU"),
        ({"ImageType": ["DERIVED", "SECONDARY", "REFORMATTED", "AVERAGE"]}, "HU"),
        ({"ImageType": ["DERIVED", "PRIMARY", "AXIAL", "JP2K LOSSY 6:1"]}, "HU"),
        ({"ImageType": ["DERIVED", "SECONDARY", "OTHER"], "RescaleType": "HU"}, "HU"),
        ({"ImageType": ["DERIVED", "SECONDARY", "OTHER"]}, None),
        ({"ImageType": ["DERIVED", "SECONDARY", "AXIAL", "PERFUSION", "MTT"]}, None),
        ({"ImageType": ["DERIVED", "SECONDARY", "AXIAL", "CT_TMAX"], "RescaleType": "HU"}, None),
        ({"ImageType": ["DERIVED", "PRIMARY", "AXIAL", "IODINE"]}, None),
        ({"ImageType": ["DERIVED", "PRIMARY", "AXIAL", "RCBV"]}, None),
        ({"ImageType": ["ORIGINAL", "PRIMARY", "AXIAL", "SCREENSAVE"]}, None),
        ({"ImageType": ["DERIVED", "PRIMARY", "VOLUME", "EFF_ATOMIC_NUM"]}, None),
        ({"ImageType": ["DERIVED", "PRIMARY", "VOLUME", "STD_DEVIATION"]}, None),
        ({"ImageType": ["ORIGINAL", "PRIMARY", "LOCALIZER"]}, None),
        ({"RescaleType": "US"}, None),
        ({"RescaleType": "EDW"}, None),
        ({"RescaleType": "HU_MOD"}, None),
        ({"modality": "PT"}, None),
        ({"SOPClassUID": SECONDARY_CAPTURE}, None),
        ({"SOPClassUID": GREY_CAPTURE}, None),
        ({"SOPClassUID": CONE_BEAM}, None),
        ({"BitsStored": 8}, None),
    ],
)
def test_values_are_hounsfield_units_only_in_a_ct_slice_that_is_no_map(tmp_path, change, unit):
    image = read(make_dicom(tmp_path / "a.dcm", ramp(most=200), **{**CT, **change}))
    assert image.unit == unit
    assert bool(tissue_shares(image, "img-1")) == (unit is not None)


@pytest.mark.parametrize(("code", "unit"), [("[hnsf'U]", "HU"), ("ml/(100.g.min)", None), ("s", None)])
def test_a_map_to_real_world_units_says_what_values_are(tmp_path, code, unit):
    units, item = Dataset(), Dataset()
    units.CodeValue = code
    item.MeasurementUnitsCodeSequence = Sequence([units])
    path = make_dicom(tmp_path / "a.dcm", ramp(), **CT, RealWorldValueMappingSequence=Sequence([item]))
    assert read(path).unit == unit


@pytest.mark.parametrize(
    ("frame_type", "unit"),
    [
        (["ORIGINAL", "PRIMARY", "VOLUME", "NONE"], "HU"),
        (["DERIVED", "PRIMARY", "VOLUME", "MEAN"], "HU"),
        (["DERIVED", "PRIMARY", "VOLUME", "MAT_SPECIFIC"], None),
    ],
)
def test_the_frames_of_an_enhanced_ct_say_it_themselves(tmp_path, frame_type, unit):
    kind, group = Dataset(), Dataset()
    kind.FrameType = frame_type
    group.CTImageFrameTypeSequence = Sequence([kind])
    ds = build(
        np.stack([ramp()] * 2), **CT, SOPClassUID=ENHANCED_CT, ImageType=["DERIVED", "PRIMARY", "MIXED"]
    )
    ds.SharedFunctionalGroupsSequence = Sequence([group])
    assert read(save(ds, tmp_path / "a.dcm")).unit == unit


def test_a_slice_without_sop_class_is_told_by_its_modality(tmp_path):
    ds = build(ramp(), **CT)
    del ds.SOPClassUID
    assert read(save(ds, tmp_path / "a.dcm", bare=True)).unit == "HU"


def padded(stored, fill):
    """A disc of tissue (40 HU) in air, with a padded frame around it."""
    y, x = np.mgrid[:32, :48]
    drawn = np.where((y - 16) ** 2 + (x - 24) ** 2 < 64, 1064, 24).astype(np.int32) + stored
    around = (x < 4) | (x >= 44)
    drawn[around] = fill
    return drawn, around


@pytest.mark.parametrize(
    ("fill", "kind", "header", "element"),
    [
        (-2000, np.int16, {"RescaleIntercept": "0"}, {"PixelPaddingValue": -2000}),
        (4095, np.uint16, {"BitsStored": 12}, {"PixelPaddingValue": 4095}),
        (
            4050,
            np.uint16,
            {"BitsStored": 12},
            {"PixelPaddingValue": 4095, "PixelPaddingRangeLimit": 4000},
        ),
        (0, np.uint16, {"BitsStored": 12}, {"PixelPaddingValue": 0}),
        (-2000, np.int16, {"RescaleSlope": "0.5", "RescaleIntercept": "-1024"}, {"PixelPaddingValue": -2000}),
    ],
)
def test_padding_is_in_no_share_and_in_no_value(tmp_path, fill, kind, header, element):
    signed = np.dtype(kind).kind == "i"
    drawn, around = padded(-1024 if header.get("RescaleIntercept") == "0" else 0, fill)
    scale = {"RescaleSlope": "1", "RescaleIntercept": "-1024", **header}
    ds = build(drawn.astype(kind), **scale)
    for keyword, value in element.items():
        setattr(ds, keyword, value)
        ds[keyword].VR = "SS" if signed else "US"
    image = read(save(ds, tmp_path / "a.dcm"))
    kept = image.values[0][around]
    assert np.isnan(kept).all() if image.values.dtype == np.float32 else (kept == NO_VALUE).all()
    assert image.measured_values.size == (~around).sum()
    shares = tissue_shares(image, "img-1")
    assert sum(one.value for one in shares) == pytest.approx(100, abs=0.2)
    expected = [((image.values[0][~around] >= 150).mean()) * 100]
    assert shares[-1].value == pytest.approx(expected[0], abs=0.1)
    assert "scanned part" in shares[0].definition
    assert any("pads" in note for note in image.notes)


def test_a_padding_value_that_lost_its_sign_still_counts(tmp_path):
    drawn, around = padded(-1024, -2000)
    ds = build(drawn.astype(np.int16), RescaleSlope="1", RescaleIntercept="0", PixelPaddingValue=63536)
    ds["PixelPaddingValue"].VR = "US"
    assert (read(save(ds, tmp_path / "a.dcm")).values[0][around] == NO_VALUE).all()


def test_padding_stays_left_out_when_a_later_slice_needs_fractions(tmp_path):
    drawn, around = padded(0, 4095)
    ds = build(np.stack([drawn, drawn]).astype(np.uint16), BitsStored=12, PixelPaddingValue=4095)
    ds["PixelPaddingValue"].VR = "US"
    groups = []
    for slope in ("1", "0.3"):
        transform, group = Dataset(), Dataset()
        transform.RescaleSlope, transform.RescaleIntercept, transform.RescaleType = slope, "-1024", "HU"
        group.PixelValueTransformationSequence = Sequence([transform])
        groups.append(group)
    ds.PerFrameFunctionalGroupsSequence = Sequence(groups)
    image = read(save(ds, tmp_path / "a.dcm"))
    assert image.values.dtype == np.float32
    assert np.isnan(image.values[:, around]).all()
    assert not np.isnan(image.values[:, ~around]).any()


def test_a_slice_that_is_all_padding_has_no_shares(tmp_path):
    ds = build(np.full((8, 8), 4095, np.uint16), **CT, PixelPaddingValue=4095)
    ds["PixelPaddingValue"].VR = "US"
    assert tissue_shares(read(save(ds, tmp_path / "a.dcm")), "img-1") == []


def lossily_padded(path, **elements):
    """The padded disc as a lossy encoder gives it back: its padding lies a few values off."""
    drawn, around = padded(-1024, -2000)
    drawn[around] += np.resize([-2, -1, 0, 1, 2], around.sum())
    ds = build(drawn.astype(np.int16), RescaleSlope="1", RescaleIntercept="0", **elements)
    ds.PixelPaddingValue = -2000
    ds["PixelPaddingValue"].VR = "SS"
    return save(ds, path), around


def test_padding_that_lossy_compression_has_changed_is_in_no_share(tmp_path):
    path, around = lossily_padded(tmp_path / "a.dcm", LossyImageCompression="01")
    image = read(path)
    assert (image.values[0][around] == NO_VALUE).all()
    assert image.measured_values.size == (~around).sum()


def test_without_loss_only_the_padding_value_itself_is_padding(tmp_path):
    path, around = lossily_padded(tmp_path / "a.dcm")
    assert (read(path).values[0][around] == NO_VALUE).mean() == pytest.approx(0.2, abs=0.01)
