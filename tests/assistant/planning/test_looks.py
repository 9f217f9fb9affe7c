"""A wish for a picture drawn otherwise becomes an order, or it is told why not; three languages."""

import pytest

from assistant.planning.calls import calls_for
from assistant.planning.compose import compose
from assistant.planning.conversation import PastTurn, Result
from assistant.planning.glossed import in_english
from assistant.planning.looks import settled
from assistant.planning.plan import make_tasks
from store.records import View
from tests.talking.talk import CHEST, CT, SKIN, row, talk
from tools.looks import BRIGHTER, DARKER, INVERTED, LARGER, LESS, MORE

MR = {**CT, "modality": "MR", "body_part": "brain"}


def orders(words, *rows, **more):
    now = in_english(talk(words, *(rows or (row(1, MR),)), **more))
    calls = calls_for(make_tasks(now), now)
    return [
        (call.args["image_id"], *call.args.get("looks", ())) for call in calls if call.tool == "show_slice"
    ]


def shown(*looks, image="img-1", width=None, level=None):
    view = View(image_id=image, index=0, frame_count=1, looks=looks, width=width, level=level)
    return PastTurn("and now?", (), (Result("show_slice", image, "shown", (view,)),), "shown")


@pytest.mark.parametrize("kind", [MR, CHEST, SKIN])
@pytest.mark.parametrize(
    ("words", "looks"),
    [
        ("more contrast please", [MORE]),
        ("can you make it bigger?", [LARGER]),
        ("brighter", [BRIGHTER]),
        ("invert it", [INVERTED]),
        ("zeigs mal enger gefenstert", [MORE]),
        ("mehr Kontrast und größer bitte", [MORE, LARGER]),
        ("dreh die graustufen um", [INVERTED]),
        ("hazla mas grande y con mas contraste", [MORE, LARGER]),
        ("¿puedes ponerla más oscura?", [DARKER]),
        ("zoom upper left", ["only the upper left"]),
        ("Zoom unten rechts", ["only the lower right"]),
        ("haz zoom en el centro", ["only the middle"]),
    ],
)
def test_a_look_is_ordered_of_any_picture(words, looks, kind):
    assert orders(words, row(1, kind)) == [("img-1", *looks)]


@pytest.mark.parametrize(
    "words", ["is it inverted?", "is it darker than before?", "Ist der Rand dunkler?", "¿es más grande?"]
)
def test_a_question_orders_none(words):
    assert orders(words, row(1, SKIN)) == []


def test_looks_add_up_undo_each_other_and_keep_the_window():
    assert orders("invert it", past=(shown(MORE),)) == [("img-1", MORE, INVERTED)]
    assert orders("less contrast", past=(shown(MORE, INVERTED),)) == [("img-1", INVERTED)]
    assert orders("zoom out", past=(shown(INVERTED, "only the middle"),)) == [("img-1", INVERTED)]
    assert orders("back to normal", past=(shown(MORE, LARGER),)) == [("img-1",)]
    now = in_english(talk("invert it", row(1, CT), past=(shown(width=400.0, level=40.0),)))
    (call,) = calls_for(make_tasks(now), now)
    assert (call.args["window"], call.args["looks"]) == ("400/40", [INVERTED])


def test_opposites_cancel_and_of_sizes_the_last_holds():
    assert settled((MORE, LARGER, LESS, "only the middle")) == ("only the middle",)
    assert settled((INVERTED, INVERTED, DARKER)) == (DARKER,)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("rotate it by 90 degrees", "do not turn or mirror"),
        ("dreh es um 90 grad", "drehe oder spiegele ich nicht"),
        ("zoom on the carina", "Where a structure lies in img-1 I do not find"),
        ("put an arrow on it", "you set the points"),
        ("zeig mir die linke Spitze groß", "finde ich nicht"),
        ("entferne die Messkreuze", "nehme ich nichts heraus"),
    ],
)
def test_what_no_drawing_does_is_said_with_what_does(words, said):
    now = in_english(talk(words, row(1, CHEST)))
    assert said in compose(make_tasks(now), now)


@pytest.mark.parametrize(
    "words", ["ok show it on bone", "now on bone please", "zeig es auf Knochen", "ponlo en hueso"]
)
def test_a_window_of_ct_is_ordered_without_the_word(words):
    now = in_english(talk(words, row(1, CT)))
    (call,) = calls_for(make_tasks(now), now)
    assert call.args["window"] == "bone"


def test_numbers_after_a_denial_are_the_window_that_is_wished_for():
    now = in_english(talk("no not those, W 1200 C -500", row(1, CT), past=(shown(width=400.0, level=40.0),)))
    (call,) = calls_for(make_tasks(now), now)
    assert call.args["window"] == "1200/-500"
