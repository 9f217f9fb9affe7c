"""Stored DICOM pixels: every transfer syntax, unused bits, headers that lie."""

from __future__ import annotations

import numpy as np
import pytest
from pydicom import dcmread
from pydicom.uid import (
    DeflatedExplicitVRLittleEndian,
    ExplicitVRBigEndian,
    ExplicitVRLittleEndian,
    ImplicitVRLittleEndian,
    RLELossless,
)

from store.errors import CaseError
from tests.inputs.make_dicom import CT, build, make_dicom, ramp, relabel, save, transcode
from tools.files.arrays.limits import ReadLimits
from tools.files.dicom.reader import read_dicom

LIMITS = ReadLimits()
JPEG_EXTENDED = "1.2.840.10008.1.2.4.51"


def read(path, limits=LIMITS):
    return read_dicom(path, limits)


@pytest.mark.parametrize(
    "syntax",
    [ImplicitVRLittleEndian, ExplicitVRLittleEndian, ExplicitVRBigEndian, DeflatedExplicitVRLittleEndian],
)
def test_uncompressed_syntaxes_give_the_drawn_values(tmp_path, syntax):
    image = read(save(build(ramp(), **CT), tmp_path / "a.dcm", syntax))
    assert (image.values[0] == ramp().astype(int) - 1024).all()
    assert image.unit == "HU"


@pytest.mark.parametrize("syntax", [ImplicitVRLittleEndian, ExplicitVRLittleEndian, ExplicitVRBigEndian])
def test_a_missing_preamble_and_meta_header_are_no_obstacle(tmp_path, syntax):
    image = read(save(build(ramp(), **CT), tmp_path / "a.dcm", syntax, bare=True))
    assert (image.values[0] == ramp().astype(int) - 1024).all()


@pytest.mark.parametrize("last", ["57", "70", "80", "90"])
def test_lossless_compressed_syntaxes_give_the_drawn_values(tmp_path, last):
    path = make_dicom(tmp_path / "a.dcm", ramp(), **CT)
    image = read(transcode(path, f"1.2.840.10008.1.2.4.{last}"))
    assert (image.values[0] == ramp().astype(int) - 1024).all()
    assert "JPEG" in image.facts["transfer syntax"]


@pytest.mark.parametrize("last", ["50", "81", "91"])
def test_lossy_syntaxes_give_nearly_the_drawn_picture(tmp_path, last):
    drawn = ramp(most=250).astype(np.uint8)
    path = make_dicom(tmp_path / "a.dcm", drawn, modality="US", WindowCenter="128", WindowWidth="256")
    image = read(transcode(path, f"1.2.840.10008.1.2.4.{last}"))
    assert np.abs(image.frames[0].astype(int) - drawn).max() <= 12


def test_a_header_without_rows_holds_no_picture(tmp_path):
    ds = build(ramp())
    del ds.Rows
    with pytest.raises(CaseError, match="holds no picture"):
        read(save(ds, tmp_path / "a.dcm"))


def test_a_compressed_frame_of_another_size_than_the_header_says_is_told_with_both(tmp_path):
    path = make_dicom(tmp_path / "a.dcm", ramp(), **CT)
    ds = dcmread(transcode(path, "1.2.840.10008.1.2.4.70"))
    ds.Rows -= 8
    with pytest.raises(CaseError, match="announces 48 × 24 pixels, and its lossless JPEG data holds 48 × 32"):
        read(relabel(ds, tmp_path / "b.dcm", "1.2.840.10008.1.2.4.70"))


def test_twelve_bit_jpeg_extended_is_decoded(tmp_path):
    path = make_dicom(tmp_path / "a.dcm", ramp(), **CT)
    image = read(transcode(path, JPEG_EXTENDED))
    assert np.abs(image.values[0] - (ramp().astype(int) - 1024)).max() < 40
    assert image.values.max() > 2000


def test_rle_is_decoded(tmp_path):
    ds = build(ramp(), **CT)
    path = save(ds, tmp_path / "a.dcm")
    ds.compress(RLELossless)
    ds.save_as(path, enforce_file_format=True)
    assert (read(path).values[0] == ramp().astype(int) - 1024).all()


def test_ybr_full_is_converted_to_rgb(tmp_path):
    drawn = np.full((16, 20, 3), (81, 90, 240), np.uint8)  # red in YCbCr
    path = make_dicom(tmp_path / "a.dcm", drawn, modality="US", PhotometricInterpretation="YBR_FULL")
    red, green, blue = (int(v) for v in read(path).pixels[8, 8])
    assert red > 220
    assert max(green, blue) < 30


def test_unused_high_bits_do_not_count(tmp_path):
    dirty = ramp() | 0xF000
    assert (read(make_dicom(tmp_path / "a.dcm", dirty, **CT)).values[0] == ramp().astype(int) - 1024).all()


@pytest.mark.parametrize(
    ("change", "word"),
    [
        ({"BitsAllocated": 7}, "contradicts itself"),
        ({"SamplesPerPixel": 3}, "contradicts itself"),
        ({"BitsStored": 20}, "contradicts itself"),
        ({"PhotometricInterpretation": "Jane Roe"}, "colours"),
        ({"Rows": 0}, "nothing to show"),
        ({"Rows": 60000, "Columns": 60000}, "million pixels"),
        ({"NumberOfFrames": 100000}, "frames; up to"),
        ({"Rows": 64}, "cut off"),
        ({"PixelData": b""}, "no pixels"),
    ],
)
def test_a_header_that_cannot_be_meant_is_refused(tmp_path, change, word):
    path = make_dicom(tmp_path / "a.dcm", ramp(), **{**CT, **change})
    with pytest.raises(CaseError, match=word) as refusal:
        read(path)
    assert "Jane" not in str(refusal.value)


def test_a_cut_off_file_is_refused(tmp_path):
    path = make_dicom(tmp_path / "a.dcm", ramp(), **CT)
    path.write_bytes(path.read_bytes()[:-200])
    with pytest.raises(CaseError, match=r"cut off|damaged"):
        read(path)


def test_an_unknown_transfer_syntax_is_refused_by_name(tmp_path):
    ds = build(ramp(), **CT)
    path = save(ds, tmp_path / "a.dcm")
    relabel(ds, path, "1.2.840.10008.1.2.4.100")
    with pytest.raises(CaseError, match="MPEG2"):
        read(path)
