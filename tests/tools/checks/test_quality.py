"""Technical quality of drawn pictures."""

import numpy as np
import pytest
from PIL import Image as PillowImage
from PIL import ImageFilter

from store.pictures.image import Image
from tools.checks.quality import MIN_SIDE, check_quality


def picture(array):
    return Image(np.ascontiguousarray(array, dtype=np.uint8)[None], "PNG")


def textured(size=300, low=60, high=180):
    rng = np.random.default_rng(1)
    grey = rng.integers(low, high, (size, size), dtype=np.uint8)
    return np.repeat(grey[:, :, None], 3, axis=2)


def problems(array, domain="dermatology"):
    return {q.name: q.problem for q in check_quality(picture(array), "img-1", domain) if q.problem}


def test_a_sharp_well_lit_picture_has_no_problem():
    assert problems(textured()) == {}


def test_a_blurred_picture_is_called_blurred():
    soft = PillowImage.fromarray(textured()).filter(ImageFilter.GaussianBlur(12))
    assert set(problems(np.asarray(soft), "radiology")) == {"sharpness", "contrast"}


@pytest.mark.parametrize(("shift", "word"), [(0.15, "dark"), (1.0, "bright")])
def test_extreme_light_is_named_for_photographs_only(shift, word):
    array = np.clip(textured(low=0, high=250) * shift + (0 if shift < 1 else 150), 0, 255)
    assert word in problems(array)["median brightness"]
    assert "median brightness" not in problems(array, "radiology")


def test_a_flat_picture_has_little_contrast():
    assert "little contrast" in problems(np.full((300, 300, 3), 120))["contrast"]


def test_a_small_picture_is_called_small_with_its_size():
    assert str(MIN_SIDE - 1) in problems(textured(MIN_SIDE - 1))["shorter side"]
    assert "shorter side" not in problems(textured(MIN_SIDE))


@pytest.mark.parametrize("size", [1, 2, 3])
def test_a_picture_of_a_few_pixels_does_not_break_it(size):
    assert problems(np.zeros((size, size, 3)))["shorter side"]


def test_every_check_gives_its_value():
    checks = check_quality(picture(textured()), "img-1", "dermatology")
    assert {c.name for c in checks} == {
        "shorter side",
        "sharpness",
        "contrast",
        "median brightness",
        "overexposed share",
    }
