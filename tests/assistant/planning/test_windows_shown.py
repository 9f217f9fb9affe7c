"""Questions on the windows that were shown, and wishes that lean on them, in three languages."""

import pytest

from assistant.planning.calls import calls_for
from assistant.planning.compose import compose
from assistant.planning.conversation import PastTurn, Result
from assistant.planning.glossed import in_english
from assistant.planning.named_facts import facts_named
from assistant.planning.plan import make_tasks
from assistant.planning.window_steps import in_numbers
from store.records import Fact, View
from tests.talking.talk import CHEST, CT, SKIN, asked, inspected, row, talk

MR = {"domain": "radiology", "modality": "MR", "known_from": "file header"}
LUNG_WINDOW, BONE_WINDOW = (-600, 1500), (480, 2500)


def shown(words, level=None, width=None, image="img-1", attached=()):
    view = View(image_id=image, index=4, frame_count=40, level=level, width=width)
    content = f"Now showing {image}, slice 5 of 40."
    return PastTurn(words, attached, (Result("show_slice", image, content, (view,)),), content)


LUNG, BONE = shown("lung window", *LUNG_WINDOW), shown("bone window", *BONE_WINDOW)


def now(words, *rows, past=(), **more):
    rows = rows or (row(1, CT, index=4),)
    return in_english(talk(words, *rows, past=tuple(past), **more))


def windows(words, *rows, past=(), **more):
    told = now(words, *rows, past=past, **more)
    calls = calls_for(make_tasks(told), told)
    return [(one.args["image_id"], one.args.get("window")) for one in calls if one.tool == "show_slice"]


def said(words, *rows, past=(), **more):
    told = now(words, *rows, past=past, **more)
    return compose(make_tasks(told), told)


@pytest.mark.parametrize(
    ("words", "wished"),
    [
        ("lung and bone window please", ["lung", "bone"]),
        ("first brain then bone", ["brain", "bone"]),
        ("Lungenfenster und Knochenfenster", ["lung", "bone"]),
        ("Erst Hirn, dann Knochen", ["brain", "bone"]),
        ("ventana de pulmón y de hueso", ["lung", "bone"]),
        ("primero cerebro y luego hueso", ["brain", "bone"]),
    ],
)
def test_two_windows_of_one_message_are_shown_in_turn_and_told_in_turn(words, wished):
    assert [window for _, window in windows(words)] == wished
    results = tuple(Result("show_slice", "img-1", f"In {one}.", (), window=one) for one in wished)
    assert said(words, results=results) == "\n\n".join(f"In {one}." for one in wished)


@pytest.mark.parametrize(
    "words", ["is lung or bone better?", "how much lung and bone is in it?", "first the lungs, then what?"]
)
def test_a_question_that_names_two_organs_orders_no_windows(words):
    assert windows(words) == []


@pytest.mark.parametrize(
    ("words", "window"),
    [
        ("still wider", "3750/480"), ("noch breiter, Zentrum -500", "3750/-500"),
        ("más ancha, centro -500", "3750/-500"), ("todavía más ancha", "3750/480"),
        ("same width, level -500", "2500/-500"), ("narrower, level 40", "1667/40"),
        ("Breite 2000", "2000/480"), ("same level, width 2000", "2000/480"),
        ("back to the first window", "1500/-600"), ("no, the first one again", "1500/-600"),
        ("nein, das erste nochmal", "1500/-600"), ("la primera ventana otra vez", "1500/-600"),
    ],
)  # fmt: skip
def test_a_step_may_name_one_number_or_lead_back_to_the_first(words, window):
    assert windows(words, past=(LUNG, BONE)) == [("img-1", window)]


def test_a_question_between_does_not_end_the_window_and_another_tool_does():
    looked = asked("which window is this?", "img-1")
    assert windows("wider", past=(BONE, looked)) == [("img-1", "3750/480")]
    assert in_numbers("wider", (BONE, asked("measure it", "img-1", tool="measure_lesion"))) == "wider"
    assert in_numbers("wider", (BONE, PastTurn("and this one", ("img-2",)))) == "wider"
    assert in_numbers("the slice at level 12 of it", (BONE,)) == "the slice at level 12 of it"


@pytest.mark.parametrize(
    ("words", "says"),
    [
        ("wider", "No window is set for img-1"), ("más estrecha", "no hay ninguna ventana puesta"),
        ("nein, das erste nochmal", "kein Fenster eingestellt"), ("reset", "No window is set for img-1"),
    ],
)  # fmt: skip
def test_a_step_without_a_window_shown_is_said_to_have_none(words, says):
    assert says in said(words)
    assert windows(words) == []


def test_a_step_goes_to_the_picture_talked_about_alone():
    rows = row(1, CT, index=4), row(2, CT)
    told = said("wider", *rows, past=(BONE, asked("what is this?", "img-2")))
    assert "No window is set for img-2" in told


@pytest.mark.parametrize(
    "words",
    ["same window on the other one", "the same window for img-2", "dasselbe Fenster auch beim anderen",
     "la misma ventana en la otra"],
)  # fmt: skip
def test_the_same_window_is_set_on_another_picture(words):
    assert windows(words, row(1, CT, index=4), row(2, CT), past=(BONE,)) == [("img-2", "2500/480")]
    told = said(words, row(1, CT, index=4), row(2, CHEST), past=(BONE,))
    assert windows(words, row(1, CT), row(2, CHEST), past=(BONE,)) == []
    assert "img-2" in told


@pytest.mark.parametrize(
    ("words", "says"),
    [
        ("what was the first window?", "lung (level -600, width 1500)"),
        ("which window did i ask for first", "lung (level -600, width 1500)"),
        ("Welches Fenster war das erste?", "Lunge (Zentrum -600, Breite 1500)"),
        ("¿cuál fue la primera ventana?", "pulmón (nivel -600, anchura 1500)"),
        ("which window was it before?", "lung (level -600, width 1500)"),
    ],
)
def test_the_windows_that_were_shown_are_remembered(words, says):
    assert says in said(words, past=(LUNG, BONE))
    assert "-600" not in said(words)


@pytest.mark.parametrize(
    ("words", "yes", "no"),
    [
        ("is the window still the same?", "Yes", "No:"), ("Ist das Fenster noch dasselbe?", "Ja", "Nein:"),
        ("¿se mantiene la ventana?", "Sí", "No:"),
    ],
)  # fmt: skip
def test_whether_a_window_holds_is_told_for_the_picture_talked_about(words, yes, no):
    assert said(words, past=(BONE,)).startswith(yes)
    other = asked("what is this?", "img-2")
    assert said(words, row(1, CT), row(2, CT), past=(BONE, other)).startswith(no)
    assert said(words, past=(BONE, shown("next slice"))).startswith(no)


@pytest.mark.parametrize(
    "words", ["which window is this now?", "which window am I in?", "In welchem Fenster bin ich jetzt?",
              "¿en qué ventana estoy?"]
)  # fmt: skip
def test_the_window_that_is_on_is_told_with_that_of_the_file(words):
    (task,) = make_tasks(now(words, past=(BONE,)))
    assert (task.intent, facts_named(task)) == ("header", ("window",))


def test_the_window_of_the_file_and_what_it_covers_are_told_apart_from_the_one_shown():
    image = row(1, CT, index=4)
    told = (
        Fact(image_id="img-1", name="window", value="level 40, width 400 (from the file)"),
        Fact(image_id="img-1", name="unit of values", value="Hounsfield units (HU)"),
    )
    words = "what window was the file saved with, and what HU range does that cover"
    both = said(words, image, past=(BONE,), results=(inspected(image, *told),))
    assert both.splitlines()[0] == "Window of img-1: level 40, width 400 (from the file)."
    assert "-160 to 240 HU" in both and "2500" not in both
    on = said(
        "what HU range does that window cover?", image, past=(BONE,), results=(inspected(image, *told),)
    )
    assert "-770 to 1730 HU" in on
    unstated = said("what HU range does the window cover?", image, results=(inspected(image),))
    assert "does not state" in unstated


@pytest.mark.parametrize(
    ("words", "kind", "says"),
    [
        ("lung window", CHEST, "not a CT"), ("Hirnfenster bitte", MR, "kein CT"),
        ("ventana de hueso", SKIN, "no una TC"), ("window 400 40", MR, "not a CT"),
        ("lung and bone window", CHEST, "not a CT"),
    ],
)  # fmt: skip
def test_a_window_is_for_a_ct_also_where_the_chat_holds_one(words, kind, says):
    rows = row(1, CT), row(2, kind)
    last = asked("what is this?", "img-2")
    assert windows(words, *rows, past=(last,)) == []
    assert says in said(words, *rows, past=(last,))
    assert windows(words, row(1, kind)) == []
    assert windows("lung window on img-1", *rows, past=(last,)) == [("img-1", "lung")]


@pytest.mark.parametrize("words", ["go back to bone", "zurück zum Knochen", "vuelve a hueso", "bone again"])
def test_a_message_leads_back_to_a_window_by_its_name_once_one_was_shown(words):
    assert windows(words, past=(BONE, LUNG)) == [("img-1", "bone")]
    assert ("img-1", "bone") not in windows(words)


@pytest.mark.parametrize("words", ["and before that?", "und vorher?", "¿y la de antes?"])
def test_the_one_before_is_told_after_a_window(words):
    assert "-600" in said(words, past=(LUNG, BONE))
    assert all(one.intent != "display" for one in make_tasks(now(words, past=(asked("how big?", "img-1"),))))


def test_the_same_on_another_picture_is_a_window_only_after_one():
    rows = row(1, CT, index=4), row(2, CT)
    assert windows("same on the other one", *rows, past=(BONE,)) == [("img-2", "2500/480")]
    assert windows("same on the other one", *rows, past=(asked("what is this?", "img-1"),)) == []


def test_it_is_put_back_to_the_window_of_the_file():
    assert windows("put it back to how it came", past=(BONE,)) == [("img-1", None)]


@pytest.mark.parametrize(
    ("order", "window"),
    [
        ("put it on bone window", "bone"),
        ("view it using the liver window please", "liver"),
        ("stell es mal auf das Leberfenster", "liver"),
        ("muéstrala en la ventana de hueso", "bone"),
        ("could you put it in the lung window?", "lung"),
        ("now 400 over 30", "400/30"),
        ("dann 300 zu 60 bitte", "300/60"),
        ("ahora 320 y 45", "320/45"),
    ],
)
def test_a_window_in_any_wording_is_shown_after_any_question(order, window):
    for before in (shown("brain window", 40, 80), PastTurn("is there a gap?", ()), LUNG):
        told = windows(order, past=[before])
        # Two bare numbers go on from a window alone.
        assert told == ([] if "/" in window and not before.results else [("img-1", window)])


@pytest.mark.parametrize(
    "words", ["3/40", "12 and 13", "is 350 over 50 right?", "no lung window", "lung window?"]
)
def test_what_may_be_slices_or_is_asked_orders_no_window(words):
    assert not [window for _, window in windows(words) if window]
