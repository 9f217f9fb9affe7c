"""Outlining drawn lesions whose outline is known, and refusing where there is none."""

import numpy as np
import pytest

from tests.inputs.drawn_lesion import (
    BROWN,
    DARK_SKIN,
    dice,
    ellipse,
    many_coloured,
    paint,
    skin,
    stroke,
    with_black_corners,
    with_hair,
)
from tools.lesion.clean import WORKING_SIDE
from tools.lesion.segment import Lesion, NoLesion, segment

TRUTH = ellipse(70, 45, 25)


def outlined(pixels):
    found = segment(pixels)
    assert isinstance(found, Lesion), found
    assert found.mask.shape == pixels.shape[:2]
    return found


def reason(pixels):
    found = segment(pixels)
    assert isinstance(found, NoLesion), "an outline where there is none"
    return found.reason


def test_a_drawn_lesion_is_outlined():
    found = outlined(paint(skin(), TRUTH))
    assert dice(found.mask, TRUTH) > 0.95
    assert not found.touches_frame
    assert found.hair_share < 0.01


def test_a_lesion_on_dark_skin_is_outlined_as_well():
    assert dice(outlined(paint(skin(colour=DARK_SKIN), TRUTH, (45, 28, 22))).mask, TRUTH) > 0.95


def test_a_faint_lesion_is_outlined():
    assert dice(outlined(paint(skin(), TRUTH, (192, 152, 127))).mask, TRUTH) > 0.9


def test_a_pale_lesion_lighter_than_the_skin_is_outlined():
    assert dice(outlined(paint(skin(colour=(150, 105, 80)), TRUTH, (225, 200, 190))).mask, TRUTH) > 0.9


@pytest.mark.parametrize("colour", [(40, 30, 25), (225, 220, 215)])
def test_hair_does_not_pull_the_outline(colour):
    found = outlined(with_hair(paint(skin(colour=(190, 140, 115)), TRUTH), colour=colour))
    assert dice(found.mask, TRUTH) > 0.9
    assert found.hair_share > 0.05


def test_black_corners_are_not_the_lesion():
    found = outlined(with_black_corners(paint(skin(), TRUTH)))
    assert dice(found.mask, TRUTH) > 0.95
    assert not found.touches_frame
    assert not found.working.usable[0, 0]


def test_a_fading_rim_is_not_the_lesion():
    y, x = np.mgrid[-1:1:300j, -1:1:400j]
    shade = 1 - 0.35 * np.clip(np.hypot(y, x), 0, 1.3)[..., None] ** 3
    picture = (paint(skin(), TRUTH) * np.clip(shade, 0.2, 1)).astype(np.uint8)
    assert dice(outlined(picture).mask, TRUTH) > 0.9


def test_a_pen_ring_around_the_lesion_is_left_out():
    lesion = ellipse(45, 30)
    ring = ellipse(110, 100) & ~ellipse(100, 90)
    found = outlined(paint(paint(skin(), ring, (70, 40, 130)), lesion))
    assert dice(found.mask, lesion) > 0.9
    assert found.working.ink.any()


INKS = {"blue": (40, 60, 140), "purple": (90, 45, 130), "black": (25, 25, 30), "green": (30, 110, 60)}


@pytest.mark.parametrize("veil", [(88, 98, 122), (60, 75, 120), (70, 60, 95), (105, 110, 118)])
def test_a_lesion_with_a_blue_veil_is_outlined_whole_and_has_no_ink(veil):
    picture, truth = many_coloured(veil=veil)
    found = outlined(picture)
    assert dice(found.mask, truth) > 0.93
    assert not found.working.ink.any()


@pytest.mark.parametrize("centre", [(60, 200), (150, 70), (210, 300)])
def test_a_lesion_with_a_blue_veil_that_leaves_the_picture_keeps_its_blue_part(centre):
    picture, truth = many_coloured(centre=centre, veil=(60, 75, 120))
    found = outlined(picture)
    assert dice(found.mask, truth) > 0.85
    assert found.touches_frame


@pytest.mark.parametrize("ink", INKS)
@pytest.mark.parametrize("width", [5, 14])
def test_a_stroke_of_ink_beside_the_lesion_is_left_out(ink, width):
    picture = stroke(paint(skin(), TRUTH), [(60, 40), (150, 45), (300, 30)], INKS[ink], width)
    found = outlined(picture)
    assert dice(found.mask, TRUTH) > 0.93
    assert found.working.filled[45, 150]


@pytest.mark.parametrize("ink", ["blue", "purple", "green"])
def test_a_stroke_of_ink_across_the_border_of_a_lesion_does_not_become_lesion(ink):
    picture, truth = many_coloured()
    found = outlined(stroke(picture, [(250, 130), (330, 60), (390, 10)], INKS[ink], 12))
    assert dice(found.mask, truth) > 0.9
    assert not found.mask[10:40, 350:].any()


def test_magenta_cloth_at_the_frame_is_set_aside():
    cloth = ellipse(120, 120, centre=(300, 0))
    found = outlined(paint(paint(skin(), cloth, (225, 45, 150)), ellipse(45, 30)))
    assert dice(found.mask, ellipse(45, 30)) > 0.9
    assert not found.working.usable[280, 20]


def test_a_small_dark_spot_is_a_lesion_as_well():
    spot = ellipse(9, 8, centre=(140, 210))
    found = outlined(paint(skin(), spot, (150, 110, 90)))
    assert dice(found.mask, spot) > 0.6


def test_a_coloured_disc_at_the_frame_is_left_out():
    disc = ellipse(80, 80, centre=(40, 395))
    found = outlined(paint(paint(skin(), disc, (30, 130, 60)), TRUTH))
    assert dice(found.mask, TRUTH) > 0.9
    assert not found.working.usable[40, 395]


def test_a_lesion_that_leaves_the_picture_says_so():
    cut = ellipse(80, 70, centre=(50, 200))
    found = outlined(paint(skin(), cut))
    assert found.touches_frame
    assert dice(found.mask, cut) > 0.95


def test_a_large_photograph_gives_the_same_outline_as_a_small_one():
    truth = ellipse(210, 135, 25, centre=(450, 600), size=(900, 1200))
    found = outlined(paint(skin(900, 1200), truth))
    assert dice(found.mask, truth) > 0.95
    assert max(found.outline.shape) == WORKING_SIDE


def test_the_same_picture_gives_the_same_outline():
    picture = with_hair(paint(skin(), TRUTH))
    assert np.array_equal(outlined(picture).mask, outlined(picture.copy()).mask)


@pytest.mark.parametrize("turns", [1, 2])
def test_a_turned_picture_gives_the_turned_outline(turns):
    picture = paint(skin(), TRUTH)
    straight, turned = outlined(picture).mask, outlined(np.ascontiguousarray(np.rot90(picture, turns))).mask
    assert dice(np.rot90(straight, turns), turned) > 0.97


@pytest.mark.parametrize(
    "picture",
    [
        skin(),
        skin(colour=DARK_SKIN),
        skin(noise=15, seed=3),
        np.full((300, 400, 3), 180, np.uint8),
        np.random.default_rng(0).integers(0, 256, (300, 400, 3), dtype=np.uint8),
    ],
    ids=["plain skin", "plain dark skin", "coarse skin", "one colour", "noise"],
)
def test_where_nothing_stands_out_there_is_no_lesion(picture):
    assert "stands out" in reason(picture)


@pytest.mark.parametrize("level", [0, 255])
def test_a_black_or_white_picture_is_not_skin(level):
    assert "black, glare" in reason(np.full((300, 400, 3), level, np.uint8))


def test_a_lesion_that_fills_the_picture_is_refused():
    assert "too little skin" in reason(paint(skin(), ellipse(260, 200)))


def test_a_picture_that_shows_nothing_but_lesion_is_refused():
    assert isinstance(segment(skin(colour=BROWN)), NoLesion)


def test_two_equal_lesions_ask_for_a_crop():
    both = ellipse(40, 40, centre=(150, 110)) | ellipse(40, 40, centre=(150, 290))
    assert "Crop" in reason(paint(skin(), both))


def test_the_middle_one_of_several_lesions_is_measured():
    middle = ellipse(50, 40)
    found = outlined(paint(skin(), middle | ellipse(25, 20, centre=(50, 50))))
    assert dice(found.mask, middle) > 0.95


def test_an_empty_pen_ring_is_not_a_lesion():
    ring = ellipse(110, 100) & ~ellipse(98, 88)
    assert isinstance(segment(paint(skin(), ring, (70, 40, 130))), NoLesion)


@pytest.mark.parametrize("size", [(40, 60), (48, 4000), (900, 49), (64, 64)])
def test_odd_sizes_end_in_a_sentence(size):
    assert reason(skin(*size)).endswith(".")
