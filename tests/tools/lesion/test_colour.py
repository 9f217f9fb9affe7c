"""Naming colours, their spread, and the tone of the skin around."""

import numpy as np
import pytest

from tests.inputs.drawn_lesion import BROWN, DARK_SKIN, LIGHT_SKIN, ellipse, paint, skin
from tools.lesion.clean import prepare, to_lab
from tools.lesion.colour import COLOURS, measure_colours, measure_skin_tone, name_colours, typology_angle

LESION = ellipse(90, 70)
SKIN_LAB = to_lab(np.array([[LIGHT_SKIN]], np.uint8))[0, 0]


@pytest.mark.parametrize(
    ("rgb", "name"),
    [
        ((250, 245, 240), "white"),
        ((200, 60, 70), "red"),
        ((160, 105, 70), "light brown"),
        ((75, 45, 30), "dark brown"),
        ((90, 105, 125), "blue-grey"),
        ((18, 14, 14), "black"),
    ],
)
def test_each_colour_of_the_rule_is_named(rgb, name):
    lab = to_lab(np.array([[rgb]], np.uint8))[0]
    assert COLOURS[int(name_colours(lab, SKIN_LAB)[0])] == name


def test_the_colour_of_the_skin_itself_is_not_counted():
    assert name_colours(SKIN_LAB[None], SKIN_LAB)[0] == -1


def test_white_counts_only_when_lighter_than_the_skin_beside_it():
    pale = to_lab(np.array([[(228, 222, 216)]], np.uint8))[0]
    white = COLOURS.index("white")
    assert name_colours(pale, SKIN_LAB)[0] == white
    assert name_colours(pale, pale[0])[0] != white


@pytest.mark.parametrize(
    ("lab", "name"),
    [
        ((31.0, -1.0, -5.0), "black"),  # the dark areas of a hazy photograph: lifted, nearly grey
        ((46.0, -4.0, -13.0), "blue-grey"),
        ((42.0, 8.0, 5.0), "light brown"),
        ((34.0, 8.0, 6.0), "dark brown"),
        ((55.0, 3.0, -5.0), None),  # lilac is none of the six
    ],
)
def test_under_haze_dark_areas_are_not_called_grey(lab, name):
    hazy_skin = np.array([58.0, 2.0, 8.0])
    assert name_colours(np.array([lab]), hazy_skin)[0] == (COLOURS.index(name) if name else -1)


def test_dark_brown_is_judged_against_the_skin_beside_it():
    brown = np.array([[42.0, 14.0, 18.0]])
    assert COLOURS[int(name_colours(brown, np.array([76.0, 10.0, 12.0]))[0])] == "dark brown"
    assert COLOURS[int(name_colours(brown, np.array([60.0, 10.0, 12.0]))[0])] == "light brown"


@pytest.mark.parametrize("lightness", [25.0, 40.0, 60.0])
def test_darker_skin_does_not_make_a_lesion_be_called_lighter(lightness):
    skin_around = np.array([lightness, 10.0, 14.0])
    found = name_colours(np.array([[16.0, 6.0, 6.0], [24.0, 2.0, 3.0], [30.0, 10.0, 14.0]]), skin_around)
    assert [COLOURS[int(i)] for i in found] == ["black", "black", "dark brown"]


def test_a_middle_grey_on_light_skin_is_not_black():
    grey = to_lab(np.array([[(105, 105, 105)]], np.uint8))[0]
    assert name_colours(grey, np.array([80.0, 8.0, 12.0]))[0] != COLOURS.index("black")


def test_overexposed_skin_does_not_darken_every_brown():
    assert COLOURS[int(name_colours(np.array([[49.0, 16.0, 26.0]]), np.array([95.0, 2.0, 5.0]))[0])] == (
        "light brown"
    )


def test_what_fits_none_of_the_six_is_kept_as_a_share():
    half = LESION.copy()
    half[:, 200:] = False
    lilac = paint(paint(skin(noise=2), LESION, (196, 160, 168)), half, (70, 42, 30))
    colours = measure_colours(prepare(lilac), LESION)
    assert colours.unnamed == pytest.approx(0.5, abs=0.12)
    assert sum(colours.shares.values()) + colours.unnamed == pytest.approx(1)


def test_a_lesion_of_one_colour_has_one_and_spreads_little():
    picture = paint(skin(), LESION)
    colours = measure_colours(prepare(picture), LESION)
    assert colours.present == ("dark brown",)
    assert colours.spread < 6


def test_painted_colours_are_counted_with_their_shares():
    left, right = LESION.copy(), LESION.copy()
    left[:, 200:] = False
    right[:, :260] = False
    picture = paint(paint(paint(skin(), LESION, (160, 105, 70)), left, (70, 42, 30)), right, (85, 100, 120))
    colours = measure_colours(prepare(picture), LESION)
    assert colours.present == ("dark brown", "light brown", "blue-grey")
    assert colours.shares["dark brown"] == pytest.approx(left.sum() / LESION.sum(), abs=0.05)
    assert colours.spread > 2 * measure_colours(prepare(paint(skin(), LESION)), LESION).spread


def test_a_fleck_below_a_twentieth_of_the_lesion_is_no_colour():
    picture = paint(paint(skin(), LESION), ellipse(12, 8), (15, 12, 12), soft=0.5)
    assert "black" not in measure_colours(prepare(picture), LESION).present


@pytest.mark.parametrize(
    ("lightness", "blue_yellow", "angle"), [(70, 20, 45.0), (60, 10, 45.0), (50, 15, 0.0), (40, 10, -45.0)]
)
def test_the_typology_angle_is_the_hand_computed_one(lightness, blue_yellow, angle):
    assert typology_angle(lightness, blue_yellow) == pytest.approx(angle)


def test_the_tone_is_that_of_the_skin_and_not_of_the_lesion():
    lesion = measure_skin_tone(prepare(paint(skin(noise=2), LESION)), LESION)
    light, _, yellow = SKIN_LAB
    assert lesion is not None
    assert lesion.angle == pytest.approx(np.degrees(np.arctan((light - 50) / yellow)), abs=4)


@pytest.mark.parametrize(
    ("colour", "name"),
    [
        ((245, 225, 210), "very light"),
        ((195, 148, 120), "intermediate"),
        ((190, 140, 110), "tan"),
        (DARK_SKIN, "dark"),
    ],
)
def test_skins_fall_into_their_published_classes(colour, name):
    tone = measure_skin_tone(prepare(paint(skin(colour=colour, noise=2), LESION, BROWN)), LESION)
    assert tone is not None
    assert tone.name == name


def test_the_tone_is_unknown_where_no_skin_is_seen():
    assert (
        measure_skin_tone(prepare(skin(colour=BROWN)), np.ones((300, 400), bool) & ellipse(400, 300)) is None
    )


def test_the_tone_is_unknown_under_blue_light():
    assert measure_skin_tone(prepare(skin(colour=(150, 150, 170))), LESION) is None
