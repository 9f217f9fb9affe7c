"""Which bits of a cell are the value: native, RLE and compressed alike."""

from __future__ import annotations

import base64
import io
import struct

import numpy as np
import pytest
from PIL import Image as PillowImage
from pydicom import dcmread
from pydicom.encaps import encapsulate, generate_frames
from pydicom.uid import ExplicitVRBigEndian, ExplicitVRLittleEndian, ImplicitVRLittleEndian, RLELossless

from tests.inputs.make_dicom import build, compressed, ramp, save, transcode
from tools.files.arrays.limits import ReadLimits
from tools.files.dicom.pixels import stored_frames
from tools.files.dicom.reader import read_dicom
from tools.files.dicom.stored_values import stored_bits

WINDOW = {"WindowCenter": "2000", "WindowWidth": "4000"}


def only(path):
    (frame,) = stored_frames(path)
    return frame


@pytest.mark.parametrize("above_last", [12, 13, 15, 16])
@pytest.mark.parametrize("signed", [False, True])
def test_a_value_is_cut_out_of_its_cell_with_its_sign(above_last, signed):
    values = np.arange(-2048, 2048, 7) if signed else np.arange(0, 4096, 7)
    noise = np.random.default_rng(1).integers(0, 2**16, values.size)
    mask = 0xFFF << (above_last - 12)
    cells = ((values << (above_last - 12)) & mask | noise & ~mask & 0xFFFF).astype(np.uint16)
    found = stored_bits(cells, bits=12, above_last=above_last, filled=16, signed=signed)
    assert (found == values).all()
    assert found.dtype == (np.int16 if signed else np.uint16)


def test_the_cells_themselves_stay_as_they_are():
    cells = np.array([0xF123], np.uint16)
    stored_bits(cells, bits=12, above_last=12, filled=16, signed=True)
    assert cells[0] == 0xF123


SYNTAXES = [ExplicitVRLittleEndian, ImplicitVRLittleEndian, ExplicitVRBigEndian, RLELossless]
COMPRESSED = [f"1.2.840.10008.1.2.4.{n}" for n in ("57", "70", "80", "90")]


def written(ds, path, syntax):
    """Compress whole cells, as a system does that copies them, and then say which bits are stored."""
    if syntax not in (*COMPRESSED, RLELossless):
        return save(ds, path, syntax)
    stored, high = ds.BitsStored, ds.HighBit
    ds.BitsStored, ds.HighBit = 16, 15
    save(ds, path)
    if syntax == RLELossless:
        ds.compress(RLELossless)
    else:
        ds = dcmread(transcode(path, syntax))
    ds.BitsStored, ds.HighBit = stored, high
    ds.save_as(path, enforce_file_format=True)
    return path


@pytest.mark.parametrize("syntax", SYNTAXES + COMPRESSED)
@pytest.mark.parametrize(("stored", "high"), [(12, 15), (10, 11), (8, 15)])
def test_a_high_bit_above_bits_stored_shifts(tmp_path, syntax, stored, high):
    drawn = ramp(most=2**stored - 1)
    ds = build((drawn << (high + 1 - stored)).astype(np.uint16), modality="CR", BitsStored=stored, **WINDOW)
    ds.HighBit = high
    assert (only(written(ds, tmp_path / "a.dcm", syntax)) == drawn).all()


@pytest.mark.parametrize("syntax", SYNTAXES + COMPRESSED)
def test_an_overlay_in_unused_bits_is_not_in_the_picture(tmp_path, syntax):
    drawn = ramp()
    drawn[8:20, 10:30] |= 0x8000
    ds = build(drawn, modality="CR", BitsStored=12, **WINDOW)
    assert (only(written(ds, tmp_path / "a.dcm", syntax)) == ramp()).all()


@pytest.mark.parametrize("syntax", SYNTAXES + COMPRESSED)
def test_signed_values_keep_their_sign(tmp_path, syntax):
    drawn = (ramp().astype(np.int16) - 2000).astype(np.int16)
    ds = build(drawn, modality="MR", BitsStored=16, **WINDOW)
    assert (only(written(ds, tmp_path / "a.dcm", syntax)) == drawn).all()


@pytest.mark.parametrize("bits", [12, 13])
def test_signed_values_in_an_unsigned_jpeg_2000_keep_their_sign(tmp_path, bits):
    drawn = (ramp().astype(np.int16) - 2000).astype(np.int16)
    plain = (drawn & (2**bits - 1)).astype(np.uint16)
    frame = io.BytesIO()
    PillowImage.fromarray(plain).save(frame, "JPEG2000", no_jp2=True, irreversible=False)
    ds = build(drawn, modality="CT", BitsStored=bits)
    assert (only(compressed(ds, [frame.getvalue()], tmp_path / "a.dcm", COMPRESSED[-1])) == drawn).all()


def test_a_frame_of_eight_bits_fills_a_header_of_sixteen(tmp_path):
    drawn = ramp(most=200).astype(np.uint8)
    frame = io.BytesIO()
    PillowImage.fromarray(drawn).save(frame, "JPEG2000", no_jp2=True, irreversible=False)
    ds = build(drawn.astype(np.uint16), modality="CR", BitsStored=16, WindowCenter="128", WindowWidth="256")
    path = compressed(ds, [frame.getvalue()], tmp_path / "a.dcm", COMPRESSED[-1])
    assert np.abs(read_dicom(path, ReadLimits()).frames[0].astype(int) - drawn).max() <= 1


@pytest.mark.parametrize("last", ["80", "90"])
def test_the_sign_is_where_a_frame_of_fewer_bits_than_stated_has_it(tmp_path, last):
    drawn = (ramp(most=200).astype(np.int16) - 100).astype(np.int8)
    ds = build(drawn.view(np.uint8), modality="MR")
    ds = dcmread(transcode(save(ds, tmp_path / "a.dcm"), f"1.2.840.10008.1.2.4.{last}"))
    ds.BitsAllocated, ds.BitsStored, ds.HighBit, ds.PixelRepresentation = 16, 16, 15, 1
    ds.save_as(tmp_path / "b.dcm", enforce_file_format=True)
    assert (only(tmp_path / "b.dcm") == drawn).all()


# Drawn: 500 a column and 7 a row from -2000 on, the low 12 bits compressed as unsigned with OpenJPEG.
_TWELVE_BITS = (
    "/0//UQApAAAAAAAIAAAACAAAAAAAAAAAAAAACAAAAAgAAAAAAAAAAAABCwEB/1IADAAAAAEAAAQEAAH/XAAEQGD/ZAAlAAFDcmVh"
    "dGVkIGJ5IE9wZW5KUEVHIHZlcnNpb24gMi41LjT/kAAKAAAAAABpAAH/k9/hYCa4zfV213iZLT8xVcEEvY+K4EAnI+cxnWUsWZ/v"
    "a2c8XRzjxigbaxStdHeiNTBLVCsinSLfu1qBjtQ/JQpYL2mlpK49przo3FOOJmlRDiZnKqAAAAAAAAf/2Q=="
)


def test_the_sign_is_the_highest_bit_of_the_frame_and_not_of_the_header(tmp_path):
    y, x = np.mgrid[:8, :8]
    drawn = (x * 500 + y * 7 - 2000).astype(np.int16)
    path = compressed(
        build(drawn, modality="CT"), [base64.b64decode(_TWELVE_BITS)], tmp_path / "a.dcm", COMPRESSED[-1]
    )
    assert (only(path) == drawn).all()


def test_a_frame_of_sixteen_bits_is_not_cut_to_a_header_of_eight(tmp_path):
    path = transcode(save(build(ramp() * 16, modality="CR"), tmp_path / "a.dcm"), COMPRESSED[-1])
    ds = dcmread(path)
    ds.BitsAllocated, ds.BitsStored, ds.HighBit = 8, 8, 7
    ds.save_as(path, enforce_file_format=True)
    assert (only(path) == ramp() * 16).all()


@pytest.mark.parametrize("offsets", [[0, 0, 0], [0, 7, 9], [4, 40, 400]])
def test_a_wrong_offset_table_does_not_matter_where_each_frame_has_its_fragment(tmp_path, offsets):
    drawn = np.stack([ramp(most=m).astype(np.uint8) for m in (100, 150, 200)])
    path = transcode(save(build(drawn, modality="US"), tmp_path / "a.dcm"), COMPRESSED[-1])
    ds = dcmread(path)
    frames = list(generate_frames(ds.PixelData, number_of_frames=3))
    table = b"\xfe\xff\x00\xe0" + struct.pack("<L3L", 12, *offsets)
    ds.PixelData = table + encapsulate(frames, has_bot=False)[8:]
    ds.save_as(path, enforce_file_format=True)
    assert (np.stack(list(stored_frames(path))) == drawn).all()


@pytest.mark.parametrize("syntax", SYNTAXES[:3])
@pytest.mark.parametrize("size", [(5, 7), (3, 5), (8, 4)])
def test_single_bits_run_on_from_frame_to_frame(tmp_path, syntax, size):
    drawn = np.random.default_rng(2).integers(0, 2, (5, *size)).astype(np.uint8)
    ds = build(drawn, modality="OT", BitsAllocated=1, BitsStored=1)
    packed = np.packbits(drawn.ravel(), bitorder="little").tobytes()
    packed += b"\0" * (len(packed) % 2)
    ds.PixelData = np.frombuffer(packed, "<u2").astype(">u2").tobytes() if "2.2" in syntax[-4:] else packed
    ds["PixelData"].VR = "OW"
    assert (np.stack(list(stored_frames(save(ds, tmp_path / "a.dcm", syntax)))) == drawn).all()


def test_eight_bits_in_big_endian_words_are_put_in_order(tmp_path):
    drawn = np.random.default_rng(3).integers(0, 255, (3, 5, 5)).astype(np.uint8)
    ds = build(drawn, modality="US")
    data = drawn.tobytes() + b"\0"
    ds.PixelData = np.frombuffer(data, "<u2").astype(">u2").tobytes()
    ds["PixelData"].VR = "OW"
    assert (np.stack(list(stored_frames(save(ds, tmp_path / "a.dcm", ExplicitVRBigEndian)))) == drawn).all()
