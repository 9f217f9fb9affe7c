"""A cause, a treatment, an earlier picture or a clause that nobody said is marked where it is added."""

from __future__ import annotations

import pytest

from assistant.grounding import check
from tests.grounding.chats import chat, image, reading

WRIST = chat(
    [image(1, "DX", "wrist")],
    [
        reading(
            1,
            "Impacted fracture of the distal radius with mild dorsal tilt. Moderate soft tissue swelling. "
            "Erosion of the ulna due to infection.",
        )
    ],
    ["What is seen?"],
)
SAID = "The reader sees an impacted fracture of the distal radius"


@pytest.mark.parametrize(
    "added",
    [
        "caused by a tumble on the ice",
        "owing to weak bones",
        "following a punch",
        "after a seizure",
        "alcohol-related",
        "as a consequence of a bike crash",
    ],
)
def test_a_cause_that_nobody_gave_is_marked(added: str) -> None:
    assert check(f"{SAID}, {added}.", WRIST)


@pytest.mark.parametrize(
    "added",
    [
        "which has been put in plaster",
        "already fixed with a plate",
        "following surgical repair",
        "which was not there on the earlier film",
        "that used to be smaller",
        "which appeared recently",
    ],
)
def test_a_treatment_or_an_earlier_picture_that_nobody_spoke_of_is_marked(added: str) -> None:
    assert check(f"{SAID}, {added}.", WRIST)


@pytest.mark.parametrize("added", ["which reaches the joint surface", "that presses on a nerve"])
def test_a_clause_that_nobody_said_is_marked(added: str) -> None:
    assert check(f"{SAID}, {added}.", WRIST)


@pytest.mark.parametrize(
    "truth",
    [
        "The reader sees an erosion of the ulna due to infection.",
        "Nobody here says what caused the fracture.",
        f"The following is what it says. {SAID}.",
        "Whether the fracture is due to a fall is not said.",
    ],
)
def test_a_cause_that_was_said_or_is_left_open_is_not_marked(truth: str) -> None:
    assert not check(truth, WRIST)
