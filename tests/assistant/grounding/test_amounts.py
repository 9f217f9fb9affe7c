"""Numbers that must be of the right axis, part, direction or picture, and those that claim nothing."""

from __future__ import annotations

import pytest

from assistant.grounding import check
from tests.grounding.chats import chat, image, inspected, measured

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


def marks(text: str) -> list[tuple[str, str]]:
    return [(mark.text, mark.kind) for mark in check(text, FACTS)]


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


def test_offers_and_advice_claim_nothing_but_what_was_found_does() -> None:
    assert marks("I can show slice 12 if you like. You could ask for slice 30.") == []
    assert marks("Slice 12 shows it.") == [("12", "number")]
    assert marks("See a clinician within 2 weeks if it changes.") == []
    assert marks("It grew within 2 weeks.") == [("grew", "label"), ("2", "number")]


def test_what_was_done_may_be_counted() -> None:
    assert marks("I did 2 checks and measured one lesion.") == []
    assert marks("I did 9 checks.") == [("9 checks", "count")]
    assert marks("I measured four lesions.") == [("four lesions", "count")]
