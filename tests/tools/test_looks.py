"""Pictures drawn otherwise."""

import numpy as np
import pytest

from store.errors import ToolUseError
from tools.looks import BRIGHTER, DARKER, INVERTED, LARGER, LESS, LOOKS, MORE, drawn
from tools.show_slice import known_looks

RAMP = np.linspace(0, 255, 64, dtype=np.uint8).reshape(8, 8)


def test_without_a_look_a_picture_stays_as_it_is():
    assert (drawn(RAMP, ()) == RAMP).all()


@pytest.mark.parametrize("shape", [(8, 8), (8, 8, 3)])
def test_every_look_draws_a_picture_of_the_same_kind(shape):
    pixels = np.resize(RAMP, shape)
    for look in LOOKS:
        found = drawn(pixels, (look,))
        assert (found.dtype, found.ndim) == (np.uint8, pixels.ndim), look


def test_contrast_spreads_the_greys_about_their_middle_and_brightness_shifts_them():
    assert int(np.ptp(drawn(RAMP, (MORE,)).astype(int))) == 255
    assert drawn(RAMP, (LESS,)).std() < RAMP.std() < drawn(RAMP, (MORE,)).std()
    assert drawn(RAMP, (DARKER,)).mean() < RAMP.mean() < drawn(RAMP, (BRIGHTER,)).mean()
    assert (drawn(RAMP, (MORE, LESS)) == RAMP).all()


def test_the_negative_of_a_negative_is_the_picture():
    assert (drawn(RAMP, (INVERTED,)) == 255 - RAMP).all()
    assert (drawn(RAMP, (INVERTED, INVERTED)) == RAMP).all()


def test_a_part_is_cut_out_and_drawn_larger():
    pixels = np.zeros((40, 20), np.uint8)
    pixels[:20, :10] = 200
    assert drawn(pixels, ("only the upper left",)).mean() == 200
    assert drawn(pixels, ("only the lower right",)).mean() == 0
    assert drawn(pixels, (LARGER,)).shape == (2048, 1024)


def test_a_large_picture_is_not_made_larger():
    assert drawn(np.zeros((1100, 1200), np.uint8), (LARGER,)).shape == (1100, 1200)


def test_an_unknown_look_is_refused_with_those_that_there_are():
    with pytest.raises(ToolUseError, match="Looks: more contrast"):
        known_looks(["sharper"])
