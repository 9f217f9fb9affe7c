"""How the evidence carries what a sentence says, and what its tone is."""

from __future__ import annotations

import pytest

from assistant.grounding import Facts, check
from assistant.grounding.carried import State, states
from assistant.grounding.claims import by_sentence
from assistant.grounding.lines import lines_of
from assistant.grounding.weigh import tones
from tests.grounding.chats import chat, image, reading

SAID = "There is a small left pleural effusion. No pneumothorax. Possible nodule in the right upper lobe."
FACTS = chat([image(1, "DX", "chest")], [reading(1, SAID)], [""])
NOTHING = chat([image(1, "DX", "chest")], [], [""])


def carried(text: str, facts: Facts = FACTS) -> dict[str, State]:
    """The state of each thing of a sentence, by its words."""
    ((sentence, _),) = by_sentence(text)
    return {text[one.start : one.end]: how for one, how in states(sentence, facts.ids, lines_of(facts.said))}


@pytest.mark.parametrize(
    ("text", "word", "state"),
    [("The reader sees a small effusion.", "small", "here"), ("It sees a large effusion.", "large", "rival"),
     ("It sees a right pleural effusion.", "right", "astray"),
     ("It sees a pneumothorax.", "pneumothorax", "turned"),
     ("A nodule is present.", "nodule", "surer"), ("A possible nodule.", "nodule", "here"),
     ("It sees a fracture.", "fracture", "new"), ("Some fluid on the left.", "fluid", "here")],
)  # fmt: skip
def test_a_thing_has_the_state_in_which_the_evidence_has_it(text: str, word: str, state: State) -> None:
    assert carried(text)[word] == state


@pytest.mark.parametrize(
    ("text", "tone"),
    [("You need not worry about it at all.", "calm"), ("Take an antibiotic twice a day.", "treat"),
     ("It has grown since the last picture.", "past"), ("I cannot tell from this picture.", "limit"),
     ("Please show it to a dermatologist.", "care")],
)  # fmt: skip
def test_a_sentence_has_its_tone(text: str, tone: str) -> None:
    heard = tones(text)
    assert max(heard, key=lambda one: heard[one]) == tone


@pytest.mark.parametrize(
    "text",
    ["There is a pleural effusion.", "The trachea is deviated from midline.", "The femur is fractured."],
)
def test_a_finding_that_nobody_stated_is_marked_in_a_chat_without_evidence(text: str) -> None:
    assert check(text, NOTHING)
