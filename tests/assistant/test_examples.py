"""The drawn example cases: real files, honest headers, the same every time."""

from __future__ import annotations

import io
import zipfile

import numpy as np
import pydicom
import pytest
from PIL import Image

from assistant.examples import CT_SPACING_MM, PHANTOM_HU, SLICES, Example, examples
from assistant.settings import Settings
from tools.files.decoding import Decoder
from tools.language.sayings import say

BY_NAME = {example.name: example for example in examples()}


@pytest.mark.parametrize("example", examples(), ids=lambda example: example.name)
def test_every_example_says_that_it_is_a_drawing(example: Example) -> None:
    assert "drawn" in say(f"examples.{example.name}_says")
    assert example.questions
    assert example.thumbnail().dtype == np.uint8
    assert example.thumbnail().shape[2] == 3


def test_an_example_is_the_same_every_time() -> None:
    assert BY_NAME["ct"].draw() == BY_NAME["ct"].draw()


def test_the_skin_photograph_is_a_jpeg_with_a_darker_spot_in_the_middle() -> None:
    pixels = np.asarray(Image.open(io.BytesIO(BY_NAME["skin"].draw())))
    assert pixels.shape == (720, 960, 3)
    assert pixels[340:380, 460:500].mean() < pixels[:60, :60].mean() - 60


def test_the_ct_phantom_has_the_hounsfield_units_it_claims() -> None:
    dataset = pydicom.dcmread(io.BytesIO(BY_NAME["ct"].draw()))
    hu = dataset.pixel_array * float(dataset.RescaleSlope) + float(dataset.RescaleIntercept)
    centres = {"water": (256, 256), "fat": (154, 358), "muscle": (358, 154), "bone": (358, 358)}
    for name, (row, column) in centres.items():
        patch = hu[row - 20 : row + 20, column - 20 : column + 20]
        assert abs(patch.mean() - PHANTOM_HU[name]) < 2, name
    assert list(dataset.PixelSpacing) == [CT_SPACING_MM, CT_SPACING_MM]


def test_the_radiograph_gives_no_scale_for_the_anatomy() -> None:
    dataset = pydicom.dcmread(io.BytesIO(BY_NAME["chest"].draw()))
    assert dataset.Modality == "DX"
    assert "PixelSpacing" not in dataset


def test_the_volume_is_a_zip_of_one_series_in_order() -> None:
    archive = zipfile.ZipFile(io.BytesIO(BY_NAME["volume"].draw()))
    slices = [pydicom.dcmread(io.BytesIO(archive.read(name))) for name in archive.namelist()]
    assert len(slices) == SLICES
    assert len({dataset.SeriesInstanceUID for dataset in slices}) == 1
    assert len({dataset.SOPInstanceUID for dataset in slices}) == SLICES


def test_no_example_names_a_patient() -> None:
    for name in ("ct", "chest"):
        dataset = pydicom.dcmread(io.BytesIO(BY_NAME[name].draw()))
        assert not dataset.PatientName
        assert not dataset.PatientID


@pytest.mark.process
def test_casebook_reads_every_example_as_one_image_of_the_right_kind() -> None:
    kinds = {"skin": None, "ct": "CT", "chest": "DX", "volume": "MR"}
    assert Settings().max_frames >= SLICES
    with Decoder() as decoder:
        for name, modality in kinds.items():
            (image,) = decoder.read(BY_NAME[name].draw())
            assert image.modality == modality
            assert image.frame_count == (SLICES if name == "volume" else 1)
            assert (image.spacing_mm is not None) == (name in ("ct", "volume"))
