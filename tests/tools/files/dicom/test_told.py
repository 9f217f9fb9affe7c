"""Overlays, masks, raw pictures, burned-in text, codes of the standard, and mosaics taken apart."""

from __future__ import annotations

import numpy as np
import pytest
from pydicom.dataset import Dataset
from pydicom.sequence import Sequence

from tests.inputs.make_dicom import build, make_dicom, ramp, save
from tests.inputs.make_series import item
from tools.files.arrays.limits import ReadLimits
from tools.files.dicom.reader import read_dicom
from tools.files.series import read_folder

LIMITS = ReadLimits()


def read(path, pixels=None, modality="DX", **elements):
    drawn = ramp() if pixels is None else pixels
    return read_dicom(make_dicom(path / "a.dcm", drawn, modality=modality, **elements), LIMITS)


@pytest.mark.parametrize(
    ("elements", "words"),
    [
        ({"PresentationIntentType": "FOR PROCESSING"}, "raw data of the detector"),
        ({"BurnedInAnnotation": "YES"}, "burned into the picture"),
        ({"RecommendedViewingMode": "SUB"}, "unsubtracted"),
        ({"MaskSubtractionSequence": item(MaskOperation="TID")}, "unsubtracted"),
    ],
)
def test_what_a_viewer_should_know_is_told(tmp_path, elements, words):
    assert any(words in note for note in read(tmp_path, **elements).notes)


@pytest.mark.parametrize(
    "elements",
    [{}, {"PresentationIntentType": "FOR PRESENTATION"}, {"BurnedInAnnotation": "NO"}],
)
def test_an_ordinary_picture_needs_no_word(tmp_path, elements):
    assert len(read(tmp_path, **elements).notes) == 1  # on its brightness


@pytest.mark.parametrize(
    ("groups", "words"), [((0x6000,), "a graphic overlay"), ((0x6002, 0x601E), "2 graphic")]
)
def test_overlays_are_counted_and_not_drawn(tmp_path, groups, words):
    ds = build(ramp(), modality="CR")
    for group in groups:
        ds.add_new((group, 0x0010), "US", 32)
        ds.add_new((group, 0x0011), "US", 48)
        ds.add_new((group, 0x3000), "OW", bytes(32 * 48 // 8))
    image = read_dicom(save(ds, tmp_path / "a.dcm"), LIMITS)
    assert any(words in note and "not shown" in note for note in image.notes)
    assert image.facts["overlays"] == f"{len(groups)}, not shown"


def code(value, scheme):
    return item(CodeValue=value, CodingSchemeDesignator=scheme, CodeMeaning="JANE ROE")


@pytest.mark.parametrize(
    ("keyword", "value", "scheme", "name", "words"),
    [
        ("AnatomicRegionSequence", "72696002", "SCT", "anatomic region", "knee"),
        ("AnatomicRegionSequence", "T-D3000", "SRT", "anatomic region", "chest"),
        ("ViewCodeSequence", "399368009", "SCT", "view", "medio-lateral oblique"),
        ("ViewCodeSequence", "R-10206", "SNM3", "view", "antero-posterior"),
    ],
)
def test_codes_of_the_standard_are_told_in_its_words(tmp_path, keyword, value, scheme, name, words):
    image = read(tmp_path, **{keyword: code(value, scheme)})
    assert image.facts[name] == words
    assert "JANE" not in repr(image.facts)


@pytest.mark.parametrize(("value", "scheme"), [("72696002", "99LOCAL"), ("JANEROE", "SCT"), ("", "")])
def test_a_code_that_is_not_in_the_lists_says_nothing(tmp_path, value, scheme):
    assert "anatomic region" not in read(tmp_path, AnatomicRegionSequence=code(value, scheme)).facts


@pytest.mark.parametrize(
    ("elements", "side"),
    [
        ({"Laterality": "L"}, "left"),
        ({"ImageLaterality": "R", "Laterality": "L"}, "right"),
        ({"Laterality": "B"}, "both sides"),
    ],
)
def test_the_side_of_the_body_is_told(tmp_path, elements, side):
    assert read(tmp_path, **elements).facts["laterality"] == side


def tiles(count, side, size=6):
    """A mosaic; each tile has the value of its number, from 1."""
    whole = np.zeros((side * size, side * size), np.uint16)
    for n in range(count):
        row, column = divmod(n, side)
        whole[row * size : (row + 1) * size, column * size : (column + 1) * size] = 10 * (n + 1)
    return whole


def mosaic(path, count, side, *, private=True, **elements):
    ds = build(
        tiles(count, side),
        modality="MR",
        ImageType=["ORIGINAL", "PRIMARY", "M", "ND", "MOSAIC"],
        WindowCenter="128",
        WindowWidth="256",
        **elements,
    )
    if private:
        ds.private_block(0x0019, "SIEMENS MR HEADER", create=True).add_new(0x0A, "US", count)
    return save(ds, path)


@pytest.mark.parametrize(("count", "side"), [(7, 3), (4, 2), (10, 4)])
def test_a_mosaic_is_taken_apart_into_its_filled_tiles(tmp_path, count, side):
    image = read_dicom(mosaic(tmp_path / "a.dcm", count, side, SpacingBetweenSlices="3.3"), LIMITS)
    assert image.frames.shape == (count, 6, 6)
    assert np.asarray(image.frames).mean(axis=(1, 2)) == pytest.approx(
        [10 * (n + 1) for n in range(count)], abs=1
    )
    assert image.facts["slice spacing"] == "3.3 mm"
    assert any("mosaic" in note and f"{count} tiles" in note for note in image.notes)


def test_without_its_private_header_the_acquired_matrix_tells_the_tiles(tmp_path):
    image = read_dicom(
        mosaic(tmp_path / "a.dcm", 9, 3, private=False, AcquisitionMatrix=[6, 0, 0, 6]), LIMITS
    )
    assert image.frames.shape == (9, 6, 6)


def test_a_mosaic_that_cannot_be_taken_apart_is_told(tmp_path):
    image = read_dicom(mosaic(tmp_path / "a.dcm", 9, 3, private=False), LIMITS)
    assert image.frame_count == 1
    assert any("does not say how to take them apart" in note for note in image.notes)


def test_mosaics_of_one_series_are_volumes_in_the_order_of_their_numbers(tmp_path):
    for name, number in (("b", 1), ("a", 2)):
        mosaic(tmp_path / name, 4, 2, SeriesInstanceUID="1.2.3", InstanceNumber=number)
    (image,) = read_folder(tmp_path, LIMITS)
    assert image.frame_count == 8
    assert image.volumes == 2


@pytest.mark.parametrize("modality", ["SR", "DOC", "ECG", "SEG", "RTPLAN", "SM", "PR"])
def test_a_secondary_capture_is_a_picture_whatever_its_modality(tmp_path, modality):
    drawn = ramp(most=255).astype(np.uint8)
    image = read(tmp_path, drawn, modality, SOPClassUID="1.2.840.10008.5.1.4.1.1.7")
    assert image.frame_count == 1
    assert image.facts["modality"].startswith(f"{modality}, ")


def test_a_single_field_of_a_microscope_is_no_slide_in_tiles(tmp_path):
    drawn = np.repeat(ramp(most=255).astype(np.uint8)[:, :, None], 3, axis=2)
    image = read(tmp_path, drawn, "SM", SOPClassUID="1.2.840.10008.5.1.4.1.1.77.1.3")
    assert image.facts["modality"] == "SM, slide microscopy"


def test_groups_of_a_sequence_do_not_reach_the_facts(tmp_path):
    group = Dataset()
    group.CodeMeaning = "JANE ROE"
    image = read(tmp_path, ViewCodeSequence=Sequence([group]))
    assert "view" not in image.facts
