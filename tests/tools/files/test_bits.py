"""Bits per sample are those of the file, for every kind of picture that has another number than 8."""

from __future__ import annotations

import io
import struct
import zlib

import numpy as np
import pytest
import tifffile
from PIL import Image as PillowImage

from tests.tools.files.test_pictures import drawn, encoded, read

GREY = (np.arange(64 * 64).reshape(64, 64) * 16).astype(np.uint16)


def png(depth, colour, row):
    """A PNG of one row, which Pillow does not write: 16-bit colour, 2-bit grey."""

    def chunk(name, body):
        return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))

    header = struct.pack(">IIBBBBB", 4, 1, depth, colour, 0, 0, 0)
    data = chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(b"\0" + row)) + chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + data


def tiff(array, **options):
    file = io.BytesIO()
    tifffile.imwrite(file, array, **options)
    return file.getvalue()


@pytest.mark.parametrize(
    ("data", "bits"),
    [
        (png(16, 2, bytes(range(24))), "16"),
        (png(16, 6, bytes([200] * 32)), "16"),
        (png(2, 0, b"\x1b"), "2"),
        (png(4, 0, b"\x1b\x2c"), "4"),
        (encoded(PillowImage.new("1", (8, 8)), "PNG"), "1"),
        (encoded(GREY, "PNG"), "16"),
        (encoded(drawn(), "PNG"), "8"),
        (encoded(PillowImage.new("1", (8, 8)), "TIFF"), "1"),
        (encoded(PillowImage.new("CMYK", (8, 8)), "TIFF"), "8"),
        (encoded(PillowImage.new("CMYK", (8, 8)), "JPEG"), "8"),
        (tiff(np.dstack([GREY] * 3), photometric="rgb"), "16"),
        (tiff(GREY.astype(np.int16)), "16 (signed)"),
        (tiff(GREY.astype(np.uint32)), "32"),
        (tiff(GREY.astype(np.float32)), "32 (floating point)"),
        (encoded(drawn(), "BMP"), "8"),
        (encoded(PillowImage.new("1", (8, 8)), "BMP"), "1"),
        (encoded(drawn(), "WEBP"), "8"),
    ],
)
def test_the_bits_of_a_sample_are_those_of_the_file(tmp_path, data, bits):
    assert read(tmp_path, data).facts["bits per sample"] == bits


@pytest.mark.parametrize("kind", ["PNG", "GIF", "BMP", "TIFF"])
def test_a_palette_is_told_apart_from_samples(tmp_path, kind):
    few = PillowImage.fromarray(drawn()).quantize(16)
    told = read(tmp_path, encoded(few, kind, **({"bits": 4} if kind == "PNG" else {}))).facts[
        "bits per sample"
    ]
    assert told == f"8 (palette, {4 if kind == 'PNG' else 8} per pixel)"


def test_colour_of_sixteen_bits_says_that_eight_are_shown(tmp_path):
    image = read(tmp_path, png(16, 2, bytes([255, 0, 128, 7, 0, 0] * 4)))
    assert image.pixels[0, 0].tolist() == [255, 128, 0]
    assert any("16 bits per colour sample" in note for note in image.notes)
    assert not read(tmp_path, encoded(drawn(), "PNG")).notes
