"""The check over the whole set: it finds planted errors and leaves true answers alone.

python -m tests.grounding
"""

from __future__ import annotations

import pytest

from tests.grounding.figures import Figures, measure

PARTS = ("tuned", "set apart", "planner", "blind", "a user's", "all")


@pytest.fixture(scope="module")
def figures(process: None) -> dict[str, Figures]:
    return {one.part: one for one in measure()}


def test_the_set_is_as_large_as_it_is_said_to_be(figures: dict[str, Figures]) -> None:
    assert figures["all"].true >= 180
    assert sum(figures["all"].planted.values()) >= 600
    assert set(figures["all"].planted) == {"number", "count", "side", "label", "image", "modality"}
    assert figures["set apart"].true >= 40
    assert figures["blind"].true >= 80
    assert figures["a user's"].true >= 70
    assert sum(figures["a user's"].planted.values()) >= 45
    assert sum(figures["blind"].planted.values()) >= 160


@pytest.mark.parametrize("part", PARTS)
def test_at_least_95_of_100_planted_errors_are_found_and_60_of_a_users(
    figures: dict[str, Figures], part: str
) -> None:
    least = 0.60 if part == "a user's" else 0.95
    assert figures[part].recall >= least, figures[part].missed


@pytest.mark.parametrize("part", PARTS)
def test_at_most_5_of_100_true_answers_are_marked_and_8_of_the_blind_ones(
    figures: dict[str, Figures], part: str
) -> None:
    most = 0.08 if part == "blind" else 0.05
    assert figures[part].false_marks <= most, figures[part].marked
