"""Messages that lean on the question before them, in three languages."""

import pytest

from assistant.planning.calls import calls_for
from assistant.planning.conversation import PastTurn, Result
from assistant.planning.follow_on import said_whole
from assistant.planning.glossed import in_english
from assistant.planning.library import TOOLS
from assistant.planning.plan import make_tasks
from tests.talking.talk import CT, row, talk


@pytest.mark.parametrize(
    ("language", "before", "message", "whole"),
    [
        ("en", "How much air is in there?", "and fat?", "How much fat is in there?"),
        ("en", "is the spleen large?", "or the kidney", "is the kidney large?"),
        ("en", "is there an effusion?", "what about a pneumothorax?", "is there an pneumothorax?"),
        ("en", "any nodules?", "and in the liver?", "any nodules in the liver?"),
        ("en", "how does an abscess look?", "and in MRI?", "how does an abscess look in MRI?"),
        ("en", "would 8 mm be a lot?", "and 15?", "would 15 mm be a lot?"),
        ("en", "go to slice 4", "now 9", "go to slice 9"),
        ("en", "thanks. brain window please", "now bone", "bone window please"),
        ("en", "how do I read a hand film?", "and a hip?", "how do I read a hip film?"),
        ("de", "Wie viel Luft ist zu sehen?", "und Fett?", "Wie viel Fett ist zu sehen?"),
        ("de", "Sind 8 mm viel?", "und 15 mm?", "Sind 15 mm viel?"),
        ("es", "¿Cuánta grasa hay?", "¿y aire?", "¿Cuánta aire hay?"),
        ("es", "¿Se ve una fractura?", "¿y en la mano?", "¿Se ve una fractura en la mano?"),
    ],
)
def test_what_is_named_takes_the_place_of_what_was_asked_about(language, before, message, whole):
    assert said_whole(message, before, language) == whole


@pytest.mark.parametrize(
    ("before", "message"),
    [
        ("is there an effusion?", "thank you"),
        ("is there an effusion?", "is the spleen large?"),  # stands by itself
        ("is there an effusion?", "and the liver?"),  # an effusion is no part of the body
        ("what is pleurisy?", "chest pain"),  # may tell of somebody
        ("which options are there?", "melanoma"),
        ("", "and the liver?"),
    ],
)
def test_what_stands_by_itself_or_fits_nowhere_stays_as_it_is(before, message):
    assert said_whole(message, before, "en") == message


def shown(tool):
    return (Result(tool, "img-1", "Now showing img-1."),)


@pytest.mark.parametrize(
    ("language", "first", "then", "window"),
    [
        ("en", "use a brain window", ["now bone"], "bone"),
        ("en", "use a brain window", ["and the lungs?", "back to soft tissue"], "soft_tissue"),
        ("de", "Zeig mir das Lungenfenster", ["jetzt Knochen"], "bone"),
        ("es", "ponme la ventana ósea", ["ahora pulmón"], "lung"),
    ],
)
def test_a_window_goes_on_from_a_window_over_several_turns(language, first, then, window):
    past = tuple(PastTurn(words, (), shown("show_slice")) for words in (first, *then[:-1]))
    now = in_english(talk(then[-1], row(1, CT), past=past, language=language))
    assert [call.args["window"] for call in calls_for(make_tasks(now), now)] == [window]
    assert now.said == then[-1]


def test_an_answer_in_a_quiz_and_words_about_a_new_picture_lean_on_nothing():
    quiz = PastTurn("quiz me on melanoma", (), shown(TOOLS["quiz"]))
    assert in_english(talk("naevus?", row(1, CT), past=(quiz,))).question == "naevus?"
    asked = PastTurn("is there a fracture?", ())
    leaning = talk("and in the hand?", row(1, CT), past=(asked,))
    assert in_english(leaning).question == "is there a fracture in the hand?"
    new = talk("and in the hand?", row(1, CT), row(2, CT), past=(asked,), attached=("img-2",))
    assert in_english(new).question == "and in the hand?"


@pytest.mark.parametrize(
    ("language", "before", "message", "whole"),
    [
        ("en", "any effusion?", "how would I recognise it?", "how would I recognise effusion?"),
        ("en", "is this atelectasis?", "what mimics it then?", "what mimics atelectasis then?"),
        ("en", "is it a cyst?", "how do I tell it from pneumonia?", "how do I tell cyst from pneumonia?"),
        ("de", "Sieht man ein Melanom?", "wie sähe das denn aus?", "wie sähe das denn aus Melanom?"),
        ("es", "¿Hay derrame pleural?", "¿cómo se vería?", "¿cómo se vería derrame pleural?"),
    ],
)  # fmt: skip
def test_what_is_asked_of_a_finding_by_a_pronoun_names_it(language, before, message, whole):
    assert said_whole(message, before, language) == whole


@pytest.mark.parametrize(
    "message", ["is it sharp?", "what does it show?", "how wide is it?", "what is that?"]
)
def test_a_pronoun_that_may_stand_for_the_picture_stays(message):
    assert said_whole(message, "any pleural effusion?", "en") == message
