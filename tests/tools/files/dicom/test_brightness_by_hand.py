"""Each step from stored values to brightness, on headers and rows written by hand."""

from __future__ import annotations

import numpy as np
import pytest
from pydicom.datadict import tag_for_keyword
from pydicom.dataelem import RawDataElement
from pydicom.dataset import Dataset, FileMetaDataset
from pydicom.sequence import Sequence
from pydicom.tag import Tag
from pydicom.uid import ExplicitVRLittleEndian

from tests.inputs.make_dicom import lut
from tools.files.dicom.brightness import (
    has_window,
    modality_values,
    show,
)
from tools.files.dicom.display import Shown, flat_header, number, text
from tools.files.dicom.padding import padding_of


def header(**elements):
    ds = Dataset()
    ds.file_meta = FileMetaDataset()
    ds.file_meta.TransferSyntaxUID = ExplicitVRLittleEndian
    ds.BitsAllocated = ds.BitsStored = 16
    ds.HighBit, ds.PixelRepresentation = 15, 0
    for keyword, value in elements.items():
        setattr(ds, keyword, value)
    return ds


def shown_as(values, flat, *, is_ct_scale=False, shown=None):
    """(the 8-bit values of one row, what was learnt)"""
    shown = Shown() if shown is None else shown
    row = np.asarray(values)[None]
    grey = show(row, flat, padding=padding_of(row, flat), is_ct_scale=is_ct_scale, shown=shown)
    return grey[0].tolist(), shown


@pytest.mark.parametrize(
    ("value", "position", "found"),
    [
        ("7.5", 0, 7.5),
        ("7.5", 1, None),
        (["7.5", "-2"], 0, 7.5),
        (["7.5", "-2"], 1, -2.0),
        (["7.5", "-2"], 2, None),
        ("", 0, None),
        (None, 0, None),
        (0, 0, 0.0),
    ],
)
def test_a_number_is_read_at_its_position_or_not_at_all(value, position, found):
    assert number(header(WindowCenter=value), "WindowCenter", position) == found


@pytest.mark.parametrize("value", [float("nan"), float("inf"), float("-inf")])
def test_a_number_that_is_not_finite_is_none(value):
    ds = header()
    ds.add_new("RealWorldValueIntercept", "FD", value)
    assert number(ds, "RealWorldValueIntercept") is None
    ds.add_new("RealWorldValueIntercept", "FD", [1.0, value])
    assert number(ds, "RealWorldValueIntercept", 0) == 1.0
    assert number(ds, "RealWorldValueIntercept", 1) is None


def test_words_where_a_number_belongs_are_none():
    assert number(header(StudyDescription="seven"), "StudyDescription") is None
    assert number(header(StudyDescription="7"), "StudyDescription") == 7
    assert number(header(StudyDescription="77"), "StudyDescription", 1) is None
    assert number(header(), "WindowCenter") is None


def test_a_coded_text_is_in_capitals_without_blanks():
    assert text(header(VOILUTFunction="Sigmoid"), "VOILUTFunction") == "SIGMOID"
    assert text(header(VOILUTFunction=""), "VOILUTFunction") == ""
    assert text(header(), "VOILUTFunction") == ""


def test_an_element_that_cannot_be_read_is_absent():
    ds = header(WindowWidth="100", VOILUTFunction="LINEAR")
    for keyword in ("WindowWidth", "VOILUTFunction"):
        tag = tag_for_keyword(keyword)
        # A value that pydicom has not converted yet, of a type that does not exist.
        ds._dict[tag] = RawDataElement(Tag(tag), "QQ", 2, b"1 ", 0, False, True)
    assert number(ds, "WindowWidth") is None
    assert text(ds, "VOILUTFunction") == ""
    assert flat_header(ds, 0).get("WindowWidth") is None


def group(**elements):
    """A functional group: each name a sequence of one item."""
    item = Dataset()
    for name, inner in elements.items():
        setattr(item, name, Sequence([inner]))
    return item


def test_a_frame_s_own_group_is_laid_over_the_shared_one_and_that_over_the_header():
    ds = header(Modality="CT", WindowCenter="1", WindowWidth="2", RescaleSlope="3", PatientName="Nobody")
    ds.SharedFunctionalGroupsSequence = Sequence(
        [
            group(
                PixelValueTransformationSequence=header(RescaleSlope="4", RescaleIntercept="5"),
                FrameVOILUTSequence=header(WindowWidth="6"),
                PixelMeasuresSequence=header(PixelSpacing=["0.5", "0.7"]),
                PlaneOrientationSequence=header(ImageOrientationPatient=["1", "0", "0", "0", "1", "0"]),
            )
        ]
    )
    ds.PerFrameFunctionalGroupsSequence = Sequence(
        [group(FrameVOILUTSequence=header(WindowWidth=width)) for width in ("7", "8")]
    )
    first, second, third = (flat_header(ds, frame) for frame in range(3))
    assert [number(flat, "WindowWidth") for flat in (first, second, third)] == [7, 8, 6]
    assert number(second, "WindowCenter") == 1
    assert (number(second, "RescaleSlope"), number(second, "RescaleIntercept")) == (4, 5)
    assert list(second.PixelSpacing) == [0.5, 0.7]
    assert second.ImageOrientationPatient[4] == 1
    assert second.Modality == "CT"
    assert second.file_meta is ds.file_meta
    assert "PatientName" not in second


def test_a_modality_lut_gives_values_but_no_scale():
    stored = np.array([[0, 1, 2, 300]], np.uint16)
    flat = header(ModalityLUTSequence=lut([50, 40, 30], 0, 16), RescaleSlope="2", RescaleIntercept="1")
    shown = Shown()
    values, scaled = modality_values(stored, flat, shown)
    assert values.tolist() == [[50, 40, 30, 30]]
    assert scaled is False
    assert not shown.notes


def test_a_damaged_modality_lut_is_left_out_with_a_note():
    stored = np.array([[0, 1, 2]], np.uint16)
    flat = header(ModalityLUTSequence=lut([50, 40, 30], 0, 16), RescaleSlope="2", RescaleIntercept="1")
    del flat.ModalityLUTSequence[0].LUTData
    shown = Shown()
    values, scaled = modality_values(stored, flat, shown)
    assert values.tolist() == stored.tolist()
    assert scaled is False
    assert list(shown.notes) == ["Its modality LUT is damaged and was left out."]


def test_a_rescale_is_applied_and_gives_a_scale():
    shown = Shown()
    values, scaled = modality_values(
        np.array([[0, 10]]), header(RescaleSlope="2", RescaleIntercept="-5"), shown
    )
    assert values.tolist() == [[-5, 15]]
    assert scaled is True
    assert not shown.notes


@pytest.mark.parametrize("half", ["RescaleSlope", "RescaleIntercept"])
def test_half_a_rescale_is_none(half):
    stored, shown = np.array([[0, 10]]), Shown()
    values, scaled = modality_values(stored, header(**{half: "2"}), shown)
    assert values.tolist() == stored.tolist()
    assert scaled is False
    assert not shown.notes


def test_a_slope_of_zero_leaves_the_stored_values_and_says_so():
    stored, shown = np.array([[0, 10]]), Shown()
    values, scaled = modality_values(stored, header(RescaleSlope="0", RescaleIntercept="2"), shown)
    assert values.tolist() == stored.tolist()
    assert scaled is False
    assert list(shown.notes) == [
        "The file gives a rescale slope of 0, which cannot be meant; stored values are used."
    ]


def test_a_slope_below_one_and_a_negative_one_are_meant():
    for slope in ("0.5", "-2"):
        _, scaled = modality_values(
            np.array([[4]]), header(RescaleSlope=slope, RescaleIntercept="0"), Shown()
        )
        assert scaled


def test_values_with_hounsfield_units_and_no_window_are_shown_as_soft_tissue():
    grey, shown = shown_as([-161, -160, 40, 240, 241], header(), is_ct_scale=True)
    assert grey == [0, 0, 128, 255, 255]
    assert shown.window == "level 40, width 400 (Casebook's default)"
    assert list(shown.notes) == [
        "The file names no window; the soft-tissue window is used: level 40, width 400."
    ]


def test_values_without_a_scale_and_a_window_are_shown_by_their_percentiles():
    grey, shown = shown_as([0.0] + [float(n) for n in range(1, 1000)] + [1e6], header())
    assert grey[0] == grey[4] == 0
    assert grey[-1] == grey[-4] == 255
    assert grey[500] == pytest.approx(128, abs=1)
    assert shown.window == "5 to 995 (from the pixels)"
    assert list(shown.notes) == [
        "The file names no window; brightness shows the 0.5th to 99.5th percentile of its values."
    ]


def test_percentiles_that_are_given_are_used_where_nothing_else_applies():
    grey, shown = shown_as([0, 50, 100], header(), shown=Shown(percentiles=(0.0, 50.0)))
    assert grey == [0, 255, 255]
    assert shown.window == "0 to 50 (from the pixels)"
    grey, _ = shown_as([-160, 240], header(), is_ct_scale=True, shown=Shown(percentiles=(0.0, 50.0)))
    assert grey == [0, 255]
    window = header(WindowCenter="100", WindowWidth="200")
    grey, _ = shown_as([0, 50, 200], window, shown=Shown(percentiles=(0.0, 50.0)))
    assert grey == [0, 64, 255]


def test_percentiles_leave_padding_out():
    grey, shown = shown_as([*range(1000), *[60_000] * 500], header(PixelPaddingValue=60_000))
    assert grey[999] == grey[1000] == 255
    assert shown.window == "4.995 to 994.005 (from the pixels)"


def test_a_window_comes_before_the_soft_tissue_window():
    grey, shown = shown_as([0, 50, 200], header(WindowCenter="100", WindowWidth="200"), is_ct_scale=True)
    assert grey == [0, 64, 255]
    assert shown.window == "level 100, width 200 (from the file)"
    assert list(shown.notes) == ["Brightness follows the window in the file: level 100, width 200."]


def test_the_note_of_a_window_names_its_number_and_its_curve():
    several = header(WindowCenter=["0.5", "9"], WindowWidth=["10", "20"], VOILUTFunction="SIGMOID")
    _, shown = shown_as([0, 1], several)
    assert list(shown.notes) == [
        "Brightness follows the first of several windows in the file: level 0.5, width 10 with a sigmoid "
        "curve."
    ]


def test_monochrome1_is_inverted_after_the_window_with_a_note():
    window = {"WindowCenter": "100", "WindowWidth": "200"}
    grey, shown = shown_as([0, 50, 200], header(PhotometricInterpretation="MONOCHROME1", **window))
    assert grey == [255, 191, 0]
    assert list(shown.notes)[1:] == [
        "The file stores low values as white (MONOCHROME1); it was inverted for display."
    ]
    grey, _ = shown_as([0, 50, 200], header(PhotometricInterpretation="MONOCHROME2", **window))
    assert grey == [0, 64, 255]


@pytest.mark.parametrize("width", ["0", "-5"])
def test_a_window_without_width_is_no_window(width):
    flat = header(WindowCenter="40", WindowWidth=width)
    assert not has_window(flat)
    _, shown = shown_as([0, 1], flat)
    assert next(iter(shown.notes)) == (
        "The file names a window without width, which cannot be shown; it was left out."
    )


def test_a_level_alone_is_no_window_and_a_width_alone_is_none_that_can_be_shown():
    for half, notes in (({"WindowCenter": "40"}, 1), ({"WindowWidth": "40"}, 2)):
        assert not has_window(header(**half))
        _, shown = shown_as([0, 1], header(**half))
        assert len(shown.notes) == notes


def test_a_file_says_how_it_is_to_be_shown_by_a_window_or_a_lut():
    assert has_window(header(WindowCenter="0", WindowWidth="1"))
    assert has_window(header(VOILUTSequence=lut([0, 1], 0, 8)))
    assert has_window(header()) is False


@pytest.mark.parametrize(
    ("function", "width", "grey"),
    [
        # By the formulas of DICOM PS3.3 section C.11.2.1.2.1 and C.11.2.1.3.2, at 5, 6 and 7 with level 6.
        ("LINEAR", "4", [85, 170, 255]),
        ("", "4", [85, 170, 255]),
        ("CUBIC", "4", [85, 170, 255]),
        ("LINEAR_EXACT", "4", [64, 128, 191]),
        ("LINEAR", "1", [0, 255, 255]),
        ("LINEAR", "0.5", [0, 128, 255]),
        ("", "0.5", [0, 128, 255]),
        ("CUBIC", "0.5", [0, 128, 255]),
    ],
)
def test_a_window_follows_its_function_and_linear_where_it_has_none(function, width, grey):
    flat = header(WindowCenter="6", WindowWidth=width, VOILUTFunction=function)
    assert shown_as([5, 6, 7], flat)[0] == pytest.approx(grey, abs=1)


def test_a_narrow_sigmoid_stays_one():
    flat = header(WindowCenter="0", WindowWidth="0.5", VOILUTFunction="SIGMOID")
    grey, _ = shown_as([-0.1, 0.0, 0.1], flat)
    assert grey == pytest.approx([255 / (1 + np.exp(0.8)), 127.5, 255 / (1 + np.exp(-0.8))], abs=1)


def test_a_voi_lut_is_shown_by_the_bits_that_its_entries_use():
    flat = header(VOILUTSequence=lut([100, 300, 200], 10, 16), WindowCenter="0", WindowWidth="1")
    grey, shown = shown_as([9, 10, 10.6, 12, 99], flat)
    # Nine bits hold 300: 100, 300 and 200 of 511.
    assert grey == [50, 50, 150, 100, 100]
    assert shown.window == "VOI LUT (from the file)"
    assert list(shown.notes) == [
        "Brightness follows the VOI LUT of the file.",
        "Its entries use 9 of the 16 bits stated; the brightest is shown white.",
    ]


def test_a_voi_lut_that_starts_at_one_is_used_whole():
    flat = header(VOILUTSequence=lut([0, 100, 200, 400], 1, 16))
    assert shown_as([1, 2, 3, 4], flat)[0] == [0, 50, 100, 200]


def test_the_first_of_several_voi_luts_is_used():
    flat = header(VOILUTSequence=Sequence([*lut([0, 255], 0, 8), *lut([255, 0], 0, 8)]))
    assert shown_as([0, 1], flat)[0] == [0, 255]


def test_a_voi_lut_of_65536_entries_is_written_as_zero_and_used_whole():
    entries = np.arange(65536)[::-1]
    flat = header(VOILUTSequence=lut(entries, 0, 16))
    assert flat.VOILUTSequence[0].LUTDescriptor[0] == 0
    grey, shown = shown_as([0, 32768, 65535], flat)
    assert grey == pytest.approx([255, 127, 0], abs=1)
    assert shown.window == "VOI LUT (from the file)"


def test_a_voi_lut_that_is_damaged_gives_way_to_the_window():
    flat = header(VOILUTSequence=lut([0, 1], 0, 8), WindowCenter="100", WindowWidth="200")
    del flat.VOILUTSequence[0].LUTData
    grey, shown = shown_as([0, 50, 200], flat)
    assert grey == [0, 64, 255]
    assert next(iter(shown.notes)) == "Its VOI LUT is damaged and was left out."


def test_a_sentence_is_remembered_once():
    shown = Shown()
    shown.note("One.")
    shown.note("Two.")
    shown.note("One.")
    assert list(shown.notes) == ["One.", "Two."]
