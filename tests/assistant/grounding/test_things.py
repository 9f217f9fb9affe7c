"""Counts of what a reader names, and of look-alikes by their label."""

from __future__ import annotations

import pytest

from assistant.grounding.claims import by_sentence
from assistant.grounding.things import wrong_things
from tests.grounding.chats import chat, image, look_alikes, reading

FACTS = chat(
    [image(1, "DMS")],
    [
        reading(
            1, "Two leads. A metallic fragment. Cysts in both kidneys.", model="derm-captioner", skin=True
        ),
        look_alikes(1, {"nevus": 2, "melanoma": 1}, 0.9, "Like img-1: nevus, nevus, melanoma."),
    ],
    [],
)


@pytest.mark.parametrize(
    "wrong", ["It sees three leads.", "It counts two metallic fragments.", "Of the cases three are nevus."]
)
def test_another_count_is_marked(wrong: str) -> None:
    ((sentence, _),) = by_sentence(wrong)
    assert [mark.kind for mark in wrong_things(sentence, FACTS)] == ["count"]


@pytest.mark.parametrize(
    "right",
    [
        "It sees two leads.",
        "Cysts in the two kidneys.",
        "Of the cases two are nevus.",
        "Are there three leads?",
    ],
)
def test_the_count_that_was_given_is_not(right: str) -> None:
    ((sentence, _),) = by_sentence(right)
    assert [*wrong_things(sentence, FACTS)] == []
