"""A message that sets right what was asked before it, as the question that is meant."""

from __future__ import annotations

import pytest

from assistant.planning.compose import compose
from assistant.planning.conversation import PastTurn
from assistant.planning.glossed import in_english
from assistant.planning.plan import make_tasks
from assistant.planning.set_right import as_meant
from assistant.planning.task import Task
from tests.talking.talk import CHEST, CT, SKIN, asked, row, talk
from tools.language.sayings import say, was_said


@pytest.mark.parametrize(
    ("before", "message", "language", "meant"),
    [
        ("is the first sharp?", "no, the third", "en", "is the third sharp?"),
        ("is the left lung bigger", "not the left, the right lung", "en", "is the right lung bigger"),
        ("the dose of a chest film?", "no not the dose, the risk", "en", "the risk of a chest film?"),
        ("lung window", "no not that, W 900 C 100", "en", "W 900 C 100"),
        ("how do you place a line", "I meant in newborns", "en", "how do you place a line, in newborns"),
        ("describe both", "i said compare, not describe", "en", "compare both"),
        ("Text im zweiten?", "das erste meinte ich, nicht das zweite", "de", "Text im das erste?"),
        ("wie lagert man es", "ich meinte bei Säuglingen", "de", "wie lagert man es, bei Säuglingen"),
        ("was ist das", "ich wollte die Schichtdicke, nicht den Befund", "de", "die Schichtdicke"),
        ("mide la asimetría", "me refería al borde", "es", "mide borde"),
        ("mide la primera", "esa no, la segunda", "es", "mide la segunda"),
        ("qué es esto", "no es lo que pregunté, quería el contraste", "es", "el contraste"),
    ],
)  # fmt: skip
def test_what_is_meant_takes_its_place_in_the_question_before(before, message, language, meant):
    assert as_meant(message, before, language) == meant


@pytest.mark.parametrize(
    ("message", "language"),
    [
        ("no it is a ct, not an mr", "en"),
        ("no thanks, not that", "en"),
        ("I asked my doctor and he said it is benign", "en"),
        ("is it not the second one?", "en"),
        ("nein, das ist ein MRT", "de"),
        ("nein danke", "de"),
        ("no, no me pica", "es"),
        ("no es una TC, es una RM", "es"),
    ],
)
def test_what_only_sounds_so_sets_nothing_right(message, language):
    assert as_meant(message, "is it sharp?", language) == message


def test_without_a_question_before_nothing_is_set_right():
    assert as_meant("no, the second", "", "en") == "no, the second"


def tasks(words: str, *past: PastTurn, language: str = "en", rows: tuple = ()) -> list[Task]:
    return make_tasks(in_english(talk(words, *rows, past=past, language=language)))


def test_the_wish_is_done_again_for_what_comes_next_too():
    rows = (row(1, SKIN), row(2, SKIN))
    past = asked("how many colours?", "img-1"), asked("no, the border", "img-1")
    (task,) = tasks("and the second?", *past, rows=rows)
    assert (task.intent, task.images) == ("measure", ("img-2",))
    assert "border" in task.clause


def test_a_correction_of_what_is_compared_compares_the_same_pictures():
    rows = (row(1, CHEST), row(2, CHEST))
    (task,) = tasks("i meant contrast, not the disease", asked("compare them", "img-1", "img-2"), rows=rows)
    assert (task.intent, {*task.images}) == ("compare", {"img-1", "img-2"})


def test_the_library_that_is_meant_is_counted_again():
    past = PastTurn("how many cases are in the library by modality", (), (), "12 cases")
    (task,) = tasks("no, by modality, not by label. I meant the library", past)
    assert task.intent == "library"


@pytest.mark.parametrize(
    ("before", "message", "language"),
    [
        ("is there a silhouette sign?", "I meant in general", "en"),
        ("sieht man ein Silhouettenzeichen?", "ich meinte allgemein", "de"),
        ("¿se ve el signo de la silueta?", "hablo de la teoría, no de la foto", "es"),
    ],
)
def test_what_was_meant_in_general_is_answered_by_a_card(before, message, language):
    image = row(1, CHEST)
    (task,) = tasks(message, asked(before, "img-1"), language=language, rows=(image,))
    assert task.intent == "teach"


@pytest.mark.parametrize(
    ("message", "language"),
    [("that's not what I asked", "en"), ("das war nicht meine Frage", "de"), ("no es lo que pregunté", "es")],
)
def test_where_it_is_not_said_what_was_meant_that_is_asked_for(message, language):
    now = in_english(talk(message, row(1, CHEST), past=(asked("is it sharp?", "img-1"),), language=language))
    assert was_said("back.not_as_meant", compose(make_tasks(now), now))
    assert "is it sharp?" in compose(make_tasks(now), now)


def test_a_window_is_set_right_by_its_numbers_and_for_another_picture():
    rows = (row(1, CT), row(2, CT))
    (task,) = tasks(
        "no not those, W 1200 C -500", asked("lung window", "img-1", tool="show_slice"), rows=rows
    )
    assert (task.intent, task.images) == ("slice", ("img-1",))
    assert say("chat.left_undone") not in task.clause
