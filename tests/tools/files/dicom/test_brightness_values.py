"""Which values stored ones stand for and which they can be: headers written by hand."""

from __future__ import annotations

import numpy as np
import pytest
from pydicom.dataset import Dataset, FileMetaDataset
from pydicom.uid import ExplicitVRLittleEndian

from tests.inputs.make_dicom import lut
from tools.files.dicom.brightness import (
    has_scale,
    modality_values,
    possible_values,
    show,
    windowed,
)
from tools.files.dicom.display import Shown


def header(*, bits: int | None = 16, signed: bool = False, **elements: object) -> Dataset:
    """A header of as many bits; of none that says so where `bits` is None."""
    ds = Dataset()
    ds.file_meta = FileMetaDataset()
    ds.file_meta.TransferSyntaxUID = ExplicitVRLittleEndian
    ds.PixelRepresentation = int(signed)
    if bits is not None:
        ds.BitsAllocated, ds.BitsStored = (8 if bits <= 8 else 16), bits
    for keyword, value in elements.items():
        setattr(ds, keyword, value)
    return ds


def rescale(slope: str, intercept: str) -> dict[str, str]:
    return {"RescaleSlope": slope, "RescaleIntercept": intercept}


@pytest.mark.parametrize(
    ("slope", "intercept", "stored", "becomes"),
    [
        ("2", "-1024", np.uint16, np.int32),
        ("2", "-1024", np.uint8, np.int32),
        ("2", "-1024", np.int32, np.float64),
        ("0.5", "-1024", np.uint16, np.float64),
        ("2", "0.5", np.uint16, np.float64),
        # 16383 × 2**16 + 65535 is 2**30 - 1, the last that is surely held.
        ("16383", "65535", np.uint16, np.int32),
        ("-16383", "-65535", np.uint16, np.int32),
        ("16383", "65536", np.uint16, np.float64),
        ("-16383", "-65536", np.uint16, np.float64),
    ],
)
def test_whole_numbers_stay_whole_where_32_bits_hold_them(slope, intercept, stored, becomes):
    values, scaled = modality_values(
        np.array([[0, 3, 250]], stored), header(**rescale(slope, intercept)), Shown()
    )
    assert values.tolist() == [[n * float(slope) + float(intercept) for n in (0, 3, 250)]]
    assert values.dtype == becomes
    assert scaled is True


@pytest.mark.parametrize("half", [{"RescaleSlope": "2"}, {"RescaleIntercept": "2"}])
def test_half_a_rescale_is_none(half):
    stored, shown = np.array([[0, 3]], np.uint16), Shown()
    values, scaled = modality_values(stored, header(**half), shown)
    assert (values.tolist(), scaled, shown.notes) == (stored.tolist(), False, {})
    assert has_scale(header(**half)) is False


@pytest.mark.parametrize(
    ("elements", "expected"),
    [
        (rescale("1", "0"), True),
        (rescale("-2", "7"), True),
        (rescale("0", "7"), False),
        ({}, False),
        ({**rescale("1", "0"), "ModalityLUTSequence": lut([1, 2], 0, 16)}, False),
        ({"ModalityLUTSequence": lut([1, 2], 0, 16)}, False),
    ],
)
def test_a_rescale_with_a_slope_and_no_table_is_a_scale(elements, expected):
    assert has_scale(header(**elements)) is expected


@pytest.mark.parametrize(
    ("signed", "elements", "expected"),
    [
        (False, {}, (0, 4095)),
        (True, {}, (-2048, 2047)),
        (True, rescale("3", "1"), (-6143, 6142)),
        (True, rescale("-3", "1"), (-6140, 6145)),
        (True, rescale("0", "5"), (-2043, 2052)),
        (True, {"ModalityLUTSequence": lut([40, 50, 30], 0, 16), **rescale("3", "1")}, (30, 50)),
        (True, {"ModalityLUTSequence": lut([], 0, 16), **rescale("3", "1")}, (-2048, 2047)),
    ],
)
def test_the_values_that_are_possible_follow_from_bits_and_rescale_or_table(signed, elements, expected):
    assert possible_values(header(bits=12, signed=signed, **elements)) == expected


def test_a_table_starts_below_zero_where_its_values_do():
    # 65526 is -10 written without its sign.
    stored = np.array([[-11, -10, -9, 0]], np.int16)
    table = header(signed=True, ModalityLUTSequence=lut([7, 8, 9], 65_526, 16))
    assert modality_values(stored, table, Shown())[0].tolist() == [[7, 7, 8, 9]]
    voi = header(VOILUTSequence=lut([0, 100, 255], 65_526, 8), **rescale("1", "-1024"))
    grey = show(stored, voi, padding=None, is_ct_scale=False, shown=Shown())
    assert grey.tolist() == [[0, 0, 100, 255]]


def shown_as(values: list[float], flat: Dataset) -> tuple[list[int], list[str]]:
    """The 8-bit values of one row, and what is noted."""
    shown = Shown()
    grey = show(np.array([values]), flat, padding=None, is_ct_scale=False, shown=shown)
    return grey[0].tolist(), list(shown.notes)


def test_white_is_the_highest_entry_that_the_bits_of_a_table_hold_and_no_note_is_needed() -> None:
    flat = header(VOILUTSequence=lut([0, 100, 200, 255], 0, 8))
    assert shown_as([0, 1, 2, 3], flat) == (
        [0, 100, 200, 255],
        ["Brightness follows the VOI LUT of the file."],
    )


def test_a_table_whose_header_cannot_be_read_is_left_out_with_a_note() -> None:
    flat = header(VOILUTSequence=lut([0, 1], 0, 8), WindowCenter="100", WindowWidth="200")
    flat.VOILUTSequence[0].LUTDescriptor = [2, 0]
    grey, notes = shown_as([0, 50, 200], flat)
    assert grey == [0, 64, 255]
    assert notes[0] == "Its VOI LUT is damaged and was left out."
    shown = Shown()
    flat = header(ModalityLUTSequence=flat.VOILUTSequence)
    assert modality_values(np.array([[1]]), flat, shown)[0].tolist() == [[1]]
    assert list(shown.notes) == ["Its modality LUT is damaged and was left out."]


def test_an_inverse_shape_is_noted() -> None:
    flat = header(PresentationLUTShape="INVERSE", WindowCenter="100", WindowWidth="200")
    grey, notes = shown_as([0, 50, 200], flat)
    assert grey == [255, 191, 0]
    assert notes[1:] == [
        "The file asks for inverted brightness (Presentation LUT Shape INVERSE); low values are white."
    ]


def test_a_sigmoid_takes_values_far_from_its_window_in_silence() -> None:
    with np.errstate(over="raise"):
        assert windowed(np.array([-1e6, 0.0, 1e6]), 0.0, 1.0, "SIGMOID").tolist() == [0, 128, 255]
