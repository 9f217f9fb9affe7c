"""Pictures of an answer as PNG files of a size that fits a conversation."""

from __future__ import annotations

import io

import numpy as np
import pytest
from PIL import Image

from assistant import Assistant
from assistant.answers.answer import Answer, Evidence
from assistant.doorway.pictures import as_png, pictures_of


@pytest.mark.parametrize(("height", "width", "size"), [(300, 400, (400, 300)), (4096, 2048, (512, 1024))])
def test_a_picture_is_at_most_1024_pixels_long(height: int, width: int, size: tuple[int, int]) -> None:
    for pixels in (np.zeros((height, width), np.uint8), np.zeros((height, width, 3), np.uint8)):
        with Image.open(io.BytesIO(as_png(pixels))) as picture:
            assert picture.format == "PNG" and picture.size == size


def test_each_picture_comes_once_and_what_is_gone_is_left_out() -> None:
    with Assistant() as assistant:
        key = assistant.services.blobs.put(np.zeros((2000, 1000), np.uint8))
        records = ({"kind": "picture", "key": key}, {"kind": "match", "key": key}, {"kind": "quiz"},
                   {"kind": "picture", "key": "0" * 64}, {"kind": "library_case", "key": ""})  # fmt: skip
        answer = Answer("c", "t", "x", evidence=(Evidence("look", "img-1", "m", "1", 0.1, "x", records),))
        ((name, data),) = pictures_of(assistant, answer)
    assert name == key
    with Image.open(io.BytesIO(data)) as picture:
        assert picture.size == (512, 1024)
