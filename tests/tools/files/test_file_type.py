"""Types are told from content; what is refused is named."""

import io

import numpy as np
import pytest
from PIL import Image as PillowImage

from store.errors import CaseError
from tools.files.file_type import ACCEPTED, recognise


@pytest.mark.parametrize(
    ("pillow", "name"),
    [("PNG", "PNG"), ("JPEG", "JPEG"), ("WEBP", "WebP"), ("BMP", "BMP"), ("GIF", "GIF"), ("TIFF", "TIFF")],
)
def test_a_picture_is_recognised_by_what_pillow_writes(pillow, name):
    file = io.BytesIO()
    PillowImage.fromarray(np.zeros((8, 8, 3), np.uint8)).save(file, pillow)
    assert recognise(file.getvalue()) == name


def test_a_tiff_preamble_before_dicm_is_dicom():
    assert recognise(b"II*\x00" + bytes(124) + b"DICM" + bytes(100)) == "DICOM"


@pytest.mark.parametrize(
    "head",
    [
        b"\x08\x00\x05\x00CS\x0a\x00ISO_IR 100",
        b"\x08\x00\x08\x00\x10\x00\x00\x00ORIGINAL\\PRIMARY",
        b"\x00\x08\x00\x05CS\x00\x0aISO_IR 100",
    ],
)
def test_dicom_without_preamble_is_recognised(head):
    assert recognise(head) == "DICOM"


@pytest.mark.parametrize(
    ("head", "word"),
    [
        (b"", "empty"),
        (b"%PDF-1.7 ...", "PDF"),
        (b"\x7fELF\x02\x01\x01" + bytes(50), "program"),
        (b"MZ\x90\x00" + bytes(50), "program"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "SVG"),
        (b"<?xml version='1.0'?>\n<svg/>", "SVG"),
        (b"<!DOCTYPE html><html></html>", "web page"),
        (b"Dear colleague, please find attached", "text"),
        (b"\x00\x00\x00\x18ftypcrx " + bytes(20), "CR3"),
        (b"\x00\x00\x00\x18ftypisom" + bytes(20), "video"),
        (b"8BPS\x00\x01", "Photoshop"),
        (b"\x93\x11\x00\x07\xfe\xdc", "not known"),
    ],
)
def test_what_is_refused_is_named_and_told_what_is_accepted(head, word):
    with pytest.raises(CaseError) as refusal:
        recognise(head)
    assert word in str(refusal.value)
    assert ACCEPTED in str(refusal.value)
