"""Which bits of a cell are the value: native, RLE and compressed alike."""

from __future__ import annotations

import io

import numpy as np
import pytest
from PIL import Image as PillowImage
from pydicom import dcmread
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
