"""What the user does not want is not done, and only an order changes the chat."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from assistant.planning.calls import calls_for
from assistant.planning.compose import compose
from assistant.planning.declined import wanted
from assistant.planning.plan import make_tasks
from tests.talking.talk import CHEST, CT, SKIN, asked, row, talk

ROWS = list(
    csv.DictReader(
        (Path(__file__).parents[2] / "bench" / "declined_wishes.csv").read_text("utf-8").splitlines()
    )
)
IMAGES = {"ct": CT, "photo": {**SKIN, "known_from": "pixels"}}


@pytest.mark.parametrize("one", ROWS, ids=lambda one: one["text"])
def test_only_what_is_wanted_is_called(one: dict[str, str]) -> None:
    now = talk(one["text"], row(1, IMAGES[one["image"]]), past=(asked("what is it?", "img-1"),))
    called = sorted({call.tool for call in calls_for(make_tasks(now), now)})
    if one["calls"] == "no change":
        assert not {"treat_image_as", "show_slice"} & set(called)
    else:
        assert called == ([] if one["calls"] == "nothing" else one["calls"].split())


def test_a_wish_that_leaves_nothing_to_do_is_acknowledged() -> None:
    now = talk("please don't measure it", row(1, SKIN))
    assert compose(make_tasks(now), now) == "All right, I leave that undone, and nothing was changed."


def test_a_declined_measurement_is_not_asked_again_of_the_next_image() -> None:
    past = (asked("what is it?", "img-1"), asked("don't measure it", "img-1"))
    now = talk("and the second one?", row(1, SKIN), row(2, SKIN), past=past)
    assert [call.tool for call in calls_for(make_tasks(now), now)] == ["inspect_image"]


def test_a_reader_that_is_not_wanted_is_not_asked_and_that_is_said() -> None:
    given = {"attached": ("img-1",), "readers": {"radiology": "read_radiograph"}}
    now = talk("any fracture? don't ask the reader", row(1, CHEST), **given)
    assert calls_for(make_tasks(now), now) == []
    assert "none was asked, as you wished" in compose(make_tasks(now), now)


@pytest.mark.parametrize(
    ("words", "called"),
    [
        ("without interpreting anything, what do you see?", ["inspect_image"]),
        ("no diagnosis please, what is to be seen?", ["inspect_image"]),
        ("i don't want a description, any fracture?", ["read_radiograph"]),
    ],
)
def test_who_wants_no_reading_is_told_what_is_there_unless_a_finding_is_asked_for(
    words: str, called: list[str]
) -> None:
    given = {"attached": ("img-1",), "readers": {"radiology": "read_radiograph"}}
    now = talk(words, row(1, CHEST), **given)
    assert [call.tool for call in calls_for(make_tasks(now), now)] == called


def test_no_second_opinion_means_the_first_alone() -> None:
    given = {"attached": ("img-1",), "readers": {"radiology": "read_radiograph"}}
    now = talk("any fracture? no second opinion please", row(1, CHEST), **given)
    assert [(call.tool, len(call.args)) for call in calls_for(make_tasks(now), now)] == [
        ("read_radiograph", 2)
    ]


@pytest.mark.parametrize(
    ("words", "intent"),
    [
        ("Compare nothing, just describe", "describe"),
        ("Nenn mir die Farben, aber bitte nichts messen", "describe"),
        ("i'm not after look-alikes. measure it", "measure"),
    ],
)
def test_what_is_wanted_besides_is_done(words: str, intent: str) -> None:
    tasks = make_tasks(talk(words, row(1, SKIN)))
    assert intent in {one.intent for one in tasks}


def test_a_measure_that_is_left_out_leaves_the_others() -> None:
    now = talk("measure it but without the colours", row(1, SKIN))
    assert [call.tool for call in calls_for(make_tasks(now), now)] == ["inspect_image", "measure_lesion"]
    assert wanted("measure it but without the colours").unsaid == "without the colours"


def test_danger_is_heard_in_what_is_not_wanted_too() -> None:
    assert make_tasks(talk("don't measure me, I want to kill myself"))[0].intent == "danger"


@pytest.mark.parametrize(
    "words",
    [
        "don't you think this is a CT?",
        "I don't know what this is",
        "don't forget to measure it",
        "there is no fracture to see",
        "is there no comparison?",
        "it does not measure more than 3 mm",
        "I do not want to live",
    ],
)
def test_other_denials_take_nothing_out(words: str) -> None:
    assert wanted(words).left == words
