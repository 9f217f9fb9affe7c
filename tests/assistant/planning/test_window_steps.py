"""Wishes to change the window that was just shown, in three languages."""

import pytest

from assistant.planning.calls import calls_for
from assistant.planning.conversation import PastTurn, Result
from assistant.planning.glossed import in_english
from assistant.planning.plan import make_tasks
from assistant.planning.window_steps import in_numbers
from store.records import View
from tests.talking.talk import CT, SKIN, asked, row, talk


def shown(words, level, width, index=4):
    view = View(image_id="img-1", index=index, frame_count=40, level=level, width=width)
    return PastTurn(words, (), (Result("show_slice", "img-1", "Now showing img-1.", (view,)),))


LIVER, BONE = shown("liver window", 90, 150), shown("bone window", 480, 2500)


@pytest.mark.parametrize(
    ("words", "window"),
    [
        ("wider", "225/90"), ("narrower please", "100/90"), ("can you make it a bit brighter?", "150/68"),
        ("too bright, darker", "150/112"), ("etwas breiter bitte", "225/90"), ("noch heller", "150/68"),
        ("un poco más oscura", "150/112"), ("más contraste", "100/90"), ("as before", "2500/480"),
        ("das vorige Fenster", "2500/480"), ("la anterior", "2500/480"),
    ],
)  # fmt: skip
def test_a_step_starts_from_the_window_shown_last(words, window):
    now = in_english(talk(words, row(1, CT, index=4), past=(BONE, LIVER)))
    calls = calls_for(make_tasks(now), now)
    assert [(one.tool, one.args["window"], one.args["slice_number"]) for one in calls] == [
        ("show_slice", window, 5)
    ]


@pytest.mark.parametrize("words", ["reset the window", "zurücksetzen", "restablece la ventana"])
def test_a_reset_shows_the_slice_in_the_window_of_the_file(words):
    now = in_english(talk(words, row(1, CT, index=4), past=(LIVER,)))
    assert [one.args for one in calls_for(make_tasks(now), now)] == [{"image_id": "img-1", "slice_number": 5}]


def test_steps_add_up_and_a_name_afterwards_goes_on_from_the_named_window():
    wider = shown("wider", 90, 225)
    now = in_english(talk("wider", row(1, CT, index=4), past=(LIVER, wider)))
    assert [one.args["window"] for one in calls_for(make_tasks(now), now)] == ["338/90"]
    now = in_english(talk("and lung?", row(1, CT, index=4), past=(LIVER, wider)))
    assert [one.args["window"] for one in calls_for(make_tasks(now), now)] == ["lung"]


@pytest.mark.parametrize(
    "words", ["is it wider than before?", "the darker one", "which is the previous slice?"]
)
def test_questions_about_width_and_light_are_no_steps(words):
    assert in_numbers(words, (BONE, LIVER)) == words


def test_there_is_no_step_where_no_window_was_shown_last():
    assert in_numbers("wider", ()) == "wider"
    assert in_numbers("wider", (LIVER, asked("how big is it?", "img-1", tool="measure_lesion"))) == "wider"
    assert in_numbers("wider", (shown("next slice", None, None),)) == "wider"


@pytest.mark.parametrize(
    ("words", "window"),
    [
        ("display it at 40/400", "400/40"), ("show img-1 with 1500/-600", "1500/-600"),
        ("lvl 40 width 80", "80/40"), ("muéstrala con 80/40", "80/40"), ("zeig es mit 2500/480", "2500/480"),
        ("window 40 40", "40/40"),
    ],
)  # fmt: skip
def test_of_two_numbers_the_one_that_can_be_a_width_is_it(words, window):
    now = in_english(talk(words, row(1, CT, index=4)))
    assert [one.args["window"] for one in calls_for(make_tasks(now), now)] == [window]
    now = in_english(talk(words, row(1, SKIN)))
    assert not calls_for(make_tasks(now), now)
