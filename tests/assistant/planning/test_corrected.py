"""What is taken back in the same breath: what comes after it stands in its place."""

import pytest

from assistant.planning.calls import calls_for
from assistant.planning.corrected import corrected
from assistant.planning.glossed import in_english
from assistant.planning.plan import make_tasks
from tests.talking.talk import CT, row, talk


@pytest.mark.parametrize(
    ("language", "said", "meant"),
    [
        ("en", "brain window, no wait, liver window", "liver window"),
        (
            "en",
            "show the brain window on img-2, sorry, I mean the liver window",
            "show the liver window on img-2",
        ),
        ("en", "window 400 40, no, 1500 -600", "window 1500 -600"),
        ("en", "show slice 5, no wait, 7", "show slice 7"),
        ("en", "slice 5, scratch that, slice 6, no, slice 7", "slice 7"),
        ("en", "measure img-1, actually make it img-2", "measure img-2"),
        ("en", "compare img-1 with img-2, no wait, img-3", "compare img-1 with img-3"),
        ("en", "describe the first, I mean the second", "describe the second"),
        ("en", "treat it as a CT, sorry, as an MRI", "treat it as an MRI"),
        ("en", "is the left lung clear, no, the right lung?", "is the right lung clear?"),
        ("en", "save it as nevus, no wait, melanoma", "save it as melanoma"),
        ("en", "nevus or wart, I mean nevus or melanoma?", "nevus or melanoma?"),
        ("en", "Find similar cases. On second thought, measure it.", "measure it."),
        ("de", "Hirnfenster, nein, doch lieber Leberfenster", "Leberfenster"),
        ("de", "Zeig Schicht 5, ach nein, Schicht 7", "Zeig Schicht 7"),
        ("es", "ventana cerebral, no, mejor la ventana hepática", "la ventana hepática"),
        ("es", "muestra el corte 5, perdón, quiero decir el 7", "muestra el corte 7"),
    ],
)
def test_what_comes_after_a_correction_stands_in_the_place_of_what_is_taken_back(language, said, meant):
    assert corrected(said, language) == meant


@pytest.mark.parametrize(
    "said",
    [
        "no wait",
        "is there no effusion?",
        "no, show me slice 5",
        "measure it, no wait",
        "what do you see, I mean, in so many words?",
        "I mean it",
        "brain window, no wait, liver window " + "and so on " * 20,
    ],
)
def test_what_takes_nothing_back_stays_as_it_was_said(said):
    assert corrected(said, "en") == said


def test_the_window_is_shown_that_was_meant_in_the_end():
    for words in ("brain window, no wait, liver window", "Hirnfenster, nein, doch lieber Leberfenster"):
        now = in_english(talk(words, row(1, CT), language="de" if "fenster" in words else "en"))
        assert now.said == words
        assert [call.args["window"] for call in calls_for(make_tasks(now), now)] == ["liver"]
