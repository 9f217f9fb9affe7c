"""The contract of `Image`, checked in its constructor."""

import numpy as np
import pytest

from store.pictures.image import Image


def grey(frames=3, height=4, width=5):
    return np.arange(frames * height * width, dtype=np.uint8).reshape(frames, height, width)


@pytest.mark.parametrize(
    "broken",
    [
        {"frames": np.zeros((4, 5), np.uint8)},
        {"frames": np.zeros((1, 4, 5, 4), np.uint8)},
        {"frames": np.zeros((1, 4, 5), np.uint16)},
        {"frames": np.zeros((0, 4, 5), np.uint8)},
        {"index": 3},
        {"index": -1},
        {"values": np.zeros((3, 4, 4))},
        {"spacing_mm": (0.5, 0.0)},
    ],
)
def test_an_array_that_breaks_the_contract_is_refused(broken):
    with pytest.raises(ValueError):
        Image(**{"frames": grey(), "file_type": "PNG", **broken})


def test_pixels_are_always_rgb_of_the_selected_frame():
    image = Image(grey(), "DICOM", index=1)
    assert image.pixels.shape == (4, 5, 3)
    assert image.pixels.dtype == np.uint8 and image.pixels.flags.c_contiguous
    assert (image.pixels[..., 0] == grey()[1]).all() and (image.pixels[..., 2] == grey()[1]).all()


def test_another_slice_is_another_image_and_leaves_the_first_alone():
    first = Image(grey(), "DICOM", values=grey().astype(float))
    second = first.at(2)
    assert (second.pixels[..., 0] == grey()[2]).all()
    assert (second.frame_values == grey()[2]).all()
    assert first.index == 0


def test_size_is_width_then_height():
    assert Image(grey(), "PNG").size == (5, 4)
