"""Which pixels are padding, by headers written by hand."""

from __future__ import annotations

import numpy as np
import pytest
from pydicom.dataset import Dataset

from tests.inputs.make_dicom import build
from tests.tools.files.dicom.test_brightness_values import header
from tools.files.dicom.padding import may_have_lost, padding_of, padding_words, without_padding


@pytest.mark.parametrize(
    ("padding", "kept"),
    [
        ({}, [1, 2, 3, 4, 5]),
        ({"PixelPaddingValue": 3}, [1, 2, 4, 5]),
        ({"PixelPaddingValue": 9}, [1, 2, 3, 4, 5]),
        ({"PixelPaddingValue": 2, "PixelPaddingRangeLimit": 4}, [1, 5]),
        ({"PixelPaddingValue": 4, "PixelPaddingRangeLimit": 2}, [1, 5]),
        ({"PixelPaddingValue": 5, "PixelPaddingRangeLimit": 0}, [1, 2, 3, 4, 5]),
        ({"PixelPaddingRangeLimit": 3}, [1, 2, 3, 4, 5]),
    ],
)
def test_padding_is_left_out_with_both_ends_of_its_range_unless_nothing_remains(padding, kept):
    stored = np.array([[1, 2, 3, 4, 5]])
    flat = header(**padding)
    assert (without_padding(stored * 10, padding_of(stored, flat)) / 10).tolist() == kept


@pytest.mark.parametrize(
    ("header", "found", "words"),
    [
        ({}, True, ""),
        ({"PixelPaddingValue": 7}, True, "the stored value 7; pixels with it hold nothing that was measured"),
        ({"PixelPaddingValue": 7}, False, "the stored value 7; no pixel of the slice has it"),
        (
            {"PixelPaddingValue": 9, "PixelPaddingRangeLimit": 7},
            False,
            "stored values from 7 to 9; no pixel of the slice has it",
        ),
    ],
)
def test_what_is_said_of_padding(header, found, words):
    flat = Dataset()
    flat.BitsAllocated, flat.BitsStored, flat.PixelRepresentation = 16, 16, 0
    for name, value in header.items():
        setattr(flat, name, value)
    assert padding_words(flat, found=found) == words


@pytest.mark.parametrize(
    ("bits", "signed", "written", "pixel"),
    [
        (16, True, 63_536, -2_000),
        (16, True, 32_768, -32_768),
        (16, True, -2_000, -2_000),
        (16, False, -2_000, 63_536),
        (16, False, -1, 65_535),
        (12, True, 65_535, -1),
        (8, True, 253, -3),
        (8, False, -3, 253),
        (None, True, 63_536, -2_000),
        # Neither reading is possible: as it is written.
        (12, False, 60_000, 60_000),
    ],
)
@pytest.mark.parametrize("is_range", [False, True])
def test_padding_is_written_with_or_without_its_sign(bits, signed, written, pixel, is_range):
    stored = np.array([[pixel - 1, pixel, pixel + 1]])
    elements = {"PixelPaddingValue": written, **({"PixelPaddingRangeLimit": written} if is_range else {})}
    found = padding_of(stored, header(bits=bits, signed=signed, **elements))
    assert found is not None
    assert found.tolist() == [[False, True, False]]


def test_no_padding_is_none():
    assert padding_of(np.array([[1, 2]]), header()) is None
    assert padding_of(np.array([[1, 2]]), header(PixelPaddingValue=3)) is None


@pytest.mark.parametrize("padding", [-1024, 3000], ids=["on the scale", "among what is measured"])
def test_padding_on_the_scale_is_not_widened(padding):
    flat = build(np.zeros((2, 2), np.int16), RescaleSlope="1", RescaleIntercept="0")
    flat.PixelPaddingValue = padding
    stored = np.array([[padding - 1, padding], [padding + 1, 40]])
    assert padding_of(stored, flat, lossy=True).tolist() == [[False, True], [False, False]]


def test_padding_is_widened_to_the_side_of_the_scale_also_where_the_slope_turns_it():
    flat = build(np.zeros((2, 2), np.int16), RescaleSlope="-1", RescaleIntercept="0")
    flat.PixelPaddingValue = 2024
    stored = np.array([[2020, 2030], [1500, 40]])  # −1500 HU is nearer to −1024 than to −2024
    assert padding_of(stored, flat, lossy=True).tolist() == [[True, True], [False, False]]


@pytest.mark.parametrize(
    ("syntax", "flag", "lost"),
    [
        ("1.2.840.10008.1.2.4.81", None, True),
        ("1.2.840.10008.1.2.4.80", None, False),
        ("1.2.840.10008.1.2.4.91", "00", True),
        ("1.2.840.10008.1.2.1", "01", True),
        ("1.2.840.10008.1.2.1", "00", False),
    ],
)
def test_what_may_have_lost_is_told_by_encoding_and_header(syntax, flag, lost):
    flat = Dataset()
    if flag:
        flat.LossyImageCompression = flag
    assert may_have_lost(flat, syntax) is lost
