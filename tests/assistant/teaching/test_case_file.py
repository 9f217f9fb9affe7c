"""A case with its images as JSON: nothing is lost, and nothing else is read."""

import base64
import json
import zlib

import numpy as np
import pytest

from assistant.chat import Assistant
from assistant.teaching.case_file import read_case_file, write_case
from assistant.teaching.teacher import Teacher
from store.errors import CaseError
from store.pictures.image import NO_VALUE, Image, Slice
from store.pictures.window import Window
from store.teaching.case import checked
from store.teaching.cases import CaseVersion

ROOM, LITTLE = 10**8, 10**6


def volume() -> Image:
    lots = np.random.default_rng(1)
    values = lots.integers(-1000, 2000, (4, 6, 5)).astype(np.int16)
    values[0, 0, 0] = NO_VALUE
    frames = lots.integers(0, 256, (4, 6, 5)).astype(np.uint8)
    slices = tuple(Slice(spacing_mm=(0.5, 0.7), window=Window(40.0 + n, 400.0)) for n in range(4))
    return Image(frames, "DICOM", values=values, unit="HU", spacing_mm=(0.5, 0.7), modality="CT",
                 body_part="head", slices=slices, volumes=2, scale_caution="Estimated.",
                 window=Window(40.0, 400.0, "SIGMOID"), inverted=True)  # fmt: skip


def test_a_case_comes_back_with_every_pixel_value_and_word(
    casebook: Assistant, teacher: Teacher, unknown_case: CaseVersion
) -> None:
    scan = teacher.make.keep(
        checked(diagnosis="fracture", images=[{"key": "0" * 64, "caption": "“ä” \u2028"}]), [volume()]
    )
    for made in (unknown_case, scan):
        text = write_case(made.case, casebook.services.teaching.images)
        case, images = read_case_file(text.encode(), ROOM)
        assert case == made.case
        again = Teacher(casebook.services, "other").make.keep(case, images)
        assert again.case == made.case
        assert write_case(again.case, casebook.services.teaching.images) == text


def test_an_image_of_numbers_comes_back_as_it_was(casebook: Assistant, teacher: Teacher) -> None:
    made = teacher.make.keep(checked(diagnosis="fracture", images=[{"key": "0" * 64}]), [volume()])
    _, (image,) = read_case_file(write_case(made.case, casebook.services.teaching.images).encode(), ROOM)
    whole = volume()
    assert np.array_equal(image.frames, whole.frames)
    assert image.values is not None
    assert whole.values is not None
    assert np.array_equal(image.values, whole.values)
    assert (image.spacing_mm, image.unit, image.slices) == (whole.spacing_mm, "HU", whole.slices)
    assert made.case.images[0].slices == 4


def packed(array: np.ndarray) -> str:
    import io

    buffer = io.BytesIO()
    np.save(buffer, array, allow_pickle=True)
    return base64.b64encode(zlib.compress(buffer.getvalue())).decode()


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"format": "other"}, "format"),
        ({"version": 2}, "version"),
        ({"more": 1}, "more"),
        ({"images": []}, "not those of the case"),
        ({"frames": "AAAA"}, "damaged"),
        ({"frames": packed(np.array([{}], dtype=object))}, "damaged"),
        ({"frames": packed(np.zeros((2, 2), np.uint8))}, "damaged"),
        ({"frames": packed(np.zeros(2 * LITTLE, np.uint8))}, "larger"),
        ({"unit": 3}, "unit"),
    ],
)
def test_what_is_no_case_file_is_refused(
    casebook: Assistant, unknown_case: CaseVersion, change: dict[str, object], why: str
) -> None:
    held = json.loads(write_case(unknown_case.case, casebook.services.teaching.images))
    inside = {"frames", "unit"} & set(change)
    (held["images"][0] if inside else held).update(change)
    with pytest.raises(CaseError, match=why):
        read_case_file(json.dumps(held).encode(), LITTLE)
