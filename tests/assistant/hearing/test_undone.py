"""What is to be left undone is heard in clauses that are in no example, and not where it only sounds so."""

from __future__ import annotations

import pytest

from assistant.hearing.examples import examples
from assistant.hearing.fit import ASKED, fit_undone
from assistant.hearing.undone import undone, undone_with
from prompts import UNDONE


@pytest.mark.parametrize(
    ("clause", "deed"),
    [
        ("kindly abstain from measuring the wart", "measure"),
        ("I can do without your diagnosis this evening", "read"),
        ("no look-alikes tonight please", "similar"),
        ("quit pretending this one is a mammogram", "treat_as"),
        ("and do not scroll any further", "slice"),
        ("bitte diesmal nicht vergleichen", "compare"),
        ("olvida la descripción por hoy", "describe"),
        ("skip sizing the wart", "measure"),
        ("please don't apply the classifier to this film", "classify"),
        ("nothing on the diagnosis before my class has seen it", "read"),
        ("without hunting for neighbours tonight", "similar"),
    ],
)
def test_a_deed_that_is_not_wanted_is_heard(clause: str, deed: str) -> None:
    assert deed in undone(clause)


@pytest.mark.parametrize(
    "clause",
    [
        "no fracture visible here?",
        "I have no idea what this is",
        "isn't this an ultrasound",
        "why not measure this one",
        "don't forget to compare these",
        "similar cases",
        "how wide is the wart in millimetres",
        "set the two next to each other and list what differs",
        "I'm no physician, so in plain words please",
        "warum nicht?",
        "no sé qué es",
    ],
)
def test_what_only_sounds_so_leaves_nothing_undone(clause: str) -> None:
    assert undone(clause) == frozenset()


def test_an_ear_hears_what_its_examples_say() -> None:
    few = [one for n, one in enumerate(examples(UNDONE)) if n % 9 == 0 and one.language == "en"]
    learned = fit_undone(few, [])
    right = sum((one.intent in undone_with(learned, one.text)) != (one.intent == ASKED) for one in few)
    assert right / len(few) > 0.8
