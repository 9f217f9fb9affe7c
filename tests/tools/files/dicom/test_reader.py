"""DICOM files as images: colour, values, the frame shown first, and what is no picture."""

from __future__ import annotations

import struct

import numpy as np
import pytest
from pydicom import dcmread
from pydicom.datadict import tag_for_keyword
from pydicom.dataset import Dataset
from pydicom.sequence import Sequence
from pydicom.uid import ExplicitVRBigEndian

from store.errors import CaseError
from tests.inputs.make_dicom import CT, build, make_dicom, ramp, save
from tools.files.arrays.limits import ReadLimits
from tools.files.dicom.reader import read_dicom

LIMITS = ReadLimits()


def read(path, limits=LIMITS):
    return read_dicom(path, limits)


def test_rgb_is_shown_as_drawn(tmp_path):
    drawn = np.random.default_rng(0).integers(0, 255, (16, 20, 3)).astype(np.uint8)
    assert (read(make_dicom(tmp_path / "a.dcm", drawn, modality="XC")).pixels == drawn).all()


@pytest.mark.parametrize("bits", [8, 16])
def test_a_colour_palette_is_looked_up(tmp_path, bits):
    kind, most = (np.uint8, 255) if bits == 8 else (np.uint16, 65535)
    table = np.linspace(0, most, 256).astype(kind)
    elements = {"PhotometricInterpretation": "PALETTE COLOR"}
    for colour, entries in (("Red", table), ("Green", table[::-1]), ("Blue", table * 0)):
        elements[f"{colour}PaletteColorLookupTableDescriptor"] = [256, 0, bits]
        elements[f"{colour}PaletteColorLookupTableData"] = entries.tobytes()
    path = make_dicom(tmp_path / "a.dcm", ramp(most=255).astype(np.uint8), modality="US", **elements)
    image = read(path)
    assert np.abs(image.pixels[0, -1].astype(int) - (255, 0, 0)).max() <= 1
    assert np.abs(image.pixels[0, 0].astype(int) - (0, 255, 0)).max() <= 1


def test_whole_hounsfield_values_are_int16_and_others_float32(tmp_path):
    assert read(make_dicom(tmp_path / "a.dcm", ramp(), **CT)).values.dtype == np.int16
    path = make_dicom(tmp_path / "b.dcm", ramp(), **{**CT, "RescaleSlope": "0.5"})
    assert read(path).values.dtype == np.float32
    wide = make_dicom(tmp_path / "c.dcm", ramp(most=60000), RescaleSlope="1", RescaleIntercept="-1024")
    assert read(wide).values.max() == 60000 - 1024


def test_a_cine_starts_at_its_first_frame_and_a_ct_stack_in_its_middle(tmp_path):
    stack = np.zeros((8, 16, 16), np.uint8)
    stack[4, :8] = 200
    window = {"WindowCenter": "100", "WindowWidth": "200"}
    assert read(make_dicom(tmp_path / "a.dcm", stack, modality="US", **window)).index == 0
    assert read(make_dicom(tmp_path / "b.dcm", stack, modality="CT", **window)).index == 4


@pytest.mark.parametrize("inner", [b"", b"\x09\x00\x02\x10\x04\x00\x00\x00\x01\x00\x00\x00"])
def test_a_big_endian_file_that_cannot_be_followed_is_not_called_damaged_alone(tmp_path, inner):
    path = save(build(ramp(), **CT), tmp_path / "a.dcm", ExplicitVRBigEndian)
    start = 144 + dcmread(path, stop_before_pixels=True).file_meta[0x00020000].value
    # (0009,1001) UN of unknown length: one item in little endian, as the standard asks for.
    unknown = b"\x00\x09\x10\x01UN\x00\x00\xff\xff\xff\xff"
    item = b"\xfe\xff\x00\xe0\xff\xff\xff\xff" + inner + b"\xfe\xff\x0d\xe0" + bytes(4)
    data = path.read_bytes()
    path.write_bytes(data[:start] + unknown + item + b"\xfe\xff\xdd\xe0" + bytes(4) + data[start:])
    with pytest.raises(CaseError, match="big-endian"):
        read(path)


@pytest.mark.parametrize(
    ("sop_class", "word"),
    [
        ("1.2.840.10008.1.3.10", "DICOMDIR"),
        ("1.2.840.10008.5.1.4.1.1.481.2", "dose grid"),
        ("1.2.840.10008.5.1.4.1.1.481.3", "structure set"),
        ("1.2.840.10008.5.1.4.1.1.481.5", "radiotherapy plan"),
        ("1.2.840.10008.5.1.4.1.1.66.4", "segmentation"),
        ("1.2.840.10008.5.1.4.1.1.88.33", "structured report"),
        ("1.2.840.10008.5.1.4.1.1.88.59", "key object"),
        ("1.2.840.10008.5.1.4.1.1.11.1", "presentation state"),
        ("1.2.840.10008.5.1.4.1.1.104.1", "PDF"),
        ("1.2.840.10008.5.1.4.1.1.9.1.1", "waveform"),
        ("1.2.840.10008.5.1.4.1.1.77.1.6", "whole-slide"),
    ],
)
def test_an_object_that_is_no_picture_is_named(tmp_path, sop_class, word):
    path = make_dicom(tmp_path / "a.dcm", ramp(), SOPClassUID=sop_class)
    with pytest.raises(CaseError, match=rf"{word}.*\b(?i:send|export)\b"):
        read(path)


def test_a_structure_set_without_sop_class_is_named_by_its_modality(tmp_path):
    ds = build(None, modality="RTSTRUCT")
    del ds.SOPClassUID
    with pytest.raises(CaseError, match="structure set"):
        read(save(ds, tmp_path / "a.dcm", bare=True))


def test_sequences_nested_too_deep_are_refused(tmp_path):
    ds = build(ramp(), **CT)
    inner = Dataset()
    for _ in range(12):
        outer = Dataset()
        outer.ReferencedImageSequence = Sequence([inner])
        inner = outer
    ds.ReferencedImageSequence = Sequence([inner])
    with pytest.raises(CaseError, match="more than 8 deep"):
        read(save(ds, tmp_path / "a.dcm"))


@pytest.mark.parametrize("keyword", ["HighBit", "BitsStored", "Rows", "PixelRepresentation"])
def test_an_element_of_a_length_that_its_kind_never_has_is_refused_in_words_or_passed_over(tmp_path, keyword):
    path = make_dicom(tmp_path / "a.dcm", ramp())
    number = tag_for_keyword(keyword)
    head = struct.pack("<HH", number >> 16, number & 0xFFFF) + b"US"
    data = path.read_bytes()
    at = data.index(head)
    path.write_bytes(data[: at + 6] + b"\3\0" + b"\1\0\0" + data[at + 10 :])
    try:
        assert read(path).size == (48, 32)
    except CaseError as error:
        assert str(error).startswith("This ")
