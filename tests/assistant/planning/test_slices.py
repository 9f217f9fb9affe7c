"""Moving through a scan by steps and places."""

import pytest

from assistant.planning.calls import calls_for
from assistant.planning.compose import compose
from assistant.planning.conversation import PastTurn, Result
from assistant.planning.glossed import in_english
from assistant.planning.plan import make_tasks
from tests.talking.talk import CHEST, CT, SKIN, row, talk

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


@pytest.mark.parametrize(
    ("words", "number"),
    [
        ("show me the middle slice, volume 10", 29), ("the middle slice of volume 10", 29),
        ("last slice of volume 2", 6), ("slice 2 of volume 3", 8), ("the middle slice", 2),
        ("the last slice", 3), ("schicht 2 zeitpunkt 10", 29), ("slice 4 of volume 3", 10**6),
    ],
)  # fmt: skip
def test_a_slice_is_counted_in_its_volume(words, number):
    image = row(1, CT, frames=60, volumes=20)
    now = in_english(talk(words, image))
    (call,) = calls_for(make_tasks(now), now)
    assert call.args["slice_number"] == number


@pytest.mark.parametrize("words", ["show slice " + "9" * 5000, "slice 12345678", "show volume " + "7" * 4999])
def test_a_number_of_any_length_is_a_slice_that_is_not_there(words):
    image = row(1, CT, frames=48, volumes=3)
    (call,) = calls_for(make_tasks(talk(words, image)), talk(words, image))
    assert call.args["slice_number"] > 48


def windows(words, *rows):
    now = in_english(talk(words, *(rows or (row(1, CT, index=9),))))
    return [call.args.get("window") for call in calls_for(make_tasks(now), now)]


@pytest.mark.parametrize(
    ("words", "window"),
    [
        ("window 400 40", "400/40"),
        ("w 1500 l -600", "1500/-600"),
        ("set width 80 level 40", "80/40"),
        ("Fenster 400/40", "400/40"),
        ("stell das Fenster auf Breite 400 und Zentrum 40", "400/40"),
        ("ventana 400 40", "400/40"),
        ("pon la ventana en 1500/-600", "1500/-600"),
        ("level −600, width 1500 please", "1500/-600"),
        ("window -600 1500", "1500/-600"),
        ("can you set W/L to 350/40?", "350/40"),
        ("width 80.5, level 40", "80.5/40"),
    ],
)
def test_a_window_is_set_by_its_numbers_width_and_level_or_as_they_are_named(words, window):
    assert windows(words) == [window]


@pytest.mark.parametrize("words", ["bone window", "window 400 40", "Can you show it in a lung window?"])
def test_a_window_of_a_picture_that_is_no_ct_is_refused_with_what_can_be_done_instead(words):
    now = talk(words, row(1, CHEST))
    assert calls_for(make_tasks(now), now) == []
    said = compose(make_tasks(now), now)
    assert "img-1 is an X-ray of the chest, not a CT" in said and "how it is drawn" in said
    photo = talk(words, row(1, SKIN))
    said = compose(make_tasks(photo), photo)
    assert "clinical photograph, not a CT" in said and "how it is drawn" not in said
    both = talk(words, row(1, CT), row(2, CHEST))
    assert [call.tool for call in calls_for(make_tasks(both), both)] == ["show_slice"]


def test_numbers_of_a_window_go_with_a_slice_and_are_none_where_they_are_asked_after():
    now = talk("slice 12, window 400 40", row(1, CT))
    (call,) = calls_for(make_tasks(now), now)
    assert call.args == {"image_id": "img-1", "slice_number": 12, "window": "400/40"}
    for words in ("is the window 400 40?", "what is window 400/40 for?", "window 0 0"):
        now = talk(words, row(1, CT))
        assert "show_slice" not in [call.tool for call in calls_for(make_tasks(now), now)], words


@pytest.mark.parametrize(
    ("words", "window"),
    [
        ("brain window and then lung window", "brain lung"),
        ("first the brain window, then the bone window", "brain bone"),
        ("lung window, bone window", "lung bone"),
        ("Hirnfenster und dann Lungenfenster", "brain lung"),
        ("erst das Hirnfenster, danach das Lungenfenster", "brain lung"),
        ("ventana cerebral y luego ventana pulmonar", "brain lung"),
        ("not the lung window, the liver one", "liver"),
        ("use the bone window, not the lung window", "bone"),
        ("bone window instead of the lung one", "bone"),
        ("don't use the lung window, use the liver window", "liver"),
        ("nicht das Lungenfenster, das Leberfenster", "liver"),
        ("nicht Lungen-, sondern Leberfenster", "liver"),
        ("kein Lungenfenster, sondern das Leberfenster", "liver"),
        ("no la ventana de pulmón, la de hígado", "liver"),
        ("no la ventana de pulmón, sino la de hígado", "liver"),
        ("usa la ventana ósea, no la pulmonar", "bone"),
    ],
)
def test_several_windows_are_shown_in_turn_and_of_one_that_is_not_meant_the_other(words, window):
    assert windows(words) == window.split()


@pytest.mark.parametrize("words", ["no lung window please", "not the lung window", "kein Lungenfenster"])
def test_a_window_that_is_not_wanted_is_not_shown(words):
    assert windows(words) in ([], [None])


def test_the_last_of_several_slices_is_shown_in_the_window_that_was_wished_with_it():
    for words, wished in (
        ("slice 12, then slice 14", (14, None)),
        ("slice 12 and then the bone window", (12, "bone")),
        ("bone window, then show slice 14", (14, "bone")),
        ("Schicht 12, dann Knochenfenster", (12, "bone")),
        ("corte 12 y luego ventana ósea", (12, "bone")),
    ):
        now = in_english(talk(words, row(1, CT, index=9)))
        (call,) = calls_for(make_tasks(now), now)
        assert (call.args["slice_number"], call.args.get("window")) == wished, words


@pytest.mark.parametrize(
    "words",
    ["window 0 40", "width 0 level 40", "window 0 0", "Fenster 0 40", "ventana 0 40"],
)
def test_numbers_without_a_width_set_no_window_and_it_is_said_how_two_numbers_are_read(words):
    now = in_english(talk(words, row(1, CT)))
    assert calls_for(make_tasks(now), now) == []
    assert compose(make_tasks(now), now) == now.say("chat.window_without_width")
