"""Comparisons are held against measurements, shares, and what readers say of how much there is."""

from __future__ import annotations

import pytest

from assistant.grounding import Facts, check
from tests.grounding.chats import chat, evidence, image, measured, reading

MOLES = chat(
    [image(1, "XC"), image(2, "XC")],
    [
        measured(1, ("diameter", 5.1, "mm", "Its diameter is 5.1 mm.")),
        measured(2, ("diameter", 8.3, "mm", "Its diameter is 8.3 mm.")),
    ],
    ["Compare them"],
)
CHESTS = chat(
    [image(1, "DX", "chest"), image(2, "DX", "chest")],
    [
        reading(1, "Small right pleural effusion. The heart is normal in size."),
        reading(2, "Large right pleural effusion. The heart is normal in size."),
    ],
    ["Which is worse?"],
)
TISSUE = chat(
    [image(1, "CT", "abdomen")],
    [evidence("measure_lesion", 1, "Slice 50: fat 36 %, soft tissue 49 %, bone 8 %, air 7 %")],
    ["What is it made of?"],
)


@pytest.mark.parametrize(
    ("facts", "lie"),
    [
        (MOLES, "The first lesion is the larger of the two."),
        (MOLES, "img-2 is smaller than img-1."),
        (CHESTS, "The effusion is larger on the first film than on the second, the reader says."),
        (CHESTS, "The heart is larger on the second film than on the first, the reader says."),
        (TISSUE, "There is more air than bone."),
        (TISSUE, "Fat outweighs soft tissue."),
        (TISSUE, "It has less fat than bone."),
    ],
)
def test_a_comparison_that_was_turned_or_that_nobody_made_is_marked(facts: Facts, lie: str) -> None:
    assert check(lie, facts)


@pytest.mark.parametrize(
    ("facts", "truth"),
    [
        (MOLES, "The second lesion is the larger of the two."),
        (CHESTS, "The effusion is larger on the second film than on the first, the reader says."),
        (TISSUE, "There is more bone than air."),
    ],
)
def test_a_comparison_that_holds_is_not_marked(facts: Facts, truth: str) -> None:
    assert not check(truth, facts)
