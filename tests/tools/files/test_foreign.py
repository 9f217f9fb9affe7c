"""What is not read is named for what it is, and the way out is the right one."""

from __future__ import annotations

import gzip
import io
import tarfile

import nibabel
import numpy as np
import pytest

from store.errors import CaseError
from tests.inputs.photos import avif, corner, heic
from tools.files.file_type import recognise
from tools.files.foreign import foreign


def boxed(major, *others):
    body = b"ftyp" + major + bytes(4) + b"".join(others)
    return (len(body) + 4).to_bytes(4, "big") + body + bytes(64)


def refusal(head):
    with pytest.raises(CaseError) as refused:
        recognise(head)
    return str(refused.value)


@pytest.mark.parametrize(
    ("head", "name"),
    [
        (boxed(b"heic", b"mif1", b"heic"), "HEIC"),
        (boxed(b"heix", b"mif1"), "HEIC"),
        (boxed(b"mif1", b"miaf", b"heic"), "HEIC"),
        (boxed(b"avif", b"mif1", b"miaf"), "AVIF"),
        (boxed(b"avis", b"msf1", b"avif"), "AVIF"),
        (boxed(b"mif1", b"avif"), "AVIF"),
        (heic(corner()), "HEIC"),
        (avif(corner()), "AVIF"),
    ],
)
def test_photos_of_phones_are_told_by_any_of_their_brands(head, name):
    assert recognise(head) == name


@pytest.mark.parametrize(
    ("head", "words", "way_out"),
    [
        (boxed(b"crx ", b"crx ", b"isom"), "Canon CR3", "export it as JPEG"),
        (boxed(b"jxl ", b"jxl "), "JPEG XL", "export it as PNG"),
        (b"\x00\x00\x00\x0cJXL \r\n\x87\n" + boxed(b"jxl "), "JPEG XL", "export it as PNG"),
        (b"\xff\x0a" + bytes(range(60)), "JPEG XL", "export it as PNG"),
        (boxed(b"hevc", b"msf1", b"mif1"), "HEIC sequence", "single frames"),
        (boxed(b"mif1", b"j2ki"), "JPEG 2000 inside", "export it as JPEG"),
        (boxed(b"mif1", b"avci"), "AVC inside", "export it as JPEG"),
        (boxed(b"M4A ", b"mp42"), "sound", "not a picture"),
        (b"II\xbc\x01" + bytes(60), "JPEG XR", "PNG"),
        (b"FUJIFILMCCD-RAW 0201" + bytes(60), "Fujifilm RAF", "export it as JPEG"),
        (b"IIRO\x08\x00" + bytes(60), "Olympus ORF", "export it as JPEG"),
        (b"IIU\x00\x18\x00" + bytes(60), "Panasonic RW2", "export it as JPEG"),
        (b"mrtrix image\ndim: 4,4,4\n", "MRtrix", "mrconvert"),
    ],
)
def test_a_picture_that_is_not_read_is_named_and_no_video(head, words, way_out):
    told = refusal(head)
    assert words in told
    assert way_out in told
    assert "video;" not in told.replace("a kind of video;", "")


@pytest.mark.parametrize("major", [b"isom", b"mp42", b"qt  ", b"M4V ", b"3gp5", b"avc1"])
def test_a_video_is_a_video(major):
    assert "a video; send single frames" in refusal(boxed(major, b"isom"))


def test_a_brand_that_nobody_knows_is_not_called_a_video():
    assert "not known here" in refusal(boxed(b"zzzz"))


@pytest.mark.parametrize("kind", [np.uint8, np.int16, np.int32, np.float32])
@pytest.mark.parametrize("packed", [False, True])
def test_a_freesurfer_volume_is_named_packed_or_not(kind, packed):
    data = nibabel.MGHImage(np.ones((5, 6, 7), kind), np.eye(4)).to_bytes()
    told = refusal(gzip.compress(data) if packed else data)
    assert "MGZ" in told
    assert "mri_convert" in told


@pytest.mark.parametrize("made", [nibabel.AnalyzeImage, nibabel.Spm99AnalyzeImage, nibabel.Spm2AnalyzeImage])
@pytest.mark.parametrize("order", ["<", ">"])
def test_the_header_of_an_analyze_volume_is_named(made, order):
    header = made.header_class(endianness=order)
    header.set_data_shape((4, 5, 6))
    told = refusal(header.binaryblock)
    assert "Analyze 7.5" in told
    assert "one NIfTI file" in told


def test_a_nifti_header_is_no_analyze_header():
    assert recognise(nibabel.Nifti1Image(np.zeros((4, 4, 4), np.int16), np.eye(4)).to_bytes()) == "NIfTI"


def test_a_packed_nifti_volume_is_taken_however_it_packs():
    noise = np.random.default_rng(1).integers(0, 255, (9, 9, 9)).astype(np.uint8)
    for volume in (noise, np.zeros((9, 9, 9), np.uint8)):
        assert recognise(gzip.compress(nibabel.Nifti1Image(volume, np.eye(4)).to_bytes())[:4096]) == "gzip"


def tar():
    file = io.BytesIO()
    with tarfile.open(fileobj=file, mode="w") as archive:
        archive.addfile(tarfile.TarInfo("a"), io.BytesIO(b""))
    return file.getvalue()


@pytest.mark.parametrize(
    ("inside", "words"),
    [
        (tar(), "holds a tar archive; pack the series as zip"),
        (b"%PDF-1.7" + bytes(400), "holds a PDF document"),
        (b"\xff\xd8\xff\xe0" + bytes(400), "holds a JPEG file; unpack it"),
        (bytes(128) + b"DICM" + bytes(300), "holds a DICOM file; unpack it"),
    ],
)
def test_what_else_is_packed_with_gzip_is_named(inside, words):
    assert words in refusal(gzip.compress(inside))


def test_a_gzip_file_that_is_broken_is_left_to_its_reader():
    assert recognise(b"\x1f\x8b\x08\x00" + bytes(40)) == "gzip"


@pytest.mark.parametrize("head", [b"\x00" * 400, b"\x00\x00\x00\x01" + b"\xff" * 400, bytes(range(256)) * 2])
def test_nothing_is_made_of_bytes_that_mean_nothing(head):
    assert "not known here" in foreign(head)
