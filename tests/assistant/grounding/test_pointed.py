"""An answer that only points at an image has to point at the right one."""

from __future__ import annotations

import pytest

from assistant.grounding import check
from tests.grounding.chats import chat, image, measured, reading

IMAGES = [image(1, "DX", "chest"), image(2, "DX", "chest")]
READ = [reading(1, "The lungs are clear."), reading(2, "A pacemaker is present.")]
ROUND = [
    measured(n, ("asymmetry index", value, "", f"The asymmetry index of img-{n} is {value}."))
    for n, value in ((1, 0.12), (2, 0.46))
]


@pytest.mark.parametrize("wrong", ["Img-1.", "It is img-1.", "Radiographer mentions it in img-1."])
def test_another_image_than_the_one_asked_for_is_marked(wrong: str) -> None:
    marks = check(wrong, chat(IMAGES, READ, ["Which film shows a pacemaker?"]))
    assert [mark.kind for mark in marks] == ["image"]


@pytest.mark.parametrize("right", ["Img-2.", "It is img-2.", "Radiographer mentions it in img-2."])
def test_the_image_asked_for_is_not(right: str) -> None:
    assert check(right, chat(IMAGES, READ, ["Which film shows a pacemaker?"])) == ()


def test_so_is_the_one_with_more_of_what_was_measured() -> None:
    facts = chat(IMAGES, ROUND, ["Which one has the higher asymmetry index?"])
    assert check("Img-1.", facts)
    assert check("Img-2.", facts) == ()
