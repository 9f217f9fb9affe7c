"""Kinds of JPEG that are not read are named; nothing else is refused for them."""

from __future__ import annotations

import pytest

from store.errors import CaseError
from tests.tools.files.test_pictures import drawn, encoded, read
from tools.files.jpeg_kinds import refuse_unread_jpeg

SIZES = bytes([0, 8, 0, 8, 1, 1, 0x11, 0])


def head(marker, bits, before=b""):
    return b"\xff\xd8" + before + bytes([0xFF, marker, 0, 11, bits]) + SIZES


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (head(0xC1, 12), "JPEG of 12 bits per sample"),
        (head(0xC3, 16), "lossless JPEG"),
        (head(0xC3, 8, b"\xff\xe0\x00\x04ab"), "lossless JPEG"),
        (head(0xC2, 12, b"\xff\xff\xe1\x00\x03a"), "JPEG of 12 bits"),
        (head(0xF7, 8), "JPEG-LS"),
    ],
)
def test_a_jpeg_that_is_not_read_is_named_and_not_called_damaged(tmp_path, data, words):
    with pytest.raises(CaseError, match=words) as refused:
        read(tmp_path, data)
    assert "PNG" in str(refused.value)


@pytest.mark.parametrize("options", [{}, {"progressive": True}, {"exif": b"Exif\0\0MM\0*\0\0\0\x08\0\0"}])
def test_an_ordinary_jpeg_passes(tmp_path, options):
    assert read(tmp_path, encoded(drawn(), "JPEG", **options)).size == (60, 40)


@pytest.mark.parametrize(
    "data", [b"\xff\xd8", b"\xff\xd8\xff", b"\xff\xd8\xff\xc0\x00", b"\xff\xd8\xff\xda\x00\x00"]
)
def test_a_jpeg_that_ends_early_is_left_to_its_reader(tmp_path, data):
    (tmp_path / "a").write_bytes(data)
    refuse_unread_jpeg(tmp_path / "a")
