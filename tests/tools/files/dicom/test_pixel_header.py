"""What a header leaves out of its pixels, and what it gets wrong."""

from __future__ import annotations

import zlib

import numpy as np
import pytest
from pydicom import dcmread
from pydicom.uid import ExplicitVRBigEndian, ExplicitVRLittleEndian, ImplicitVRLittleEndian, RLELossless

from store.errors import CaseError
from tests.inputs.make_dicom import build, compressed, make_dicom, ramp, save, transcode
from tools.files.arrays.limits import ReadLimits
from tools.files.dicom.reader import read_dicom

WINDOW = {"WindowCenter": "2000", "WindowWidth": "4000"}
ELEMENTS = ("PixelRepresentation", "SamplesPerPixel", "BitsStored", "HighBit", "PhotometricInterpretation")
SYNTAXES = [
    ExplicitVRLittleEndian,
    ImplicitVRLittleEndian,
    ExplicitVRBigEndian,
    RLELossless,
    "57",
    "80",
    "90",
]


def read(path):
    return read_dicom(path, ReadLimits())


def deflated(data):
    packer = zlib.compressobj(wbits=-zlib.MAX_WBITS)
    return packer.compress(data) + packer.flush()


def without(path, *keywords, empty=False):
    """Take elements out of a file that is already written."""
    ds = dcmread(path)
    for keyword in keywords:
        del ds[keyword]
        if empty:
            ds.add_new(keyword, "CS" if keyword.startswith("Photo") else "US", None)
    ds.save_as(path, enforce_file_format=False)
    return path


def written(tmp_path, syntax, pixels, **elements):
    ds = build(pixels, modality="CR", **elements)
    path = save(
        ds, tmp_path / "a.dcm", syntax if "." in syntax and syntax != RLELossless else "1.2.840.10008.1.2.1"
    )
    if syntax == RLELossless:
        ds.compress(RLELossless)
        ds.save_as(path, enforce_file_format=True)
    return path if "." in syntax else transcode(path, f"1.2.840.10008.1.2.4.{syntax}")


@pytest.mark.parametrize("syntax", SYNTAXES)
@pytest.mark.parametrize("keyword", ELEMENTS)
@pytest.mark.parametrize("empty", [False, True])
def test_an_element_that_the_others_decide_may_be_missing(tmp_path, syntax, keyword, empty):
    drawn = ramp(most=4000) if keyword != "BitsStored" else ramp(most=4000) * 16
    window = WINDOW if keyword != "BitsStored" else {"WindowCenter": "32000", "WindowWidth": "64000"}
    whole = read(written(tmp_path, syntax, drawn, BitsStored=16, **window))
    part = read(without(written(tmp_path, syntax, drawn, BitsStored=16, **window), keyword, empty=empty))
    assert (part.frames == whole.frames).all()
    told = any("does not say" in note for note in part.notes)
    assert told == (keyword == "PhotometricInterpretation")


@pytest.mark.parametrize("syntax", ["native", RLELossless])
@pytest.mark.parametrize(
    "keyword", ["SamplesPerPixel", "PlanarConfiguration", "BitsStored", "PixelRepresentation"]
)
def test_a_colour_header_may_leave_out_what_its_colours_decide(tmp_path, syntax, keyword):
    drawn = np.random.default_rng(4).integers(0, 255, (12, 16, 3)).astype(np.uint8)
    ds = build(drawn, modality="XC")
    path = save(ds, tmp_path / "a.dcm")
    if syntax != "native":
        ds.compress(RLELossless)
        ds.save_as(path, enforce_file_format=True)
    assert (read(without(path, keyword)).pixels == drawn).all()


@pytest.mark.parametrize("keywords", [("SamplesPerPixel", "PhotometricInterpretation"), ELEMENTS])
def test_several_elements_may_be_missing_together(tmp_path, keywords):
    path = make_dicom(
        tmp_path / "a.dcm", ramp() * 16, modality="CR", WindowCenter="32000", WindowWidth="64000"
    )
    whole = read(path).frames
    assert (read(without(path, *keywords)).frames == whole).all()


def test_bits_allocated_follow_from_bits_stored(tmp_path):
    path = make_dicom(tmp_path / "a.dcm", ramp(), modality="CR", BitsStored=12, **WINDOW)
    whole = read(path).frames
    assert (read(without(path, "BitsAllocated")).frames == whole).all()


def test_a_header_that_says_nothing_on_bits_is_refused_for_that(tmp_path):
    path = make_dicom(tmp_path / "a.dcm", ramp(), modality="CR", BitsStored=12)
    with pytest.raises(CaseError, match="does not say how many bits"):
        read(without(path, "BitsAllocated", "BitsStored", "HighBit"))


@pytest.mark.parametrize("keyword", ["PixelPaddingValue", "SmallestImagePixelValue"])
def test_a_missing_sign_follows_from_an_element_that_has_one(tmp_path, keyword):
    drawn = (ramp().astype(np.int32) - 2000).astype(np.int16)
    ds = build(drawn, modality="MR", WindowCenter="0", WindowWidth="4000")
    ds.add_new(keyword, "SS", -2000)
    path = save(ds, tmp_path / "a.dcm")
    whole = read(path).frames
    assert (read(without(path, "PixelRepresentation")).frames == whole).all()


def test_a_missing_sign_follows_from_a_jpeg_2000_frame(tmp_path):
    drawn = (ramp().astype(np.int32) - 2000).astype(np.int16)
    path = make_dicom(tmp_path / "a.dcm", drawn, modality="MR", WindowCenter="0", WindowWidth="4000")
    whole = read(path).frames
    assert (
        read(without(transcode(path, "1.2.840.10008.1.2.4.90"), "PixelRepresentation")).frames == whole
    ).all()


@pytest.mark.parametrize("high", [0, 5, 20])
def test_a_high_bit_that_cannot_be_is_not_believed(tmp_path, high):
    ds = build(ramp(), modality="CR", BitsStored=12, **WINDOW)
    whole = read(save(ds, tmp_path / "a.dcm")).frames
    ds.HighBit = high
    assert (read(save(ds, tmp_path / "b.dcm")).frames == whole).all()


@pytest.mark.parametrize("frames", ["", "0"])
def test_an_empty_number_of_frames_is_one(tmp_path, frames):
    ds = build(ramp(), modality="CR", **WINDOW)
    ds.add_new("NumberOfFrames", "IS", frames)
    assert read(save(ds, tmp_path / "a.dcm")).frame_count == 1


@pytest.mark.parametrize("size", [(16, 48), (32, 24)])
def test_a_frame_of_another_size_is_refused_with_both_sizes(tmp_path, size):
    path = transcode(
        make_dicom(tmp_path / "a.dcm", ramp(), modality="CR", BitsStored=12), "1.2.840.10008.1.2.4.90"
    )
    ds = dcmread(path)
    ds.Rows, ds.Columns = size
    ds.save_as(path, enforce_file_format=True)
    with pytest.raises(CaseError, match=rf"announces {size[1]} × {size[0]} pixels.*holds 48 × 32"):
        read(path)


@pytest.mark.parametrize("last", ["50", "57", "70", "80", "81", "90", "91", "201"])
def test_pixels_of_another_encoding_than_the_label_are_read_for_what_they_are(tmp_path, last):
    path = make_dicom(tmp_path / "a.dcm", ramp(), modality="CR", BitsStored=12, **WINDOW)
    whole = read(path).frames
    ds = dcmread(transcode(path, "1.2.840.10008.1.2.4.80"))
    ds.file_meta.TransferSyntaxUID = f"1.2.840.10008.1.2.4.{last}"
    ds.save_as(tmp_path / "b.dcm", enforce_file_format=True)
    assert (read(tmp_path / "b.dcm").frames == whole).all()


def labelled(tmp_path, frame, uid):
    """A file around one frame, with a label that pydicom would not write."""
    label = "1.2.840.10008.1.2.4.201"
    path = compressed(build(ramp(), modality="CR"), [frame], tmp_path / "a.dcm", label)
    old = label.encode() + b"\0"
    path.write_bytes(path.read_bytes().replace(old, uid.encode().ljust(len(old), b"\0"), 1))
    return path


@pytest.mark.parametrize(("last", "name"), [("4.90", "JPEG 2000"), ("4.80", "JPEG-LS"), ("8.1", "deflated")])
def test_pixels_that_are_no_frame_are_refused_by_the_name_of_the_label(tmp_path, last, name):
    path = labelled(tmp_path, b"\xffno frame at all" * 9, f"1.2.840.10008.1.2.{last}")
    with pytest.raises(CaseError, match=f"not what its header says, {name}"):
        read(path)


@pytest.mark.parametrize(("last", "pack"), [("8.1", deflated), ("1.98", bytes)])
def test_frames_may_be_deflated_or_plain_one_by_one(tmp_path, last, pack):
    frame = pack(ramp().tobytes())
    path = labelled(tmp_path, frame + b"\0" * (len(frame) % 2), f"1.2.840.10008.1.2.{last}")
    assert (read(path).frames == read(make_dicom(tmp_path / "b.dcm", ramp(), modality="CR")).frames).all()
    cut = labelled(tmp_path, pack(ramp().tobytes()[:-400]), f"1.2.840.10008.1.2.{last}")
    with pytest.raises(CaseError, match="cut off"):
        read(cut)


@pytest.mark.parametrize(
    ("uid", "name"),
    [
        ("1.2.840.10008.1.2.4.110", "JPEG XL lossless"),
        ("1.2.840.10008.1.2.4.111", "a JPEG recompressed"),
        ("1.2.840.10008.1.2.4.112", "JPEG XL"),
        ("1.2.840.10008.1.2.4.107", "HEVC"),
        ("1.2.840.113619.5.2", "GE"),
        ("1.2.3.4.5", "private or unknown"),
    ],
)
def test_an_encoding_that_is_not_read_is_named(tmp_path, uid, name):
    path = labelled(tmp_path, b"\0" * 100, uid)
    with pytest.raises(CaseError, match=name):
        read(path)
