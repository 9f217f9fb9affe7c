"""The built-in planner in every conversation that comes with Casebook."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from typing import Any

import pytest

from assistant.evaluation.conversations import report
from assistant.evaluation.conversations.run import run_conversations
from assistant.evaluation.conversations.script import load_conversations
from tools.measure_lesion import LesionMeter

# May fall, must not grow. They came with an ear that hears more of what strangers say.
MOST_KNOWN_FAILURES = 3


@pytest.fixture
def measured_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """The same drawing is measured once, and its outline kept small; other tests look at both."""
    measure = LesionMeter.measure
    kept: dict[Any, Any] = {}

    def once(self: LesionMeter, image: Any, image_id: str, outline: Any = (), **known: Any) -> Any:
        key = (image.pixels.tobytes(), image_id, tuple(outline))
        if key not in kept:
            reading = measure(self, image, image_id, outline, **known)
            kept[key] = replace(reading, drawing=reading.drawing[::8, ::8])
        return kept[key]

    monkeypatch.setattr(LesionMeter, "measure", once)


@cache
def conversations() -> Any:
    return load_conversations()


def test_there_are_sixty_conversations_and_a_third_have_ten_turns() -> None:
    assert len(conversations()) >= 60
    assert 3 * sum(len(one.turns) >= 10 for one in conversations()) >= len(conversations())


def test_every_conversation_has_a_name_of_its_own() -> None:
    names = [(one.theme, one.name) for one in conversations()]
    assert len(set(names)) == len(names)


def test_the_known_failures_do_not_grow() -> None:
    known = [turn for one in conversations() for turn in one.turns if turn.known_failure]
    assert len(known) <= MOST_KNOWN_FAILURES


@pytest.mark.process
def test_the_planner_meets_what_is_expected_in_every_conversation(measured_once: None) -> None:
    results = run_conversations(conversations())
    failed = [report.told(place) for place in report.failed(results, planner=True)]
    assert not failed, "\n\n".join(failed)
    # A mark that is no longer needed hides the next failure.
    assert not [report.told(place) for place in report.mended(results)]
