"""What is said about the numbers of a lesion."""

import re
from dataclasses import replace
from functools import cache

import numpy as np
import pytest

from store.pictures.image import Image
from store.records import parse_record
from tests.inputs.drawn_lesion import ellipse, paint, skin, with_hair
from tools.lesion.colour import COLOURS, PRESENT_SHARE, Colours, measure_colours, measure_skin_tone
from tools.lesion.report import CUT_OFF, FAINT, HAIRY, report
from tools.lesion.segment import SURE, Lesion, segment
from tools.lesion.shape import measure_shape

LESION = ellipse(70, 45, 25)
JUDGING = r"benign|malignant|melanoma|cancer|suspicious|probab|confiden|risk|normal|abnormal|score"


def measured(pixels, spacing_mm=None):
    lesion = segment(pixels)
    assert isinstance(lesion, Lesion)
    return of(lesion, Image(pixels[None], "PNG", spacing_mm=spacing_mm))


def of(lesion, image=None):
    """The measurements of an outline by name."""
    image = image or Image(skin()[None], "PNG")
    found = report(
        image,
        "img-1",
        lesion=lesion,
        shape=measure_shape(lesion.outline),
        colours=measure_colours(lesion.working, lesion.outline),
        tone=measure_skin_tone(lesion.working, lesion.outline),
    )
    return {one.name: one for one in found}


@cache
def plain():
    """The same plain lesion for the tests that only read what is said."""
    return measured(paint(skin(), LESION))


def test_everything_is_measured_in_the_order_of_the_rule():
    assert list(plain()) == [
        "asymmetry across the long axis",
        "asymmetry across the short axis",
        "border irregularity",
        "colour count",
        "colour variegation",
        "area",
        "largest diameter",
        "individual typology angle",
    ]


def test_every_number_has_a_sentence_a_definition_and_a_source():
    for one in plain().values():
        assert one.text.endswith(".")
        assert one.definition
        assert one.source
        assert parse_record(one.model_dump(mode="json")) == one


def test_nothing_is_judged():
    for pixels in (paint(skin(), LESION), with_hair(paint(skin(), ellipse(80, 70, centre=(50, 200))))):
        for one in measured(pixels).values():
            said = f"{one.name} {one.text} {one.definition} {one.source} {one.caution}"
            assert not re.search(JUDGING, said, re.IGNORECASE), said


def test_without_a_scale_nothing_is_in_millimetres():
    found = plain()
    assert not [m for m in found.values() if re.search(r"\bmm|millimet", f"{m.unit} {m.text} {m.definition}")]
    assert found["area"].value == pytest.approx(100 * LESION.mean(), abs=0.5)
    assert found["area"].unit == "% of the picture"
    assert found["largest diameter"].value == pytest.approx(100 * 140 / 400, abs=1)


def test_with_a_scale_sizes_are_in_millimetres_by_rows_and_by_columns():
    upright = ellipse(70, 45, 90)
    found = measured(paint(skin(), upright), spacing_mm=(0.1, 0.05))
    assert found["largest diameter"].unit == "mm"
    assert found["largest diameter"].value == pytest.approx(140 * 0.1, abs=0.5)
    assert found["area"].unit == "mm²"
    assert found["area"].value == pytest.approx(upright.sum() * 0.1 * 0.05, rel=0.05)


def test_sizes_do_not_depend_on_the_resolution():
    large = paint(skin(600, 800), ellipse(140, 90, 25, centre=(300, 400), size=(600, 800)))
    drawn = [(pixels, segment(pixels)) for pixels in (paint(skin(), LESION), large)]
    for scales in ((None, None), ((0.1, 0.1), (0.05, 0.05))):
        small, same = (
            of(lesion, Image(pixels[None], "PNG", spacing_mm=spacing))
            for (pixels, lesion), spacing in zip(drawn, scales, strict=True)
        )
        assert same["area"].value == pytest.approx(small["area"].value, rel=0.06)
        assert same["largest diameter"].value == pytest.approx(small["largest diameter"].value, rel=0.04)


def test_a_lesion_cut_by_the_frame_is_measured_as_at_least():
    found = measured(paint(skin(), ellipse(80, 70, centre=(50, 200))))
    assert "at least" in found["area"].text
    assert found["border irregularity"].caution == CUT_OFF


def test_much_hair_is_said():
    assert HAIRY in (measured(with_hair(paint(skin(), LESION), 60))["border irregularity"].caution or "")
    assert plain()["border irregularity"].caution is None


def test_the_skin_tone_carries_its_caution():
    caution = plain()["individual typology angle"].caution
    assert "darker skin" in caution
    assert "white balance" in caution


def test_an_unknown_skin_tone_is_left_out():
    pixels = paint(skin(), LESION)
    lesion = segment(pixels)
    assert isinstance(lesion, Lesion)
    colours = measure_colours(lesion.working, lesion.outline)
    shape = measure_shape(lesion.outline)
    found = report(
        Image(pixels[None], "PNG"), "img-1", lesion=lesion, shape=shape, colours=colours, tone=None
    )
    assert "individual typology angle" not in [one.name for one in found]


@pytest.mark.parametrize("turns", [1, 2])
def test_turning_the_picture_changes_the_numbers_little(turns):
    notched = LESION & ~ellipse(28, 28, centre=(170, 255))
    pixels = paint(paint(skin(), notched), ellipse(20, 15, centre=(140, 185)), (60, 35, 25))
    straight, turned = measured(pixels), measured(np.ascontiguousarray(np.rot90(pixels, turns)))
    for name in ("asymmetry across the long axis", "asymmetry across the short axis"):
        assert turned[name].value == pytest.approx(straight[name].value, abs=2.5)
    assert turned["border irregularity"].value == pytest.approx(
        straight["border irregularity"].value, abs=0.1
    )
    assert turned["colour count"].value == straight["colour count"].value
    assert turned["area"].value == pytest.approx(straight["area"].value, abs=0.3)


def test_one_colour_is_told_in_the_singular():
    assert "1 is present: dark brown" in plain()["colour count"].text


def said_of(**shares):
    """The sentence on colours of a plain lesion whose shares are given."""
    lesion = segment(paint(skin(), LESION))
    assert isinstance(lesion, Lesion)
    every = {name: shares.get(name.replace(" ", "_").replace("-", "_"), 0.0) for name in COLOURS}
    present = sorted((n for n in COLOURS if every[n] >= PRESENT_SHARE), key=lambda n: -every[n])
    colours = Colours(every, tuple(present), 9.0)
    shape = measure_shape(lesion.outline)
    image = Image(paint(skin(), LESION)[None], "PNG")
    found = report(image, "img-1", lesion=lesion, shape=shape, colours=colours, tone=None)
    return next(one.text for one in found if one.name == "colour count")


def test_the_share_without_a_name_and_the_colours_too_small_to_count_are_said():
    assert said_of(blue_grey=0.31, light_brown=0.09, black=0.03, white=0.004) == (
        "Of the six colours of the ABCD rule, 2 are present: blue-grey 31 %, light brown 9 %. "
        "Seen but below the 5 % that counts: black 3 %. 57 % of the lesion fits none of the six."
    )


def test_a_colour_just_too_small_to_count_is_not_rounded_up_to_the_bound():
    assert "below the 5 % that counts: black 4 %." in said_of(red=0.951, black=0.049)


def test_nothing_is_added_where_the_colours_cover_the_lesion():
    assert said_of(red=0.6, dark_brown=0.4) == (
        "Of the six colours of the ABCD rule, 2 are present: red 60 %, dark brown 40 %."
    )


def test_a_lesion_of_no_named_colour_is_said_to_fit_none():
    assert said_of() == (
        "Of the six colours of the ABCD rule, none is present. 100 % of the lesion fits none of the six."
    )


def test_the_meaning_of_asymmetry_is_said_once():
    texts = [one.text for one in plain().values() if one.name.startswith("asymmetry")]
    assert sum("mirror-symmetric" in text for text in texts) == 1
    assert all("axis, the halves differ by" in text for text in texts)


def test_a_lesion_that_stands_out_only_weakly_is_measured_with_a_caution():
    clear = segment(paint(skin(), LESION))
    for trust, said in ((SURE - 0.01, True), (SURE, False)):
        assert (FAINT in (of(replace(clear, trust=trust))["border irregularity"].caution or "")) is said
