"""TIFF files of numbers: every real type is shown by its percentiles, raw photos never as their preview."""

from __future__ import annotations

import io

import numpy as np
import pytest
import tifffile
from PIL import Image as PillowImage

from store.errors import CaseError
from tests.tools.files.test_pictures import encoded, read
from tools.files.arrays.limits import ReadLimits

RAMP = np.tile(np.linspace(0, 100, 64), (48, 1))
SHOWN = RAMP * 2.55


def tiff(*pages, **options):
    file = io.BytesIO()
    with tifffile.TiffWriter(file) as writer:
        for page in pages:
            writer.write(page, **{"photometric": "minisblack", **options})
    return file.getvalue()


@pytest.mark.parametrize("packed", [None, "zlib"])
@pytest.mark.parametrize(
    "dtype",
    ["float16", "float32", "float64", "uint16", "uint32", "uint64", "int8", "int16", "int32", "int64"],
)
def test_numbers_of_every_real_type_are_shown_alike(tmp_path, dtype, packed):
    image = read(tmp_path, tiff(RAMP.astype(dtype), compression=packed))
    assert image.file_type == "TIFF"
    assert np.abs(image.frames[0] - SHOWN).max() < 6
    assert any("more than 8 bits" in note for note in image.notes)


@pytest.mark.parametrize("dtype", ["float16", "float64", "int8", "int64"])
def test_negative_numbers_are_darker_than_zero(tmp_path, dtype):
    image = read(tmp_path, tiff((RAMP - 50).astype(dtype)))
    assert np.abs(image.frames[0] - SHOWN).max() < 6


def test_unsigned_numbers_of_32_bits_do_not_turn_negative(tmp_path):
    image = read(tmp_path, tiff((RAMP / 100 * (2**32 - 1)).astype(np.uint32)))
    assert np.abs(image.frames[0] - SHOWN).max() < 6


@pytest.mark.parametrize("planar", ["contig", "separate"])
@pytest.mark.parametrize("dtype", ["float32", "float64", "uint32"])
def test_floating_colour_is_shown_in_its_colours(tmp_path, dtype, planar):
    colour = np.dstack([RAMP, RAMP[:, ::-1], np.zeros_like(RAMP)]).astype(dtype)
    stored = colour if planar == "contig" else np.moveaxis(colour, -1, 0)
    image = read(tmp_path, tiff(stored, photometric="rgb", planarconfig=planar))
    assert image.frames.shape == (1, 48, 64, 3)
    assert image.pixels[20, 60].argmax() == 0
    assert image.pixels[20, 3].argmax() == 1
    assert image.pixels[..., 2].max() == 0


def test_what_is_no_number_is_dark_and_does_not_move_the_window(tmp_path):
    holes = RAMP.astype(np.float64)
    holes[:4, :4] = np.nan
    image = read(tmp_path, tiff(holes))
    assert image.frames[0, 0, 0] == 0
    assert np.abs(image.frames[0, 10:] - SHOWN[10:]).max() < 6


def test_low_values_are_white_where_the_file_says_so(tmp_path):
    image = read(tmp_path, tiff(RAMP, photometric="miniswhite"))
    assert np.abs(255 - image.frames[0] - SHOWN).max() < 6


def test_pages_share_one_window_and_a_page_of_another_kind_is_left_out(tmp_path):
    image = read(tmp_path, tiff(RAMP, RAMP * 2, RAMP[:10]))
    assert image.frames.shape == (2, 48, 64)
    assert int(image.frames[1, 5, 30]) > int(image.frames[0, 5, 30]) + 40
    assert any("1 further pages" in note for note in image.notes)


@pytest.mark.parametrize(
    ("data", "words"),
    [(tiff(RAMP.astype(np.complex64)), "complex"), (tiff(np.stack([RAMP] * 5, -1), photometric="minisblack",
      planarconfig="contig"), "5 values per pixel")],
)  # fmt: skip
def test_numbers_that_are_no_picture_are_named(tmp_path, data, words):
    with pytest.raises(CaseError, match=words):
        read(tmp_path, data)


def test_too_many_pixels_are_refused_from_the_header(tmp_path):
    with pytest.raises(CaseError, match="million pixels"):
        read(tmp_path, tiff(RAMP), ReadLimits(max_pixels=100))


@pytest.mark.parametrize("share", [0.4, 0.9])
def test_numbers_that_are_cut_off_are_refused(tmp_path, share):
    data = tiff(RAMP)
    with pytest.raises(CaseError, match=r"cut off|damaged"):
        read(tmp_path, data[: int(len(data) * share)])


def dng():
    return encoded(PillowImage.new("RGB", (16, 12)), "TIFF", tiffinfo={50706: b"\1\4\0\0"})


def with_a_preview_first():
    file = io.BytesIO()
    small, large = np.zeros((12, 16), np.uint8), np.zeros((48, 64), np.uint16)
    with tifffile.TiffWriter(file) as writer:
        writer.write(small, photometric="minisblack", subfiletype=1, subifds=1)
        writer.write(large, photometric="minisblack")
    return file.getvalue()


def canon():
    data = encoded(PillowImage.new("RGB", (16, 12)), "TIFF")
    return data[:8] + b"CR\x02\x00" + data[12:]


@pytest.mark.parametrize("data", [dng(), with_a_preview_first(), canon()], ids=["DNG", "NEF", "CR2"])
def test_a_raw_photo_of_a_camera_is_named_and_not_shown_as_its_preview(tmp_path, data):
    with pytest.raises(CaseError, match="raw photo of a camera"):
        read(tmp_path, data)
