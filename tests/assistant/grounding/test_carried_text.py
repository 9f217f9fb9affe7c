"""What is carried of a text stands as it was written; the rest is left out."""

from __future__ import annotations

from dataclasses import replace

from assistant.grounding import carried
from tests.assistant.grounding.test_check import FACTS

OURS = "The file has no scale, so a size is a share of the picture."
OTHER = "How far away the camera was is not known here either."
BOTH = replace(FACTS, settled=(*FACTS.settled, f"{OURS} {OTHER}"))


def test_paragraphs_stay_apart() -> None:
    assert carried(f"{OURS}\n\n{OTHER}", BOTH) == f"{OURS}\n\n{OTHER}"


def test_what_is_not_carried_goes_from_between_them() -> None:
    assert carried(f"{OURS} There is a mass in the left lung.\n\n{OTHER}", BOTH) == f"{OURS}\n\n{OTHER}"


def test_nothing_is_left_of_what_nobody_said() -> None:
    assert carried("There is a mass in the left lung.", BOTH) == ""
