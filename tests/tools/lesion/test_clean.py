"""Hair, ink, corners and glare on the working picture."""

import numpy as np
from skimage.color import rgb2lab

from tests.inputs.drawn_lesion import DARK_SKIN, ellipse, paint, skin, with_black_corners, with_hair
from tools.lesion.clean import prepare, shrink, to_lab


def test_hair_is_filled_with_the_colour_beside_it():
    bare, hairy = skin(), with_hair(skin())
    drawn = np.abs(hairy.astype(int) - bare).sum(2) > 60
    working = prepare(hairy)
    assert working.filled[drawn].mean() > 0.7
    before = np.abs(to_lab(hairy) - to_lab(bare))[drawn].mean()
    after = np.abs(working.lab - to_lab(bare))[drawn].mean()
    assert after < before / 3


def test_bare_skin_has_no_hair_and_no_ink():
    for colour in ((205, 165, 140), DARK_SKIN):
        working = prepare(skin(colour=colour))
        assert working.hair_share < 0.01
        assert not working.ink.any()
        assert working.usable.all()


def test_a_small_dark_mole_is_not_taken_for_hair():
    mole = ellipse(16, 7)
    working = prepare(paint(skin(), mole, (60, 35, 30), soft=0.5))
    assert working.filled[mole].mean() < 0.1


def test_a_blue_grey_lesion_is_not_taken_for_ink():
    lesion = ellipse(70, 50)
    assert not prepare(paint(skin(), lesion, (70, 80, 90))).ink[ellipse(55, 40)].any()


def test_black_corners_are_set_aside_and_the_middle_is_not():
    working = prepare(with_black_corners(skin()))
    assert not working.usable[0, 0]
    assert working.usable[20:-20, 60:-60].mean() > 0.95


def test_a_dark_lesion_in_the_middle_stays_usable():
    assert prepare(paint(skin(), ellipse(60, 50), (15, 10, 10))).usable.all()


def test_a_picture_is_never_enlarged():
    small = skin(60, 80)
    assert shrink(small, 512) is small
    assert shrink(skin(600, 1200), 512).shape == (256, 512, 3)


def test_a_large_picture_is_reduced_to_the_means_of_its_parts():
    rows, columns = np.mgrid[0:1500, 0:2000]
    ramp = np.stack([rows / 1500 * 255, columns / 2000 * 255, rows * 0], -1).astype(np.uint8)
    reduced = shrink(ramp, 400)
    assert reduced.shape == (300, 400, 3)
    assert np.abs(reduced[..., 0] - (np.arange(300) + 0.5)[:, None] * 0.85).max() < 2
    assert np.abs(reduced[..., 1] - (np.arange(400) + 0.5)[None] * 0.6375).max() < 2


def test_lab_is_that_of_scikit_image_to_the_last_bit():
    every = np.random.default_rng(1).integers(0, 256, (64, 64, 3), dtype=np.uint8)
    greys = np.repeat(np.arange(256, dtype=np.uint8), 3).reshape(16, 16, 3)
    for pixels in (every, greys, every // 16):
        assert np.array_equal(to_lab(pixels), rgb2lab(pixels).astype(np.float32))
