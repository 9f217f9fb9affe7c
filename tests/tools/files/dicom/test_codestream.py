"""What a compressed frame says of itself."""

from __future__ import annotations

import io

import numpy as np
import pytest
from PIL import Image as PillowImage
from pydicom import dcmread
from pydicom.encaps import generate_frames

from store.errors import CaseError
from tests.inputs.make_dicom import make_dicom, ramp, transcode
from tools.files.dicom.codestream import read_codestream
from tools.files.dicom.gdcm_codec import decode_codestream


def frame_of(path):
    return next(generate_frames(dcmread(path).PixelData, number_of_frames=1))


@pytest.mark.parametrize(
    ("last", "family"),
    [
        ("50", "JPEG"),
        ("57", "lossless JPEG"),
        ("70", "lossless JPEG"),
        ("80", "JPEG-LS"),
        ("90", "JPEG 2000"),
    ],
)
def test_a_frame_tells_its_family_size_and_depth(tmp_path, last, family):
    drawn = ramp(most=250).astype(np.uint8)
    path = transcode(make_dicom(tmp_path / "a.dcm", drawn, modality="US"), f"1.2.840.10008.1.2.4.{last}")
    head = read_codestream(frame_of(path))
    assert (head.family, head.rows, head.columns, head.samples, head.precision) == (family, 32, 48, 1, 8)
    assert head.colours is None


@pytest.mark.parametrize("signed", [False, True])
def test_jpeg_2000_tells_its_sign_and_a_file_around_it_is_seen_through(tmp_path, signed):
    drawn = ramp().astype(np.int16 if signed else np.uint16)
    path = transcode(make_dicom(tmp_path / "a.dcm", drawn, modality="MR"), "1.2.840.10008.1.2.4.90")
    head = read_codestream(frame_of(path))
    assert (head.signed, head.precision) == (signed, 16)
    boxed = io.BytesIO()
    PillowImage.fromarray(np.zeros((8, 9, 3), np.uint8)).save(boxed, "JPEG2000", mct=1)
    head = read_codestream(boxed.getvalue())
    assert (head.rows, head.columns, head.samples, head.colours) == (8, 9, 3, "RGB")


@pytest.mark.parametrize("data", [b"", b"\xff\xd8", b"\xff\xd8\xff", b"\xff\x4f\xff\x51\0\0", b"GIF89a" * 9])
def test_what_is_no_frame_is_none(data):
    assert read_codestream(data) is None


def test_every_cut_of_a_frame_is_told_or_none():
    whole = io.BytesIO()
    PillowImage.fromarray(np.zeros((8, 9, 3), np.uint8)).save(whole, "JPEG")
    data = whole.getvalue()
    heads = {read_codestream(data[:end]) for end in range(len(data))}
    assert heads <= {None, read_codestream(data)}


def test_a_depth_that_no_cell_holds_is_no_frame(tmp_path):
    path = transcode(make_dicom(tmp_path / "a.dcm", ramp(), modality="MR"), "1.2.840.10008.1.2.4.90")
    data = bytearray(frame_of(path))
    data[42] = 110
    assert read_codestream(bytes(data)) is None


def test_a_frame_that_the_decoder_gives_up_on_is_refused_by_its_family():
    whole = io.BytesIO()
    PillowImage.fromarray(np.zeros((64, 64), np.uint8)).save(whole, "JPEG")
    head = read_codestream(whole.getvalue())
    with pytest.raises(CaseError, match="JPEG data of this DICOM file could not be decoded"):
        decode_codestream(whole.getvalue()[:200], head)
