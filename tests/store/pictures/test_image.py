"""The contract of `Image`, checked in its constructor."""

import numpy as np
import pytest

from store.pictures.image import Image, Slice


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


def of_two_slices(**told):
    own = [
        Slice({"window": "40/400", "tube voltage": "90 kV"}, ("Told of the first.",), (1.0, 1.0)),
        Slice({"window": "50/500"}, (), (2.0, 2.0)),
    ]
    frames = np.zeros((2, 4, 4), np.uint8)
    return Image(
        frames=frames,
        file_type="DICOM",
        facts={"plane": "axial"},
        notes=("Of both.",),
        slices=tuple(own),
        **told,
    )


def test_each_slice_has_the_facts_notes_and_scale_that_are_its_own():
    first, second = of_two_slices().at(0), of_two_slices().at(0).at(1)
    assert first.facts == {"plane": "axial", "window": "40/400", "tube voltage": "90 kV"}
    assert first.notes == ("Told of the first.", "Of both.")
    assert (first.spacing_mm, second.spacing_mm) == ((1.0, 1.0), (2.0, 2.0))
    assert second.facts == {"plane": "axial", "window": "50/500"}
    assert second.notes == ("Of both.",)


def test_as_many_slices_are_described_as_there_are_frames():
    with pytest.raises(ValueError, match="2 slices described for 3"):
        Image(frames=np.zeros((3, 4, 4), np.uint8), file_type="DICOM", slices=of_two_slices().slices)


def test_volumes_have_equally_many_frames():
    with pytest.raises(ValueError, match="are not 2 volumes"):
        Image(frames=np.zeros((3, 4, 4), np.uint8), file_type="DICOM", volumes=2)
