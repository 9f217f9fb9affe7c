"""What the browser is told of an image: geometry and windows, and nothing that names it."""

from __future__ import annotations

import json

import numpy as np
import pytest

from assistant.viewer.series import described, slice_bytes
from store.pictures.image import Image, Slice
from store.pictures.window import Window


def scan(**more) -> Image:
    values, frames = np.zeros((2, 3, 4), np.int16), np.zeros((2, 3, 4), np.uint8)
    told = {"file_type": "DICOM", "frames": frames, "values": values, "window": Window(40.0, 400.0)}
    return Image(**{**told, **more})


def test_geometry_and_window_are_told_once_for_all_slices() -> None:
    told = described(scan(spacing_mm=(0.5, 0.7), facts={"body part": "chest"}, notes=("A note.",)))
    window = {"level": 40.0, "width": 400.0, "function": "LINEAR"}
    assert told == {
        "count": 2,
        "width": 4,
        "height": 3,
        "kind": "int16",
        "index": 0,
        "windows": [window],
        "spacings": [(0.5, 0.7)],
        "inverted": False,
        "start": window,
    }
    assert "chest" not in json.dumps(told)


def test_what_differs_from_slice_to_slice_is_told_of_each() -> None:
    slices = (Slice(spacing_mm=(1, 1), window=Window(1.0, 2.0)), Slice(spacing_mm=(2, 2)))
    told = described(scan(slices=slices))
    assert told["spacings"] == [(1, 1), (2, 2)]
    assert told["windows"] == [{"level": 1.0, "width": 2.0, "function": "LINEAR"}, None]


@pytest.mark.parametrize(
    ("more", "kind", "size"),
    [
        ({}, "int16", 24),
        ({"values": np.zeros((2, 3, 4), np.float32)}, "float32", 48),
        ({"values": np.zeros((2, 3, 4), np.uint8)}, "uint8", 12),
        ({"values": None}, "uint8", 12),
        ({"values": None, "frames": np.zeros((2, 3, 4, 3), np.uint8)}, "rgb", 36),
    ],
)
def test_every_kind_of_value_is_named_and_sent_in_its_size(more, kind: str, size: int) -> None:
    image = scan(**more)
    assert described(image)["kind"] == kind
    assert len(slice_bytes(image, 1, as_shown=False)) == size


def test_a_picture_without_values_is_shown_as_it_is_and_never_inverted_twice() -> None:
    told = described(scan(values=None, inverted=True))
    assert told["windows"] == [{"level": 127.5, "width": 255.0, "function": "LINEAR_EXACT"}]
    assert told["inverted"] is False


def test_a_window_to_start_from_is_found_where_a_table_made_the_picture() -> None:
    values = np.arange(24, dtype=np.int16).reshape(2, 3, 4)
    told = described(scan(values=values, window=None))
    assert told["windows"] == [None]
    assert 0 < told["start"]["level"] < 12
    flat = described(scan(values=np.full((2, 3, 4), 7, np.int16), window=None))
    assert flat["start"] == {"level": 7.0, "width": 1.0, "function": "LINEAR"}
