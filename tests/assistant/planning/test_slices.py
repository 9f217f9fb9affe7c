"""Moving through a scan by steps and places."""

import pytest

from assistant.planning.calls import calls_for
from assistant.planning.conversation import PastTurn, Result
from assistant.planning.plan import make_tasks
from tests.talking.talk import CHEST, CT, row, talk

SHOWN = PastTurn("show slice 10", (), (Result("show_slice", "img-1", "Slice 10."),))


def shown(words, past=(SHOWN,)):
    now = talk(words, row(1, CT, index=9), past=past)
    return [call.args.get("slice_number") for call in calls_for(make_tasks(now), now)]


@pytest.mark.parametrize(
    ("words", "number"),
    [
        ("two further down", 12),
        ("back one", 9),
        ("three more", 13),
        ("up two", 8),
        ("5 forward", 15),
        ("go back three slices", 7),
        ("another one down", 11),
        ("ten slices further", 20),
        ("down", 11),
        ("next", 11),
        ("the last one", 40),
    ],
)
def test_steps_count_from_the_slice_in_view(words, number):
    assert shown(words) == [number]


def test_steps_mean_slices_only_in_a_scan_that_has_some():
    assert shown("two further down", past=()) == [12]
    flat = talk("two further down", row(1, CHEST))
    assert "show_slice" not in [call.tool for call in calls_for(make_tasks(flat), flat)]


@pytest.mark.parametrize(
    ("words", "number"),
    [
        ("Show volume 2", 17 + 5),
        ("show the second volume", 17 + 5),
        ("Show the third volume", 33 + 5),
        ("next echo", 17 + 5),
        ("show acquisition 3", 33 + 5),
        ("go to the last phase", 33 + 5),
    ],
)
def test_another_volume_is_shown_at_the_same_height(words, number):
    image = row(1, CT, frames=48, volumes=3, index=5)
    (call,) = calls_for(make_tasks(talk(words, image)), talk(words, image))
    assert call.args["slice_number"] == number


@pytest.mark.parametrize("words", ["show slice " + "9" * 5000, "slice 12345678", "show volume " + "7" * 4999])
def test_a_number_of_any_length_is_a_slice_that_is_not_there(words):
    image = row(1, CT, frames=48, volumes=3)
    (call,) = calls_for(make_tasks(talk(words, image)), talk(words, image))
    assert call.args["slice_number"] > 48
