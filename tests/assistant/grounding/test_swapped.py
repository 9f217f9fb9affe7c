"""A number is held against what it was said of, and a number of one thing is not one of all."""

from __future__ import annotations

import pytest

from assistant.grounding import check
from tests.grounding.chats import chat, image, measured, reading

MOLE = chat(
    [image(1, "XC")],
    [
        measured(
            1,
            ("border irregularity", 1.41, "", "Its border irregularity is 1.41."),
            ("asymmetry", 0.12, "", "Its asymmetry is 0.12."),
        )
    ],
    ["What was measured?"],
)
BELLY = chat(
    [image(1, "CT", "abdomen")],
    [reading(1, "Four liver cysts, the largest 21 mm. A gallstone of 7 mm; the bile duct measures 4 mm.")],
    ["What is seen?"],
)


@pytest.mark.parametrize(
    ("lie", "where"),
    [
        ("The bile duct measures 7 mm, the reader says.", "7 mm"),
        ("The reader says that each cyst is 21 mm.", "21 mm"),
        ("All four cysts measure 21 mm, says the reader.", "21 mm"),
    ],
)
def test_a_number_of_something_else_is_marked(lie: str, where: str) -> None:
    assert where in [mark.text for mark in check(lie, BELLY)]


def test_two_measures_that_change_places_are_marked() -> None:
    assert len(check("The border irregularity is 0.12 and the asymmetry 1.41.", MOLE)) > 1


@pytest.mark.parametrize(
    ("facts", "truth"),
    [
        (MOLE, "The border irregularity is 1.41 and the asymmetry 0.12."),
        (BELLY, "The bile duct measures 4 mm, the reader says."),
        (BELLY, "All in all the reader describes four cysts of up to 21 mm."),
        (BELLY, "The reader describes four lesions in the liver, the largest 21 mm."),
    ],
)
def test_a_number_of_its_own_thing_is_not_marked(facts: object, truth: str) -> None:
    assert not check(truth, facts)  # type: ignore[arg-type]
