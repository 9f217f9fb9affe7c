"""Numbers that must be of the right axis, part, direction or picture, and those that claim nothing."""

from __future__ import annotations

import pytest

from assistant.grounding import Facts, check
from tests.grounding.chats import chat, image, inspected, look_alikes, measured

FACTS = chat(
    [image(1, "DMS"), image(2, "CT")],
    [
        inspected(1, "img-1 is a JPEG of 900×600 pixels.", modality="DMS"),
        measured(
            1,
            ("asymmetry across the long axis", 4.2, "%", "Folded along its long axis, they differ by 4 %."),
            ("asymmetry across the short axis", 7.1, "%", "Folded along its short axis, they differ by 7 %."),
            ("area", 8.3, "% of the picture", "The lesion covers 8.3 % of the picture."),
        ),
        inspected(2, "The file of img-2 says that it is a CT. 28 % of the lung is air.", modality="CT"),
    ],
    ["Look at both"],
)


def marks(text: str, facts: Facts = FACTS) -> list[tuple[str, str]]:
    return [(mark.text, mark.kind) for mark in check(text, facts)]


@pytest.mark.parametrize(
    "said",
    [
        "{} % along the long axis and {} % along the short one.",
        "Long axis: {} %, short axis: {} %.",
        "Along the long axis ({} %) and the short axis ({} %) the halves differ.",
        "They differ by {} % (long axis) and {} % (short axis).",
    ],
)
def test_the_long_and_the_short_axis_are_kept_apart(said: str) -> None:
    assert marks(said.format(4, 7)) == []
    assert marks(said.format(7, 4)) == [("7 %", "number"), ("4 %", "number")]
    assert marks(said.format(4.2, 7.1)) == []


def test_width_and_height_are_kept_apart() -> None:
    assert marks("It has 900 by 600 pixels.") == []
    assert marks("It has 600 by 900 pixels.") == [("600", "number")]
    assert marks("That is 0.5 megapixels, or 0.54 megapixels.") == []
    assert marks("That is 0.6 megapixels.") == [("0.6 megapixels", "number")]


def test_a_share_of_a_part_of_the_body_must_be_of_that_part() -> None:
    assert marks("8.3 % of the picture; 28 % of the lung.") == []
    assert marks("8.3 % of the leg.") == [("8.3 %", "number")]
    assert marks("8.3 % of the lung.") == [("8.3 %", "number")]


def test_percentage_points_are_the_difference_of_two_numbers_beside_them() -> None:
    assert marks("4 % and 7 % are 3 percentage points apart for the axes.") == []
    assert marks("4 % and 7 % are 2 percentage points apart for the axes.") == [
        ("2 percentage points", "number")
    ]
    assert marks("They differ by 7 percentage points.") == [("7 percentage points", "number")]


def test_the_place_of_an_image_names_it() -> None:
    assert marks("The first image covers 8.3 %, and the second one is a CT.") == []
    assert marks("The second image covers 8.3 %.") == [("The second image covers 8.3 %", "image")]
    assert marks("The first one is a CT.") == [("The first one is a CT", "image")]
    assert marks("The first of two lesions was measured, the third slice was not.")[0][0] == "two lesions"


def test_offers_and_advice_claim_nothing_but_what_was_found_does() -> None:
    assert marks("I can show slice 12 if you like. You could ask for slice 30.") == []
    assert marks("Slice 12 shows it.") == [("12", "number")]
    assert marks("See a clinician within 2 weeks if it changes.") == []
    assert marks("It grew within 2 weeks.") == [("grew", "label"), ("2", "number")]


def test_what_was_done_may_be_counted() -> None:
    assert marks("I did 2 checks and measured one lesion.") == []
    assert marks("I did 9 checks.") == [("9 checks", "count")]
    assert marks("I measured four lesions.") == [("four lesions", "count")]


def test_a_side_may_be_denied_as_far_as_can_be_told_but_not_stated() -> None:
    assert marks("It is not on the left side as far as I can tell.") == []
    assert marks("It is on the left side as far as I can tell.") == [("left", "laterality")]


def test_a_field_strength_is_known_wherever_it_stands() -> None:
    facts = chat([image(1, "MR", "brain")], [inspected(1, "The field strength is 3 T.", modality="MR")], [])
    assert marks("A 3-tesla image of the brain.", facts) == []
    assert marks("A 7-tesla image of the brain.", facts) == [("7-tesla", "number")]


def test_how_far_two_look_alikes_are_apart_may_be_said() -> None:
    facts = chat([image(1, "DMS")], [look_alikes(1, {"wart": 1, "cyst": 1}, 0.81, "wart, cyst.")], [])
    assert marks("The two leading matches are separated by 0.01 in similarity.", facts) == []
    assert marks("The two leading matches are separated by 0.09 in similarity.", facts) != []


def test_a_difference_is_that_of_two_amounts_of_one_quantity_that_the_sentence_names() -> None:
    assert marks("The asymmetry is more for one axis than for the other, a margin of 2.9 %.") == []
    assert marks("The area is 1.2 % higher than for the asymmetry.") == [("1.2 %", "number")]
    assert marks("The area exceeds it by 19.7 %.") == [("19.7 %", "number")]
    assert marks("It exceeds that by 1.2 %.") == [("1.2 %", "number")]


LISTED = chat(
    [image(1, "DMS"), image(2, "DMS")],
    [
        inspected(1, "Colours found: light brown, dark brown and black.", modality="DMS"),
        inspected(2, "Colours found: light brown.", modality="DMS"),
    ],
    ["Which colours?"],
)


def test_what_is_listed_may_be_counted_of_the_same_image() -> None:
    assert marks("img-1 has three colours.", LISTED) == []
    assert marks("img-1 has four colours.", LISTED) == [("four colours", "count")]
    assert [kind for _, kind in marks("img-2 has three colours.", LISTED)] == ["image"]
