"""Text found in pixels, with the real model on drawn pictures."""

import numpy as np
import pytest

from store.errors import SetupError
from store.pictures.image import Image
from tests.inputs.burned_in_text import ground, write
from tools.burned_in import finder as module
from tools.burned_in.boxes import Box, merged
from tools.burned_in.finder import Finder
from tools.burned_in.masking import covered, masked, without

SIZE = (260, 200)


def covers(places, corners) -> float:
    return float(covered(places, SIZE)[covered([Box(corners)], SIZE)].mean())


@pytest.fixture(scope="module")
def picture():
    """A picture with four strings, and where they stand."""
    pixels = ground(*SIZE, level=60)
    return pixels, [
        write(pixels, "Querfeldt, Anna", (10, 8), size=12, grey=255),
        write(pixels, "MRN 4711-0815", (10, 40), size=16, grey=110),
        write(pixels, "14.02.1961", (225, 50), size=16, grey=230, angle=90),
        write(pixels, "Querfeldt", (50, 90), size=20, grey=0, angle=30),
    ]


def test_small_grey_and_turned_text_is_masked_and_the_rest_is_untouched(finder, picture):
    pixels, strings = picture
    image = Image(frames=pixels[None], file_type="PNG")
    done = masked(image, finder)
    hidden = covered(done.places, SIZE)
    assert [round(covers(done.places, one), 1) for one in strings] == [1.0] * 4
    assert done.left == 0
    assert not done.image.frames[0][hidden].any()
    assert (done.image.frames[0][~hidden] == pixels[~hidden]).all()
    assert hidden.mean() < 0.25
    assert image.frames is not done.image.frames


def test_a_picture_without_text_stays_the_very_same(finder):
    image = Image(frames=ground(160, 130, seed=3)[None], file_type="PNG")
    assert masked(image, finder).image is image


def test_text_in_one_frame_of_a_stack_is_masked_in_all_and_in_the_values(finder):
    frames = np.stack([ground(140, 80, seed=4)] * 2)
    corners = write(frames[1], "Querfeldt, Anna", (8, 8), size=14, grey=255)
    values = np.zeros(frames.shape, np.int16)
    done = masked(Image(frames=frames, file_type="DICOM", values=values, unit="HU"), finder)
    area = covered([Box(corners)], (140, 80))
    assert not done.image.frames[:, area].any()
    assert (done.image.values[:, area] == -32768).all()
    assert (done.image.values[:, -35:] == 0).all()


def test_kinds_that_are_kept_stay_and_names_go(finder):
    size = (260, 180)
    pixels = ground(*size, seed=5, level=20)
    side = write(pixels, "R", (20, 50), size=40, grey=255)
    scale = write(pixels, "10 cm", (150, 140), size=24, grey=255)
    name = write(pixels, "Querfeldt", (120, 20), size=24, grey=255)
    done = masked(Image(frames=pixels[None], file_type="PNG"), finder, keep=("side", "scale"))
    hidden = done.image.frames[0] != pixels
    assert hidden[covered([Box(name)], size)].mean() > 0.7
    assert not hidden[covered([Box(side)], size)].any()
    assert not hidden[covered([Box(scale)], size)].any()
    assert done.kept >= 1


def test_small_print_in_a_large_picture_is_found(finder):
    pixels = np.full((1400, 600), 40, np.uint8)
    corners = write(pixels, "Querfeldt, Anna", (300, 1200), size=12, grey=220)
    places = finder.find(pixels)
    area = covered([Box(corners)], (600, 1400))
    assert covered(places, (600, 1400))[area].mean() > 0.9


def test_the_same_place_found_twice_is_one_that_holds_both():
    pytest.importorskip("cv2")
    one = np.array([[0, 0], [100, 0], [100, 20], [0, 20]], float)
    first, other = merged([one, one + np.array([40, 0]), one + np.array([0, 50])])
    assert (first.min(axis=0).round().tolist(), first.max(axis=0).round().tolist()) == ([0, 0], [140, 20])
    assert other[:, 1].min() == 50


def test_a_value_that_is_masked_is_no_number_in_values_of_fractions():
    frames = np.full((1, 4, 4), 9, np.uint8)
    hidden = np.eye(4, dtype=bool)
    values = np.ones((1, 4, 4), np.float32)
    done = without(Image(frames=frames, file_type="NIfTI", values=values), hidden)
    assert np.isnan(done.values[0][hidden]).all()
    assert (done.values[0][~hidden] == 1).all()


@pytest.mark.parametrize(("told", "many"), [("1", 1), ("4,2", 4), ("0", -1), ("", -1), ("many", -1)])
def test_it_uses_as_many_threads_as_other_libraries_are_told_to(told, many, monkeypatch):
    monkeypatch.setenv("OMP_NUM_THREADS", told)
    assert module.threads() == many


def test_without_the_package_it_is_said_how_to_get_it(monkeypatch):
    monkeypatch.setattr(module, "available", lambda: False)
    with pytest.raises(SetupError, match="privacy"):
        Finder().find(np.zeros((64, 64), np.uint8))
