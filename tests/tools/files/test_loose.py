"""Files chosen one by one: slices of one series become one image, everything else stays apart."""

from __future__ import annotations

import io
import random

import numpy as np
import pytest
from PIL import Image as PillowImage
from pydicom.uid import generate_uid

from store.errors import CaseError
from tests.inputs.make_dicom import make_dicom, ramp
from tests.inputs.make_series import make_series
from tools.files.decoding import Decoder, ReadLimits


@pytest.fixture(scope="module")
def decoder(process):
    with Decoder(ReadLimits(timeout_s=30)) as decoder:
        yield decoder


def png(value=7):
    file = io.BytesIO()
    PillowImage.new("L", (30, 20), value).save(file, "PNG")
    return file.getvalue()


def files_of(folder, count, start=10, **shared):
    slices = [{"value": start + k, "z": 2.0 * k} for k in range(count)]
    return sorted(make_series(folder, slices, **shared).iterdir())


def told(outcome):
    """Frame counts of every source, or the refusal."""
    return [
        str(one) if isinstance(one, CaseError) else [image.frame_count for image in one] for one in outcome
    ]


def test_loose_slices_of_one_series_become_one_volume(decoder, tmp_path):
    paths = files_of(tmp_path / "a", 26)
    random.Random(1).shuffle(paths)
    outcome = decoder.read_each(paths)
    assert told(outcome) == [[26], *[[] for _ in range(25)]]
    greys = np.asarray(outcome[0][0].frames).mean(axis=(1, 2))
    assert (np.diff(greys) > 0).all()


def test_bytes_of_a_series_are_put_together_like_its_files(decoder, tmp_path):
    paths = files_of(tmp_path / "a", 4)
    assert told(decoder.read_each([path.read_bytes() for path in paths])) == [[4], [], [], []]


def test_two_series_and_a_picture_stay_apart(decoder, tmp_path):
    one, other = files_of(tmp_path / "a", 3), files_of(tmp_path / "b", 2, 100)
    mixed = [other[0], png(), one[0], one[1], other[1], one[2]]
    assert told(decoder.read_each(mixed)) == [[2], [1], [3], [], [], []]


def test_radiographs_of_one_series_stay_apart(decoder, tmp_path):
    uid = generate_uid()
    paths = [make_dicom(tmp_path / name, ramp(), modality="CR", SeriesInstanceUID=uid) for name in "ab"]
    assert told(decoder.read_each(paths)) == [[1], [1]]


def test_slices_without_a_series_uid_stay_apart(decoder, tmp_path):
    paths = [make_dicom(tmp_path / name, ramp(), modality="MR") for name in "ab"]
    assert told(decoder.read_each(paths)) == [[1], [1]]


def test_a_bad_file_is_refused_in_its_place_and_the_rest_is_read(decoder, tmp_path):
    good = files_of(tmp_path / "a", 2)
    outcome = told(decoder.read_each([good[0], b"this is no picture", good[1], tmp_path / "gone.dcm"]))
    assert (outcome[0], outcome[2]) == ([2], [])
    assert "type that is not known" in outcome[1] or "text" in outcome[1]
    assert "no file" in outcome[3]


def test_a_folder_among_the_files_is_read_for_itself(decoder, tmp_path):
    files_of(tmp_path / "a", 3)
    assert told(decoder.read_each([tmp_path / "a", png()])) == [[3], [1]]
