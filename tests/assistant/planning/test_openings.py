"""What leads up to a wish, and ends it, is no part of it."""

import pytest

from assistant.planning.conversation import PastTurn
from assistant.planning.glossed import in_english
from assistant.planning.openings import without_opening
from assistant.planning.plan import make_tasks
from tests.talking.talk import CHEST, row, talk


@pytest.mark.parametrize(
    ("message", "language", "wish"),
    [
        ("ok thanks. why is fat dark on CT", "en", "why is fat dark on CT"),
        ("lol so why does it look white", "en", "why does it look white"),
        (
            "ok good. last one: what does it do when a file is broken",
            "en",
            "what does it do when a file is broken",
        ),
        ("show me slice 12 pls", "en", "show me slice 12"),
        ("achso. und warum ist Fett dunkel?", "de", "und warum ist Fett dunkel?"),
        ("Hallo, zeig mir bitte Schicht 5 bitte", "de", "zeig mir bitte Schicht 5"),
        ("vale gracias. ¿por qué la grasa es oscura?", "es", "por qué la grasa es oscura?"),
        ("Entiendo. ¿Qué ventana uso para hueso?", "es", "Qué ventana uso para hueso?"),
    ],
)
def test_the_wish_is_left(message, language, wish):
    assert without_opening(message, language) == wish


@pytest.mark.parametrize(
    ("message", "language"),
    [
        ("thanks a lot, that cleared it up", "en"), ("hi there", "en"), ("good morning", "en"), ("ok", "en"),
        ("good contrast here", "en"), ("right lung or left lung", "en"), ("so B is a melanoma then", "en"),
        ("danke, das war's schon", "de"), ("guten Morgen!", "de"),
        ("mil gracias, me salvaste la clase", "es"),
        ("qué maravilla, gracias", "es"), ("hola, muy buenas", "es"),
    ],
)  # fmt: skip
def test_a_message_that_wants_nothing_else_stays_whole(message, language):
    assert without_opening(message, language) == message


@pytest.mark.parametrize(
    ("opening", "question", "language"),
    [
        ("ok thanks. ", "causes of a white-out on one side", "en"),
        ("hm right. ", "what would a nurse look for first when checking an NG tube film?", "en"),
        ("ok danke. ", "Worauf achtet man bei einem Schädel-CT zuerst?", "de"),
        ("vale gracias. ", "enséñame a leer una dermatoscopia paso a paso", "es"),
    ],
)
@pytest.mark.parametrize("rows", [(), (row(1, CHEST),)], ids=["no picture", "a picture"])
def test_what_is_asked_after_thanks_is_answered_as_without_them(opening, question, language, rows):
    told = [
        make_tasks(in_english(talk(said, *rows, language=language)))
        for said in (question, opening + question)
    ]
    alone, after = ([task.intent for task in tasks] for tasks in told)
    assert alone == after != ["thanks"]


def test_what_the_user_wrote_is_told_again_as_it_was_written():
    after = talk("¿qué pregunté?", language="es", before=("ok gracias. que es esto?",))
    assert in_english(after).before == ("ok gracias. que es esto?",)


@pytest.mark.parametrize(
    ("words", "intent"),
    [
        ("and an effusion?", "glossary"),
        ("and are uploads kept after I close the window?", "privacy"),
        ("and was this taken with a dermatoscope or just a phone?", "what_is"),
    ],
)
def test_a_term_alone_after_and_is_explained_and_a_question_with_it_is_answered(words, intent):
    past = (PastTurn("what is a nodule?", (), (), "A nodule is small."),)
    now = in_english(talk(words, row(1, CHEST), past=past))
    assert [task.intent for task in make_tasks(now)] == [intent]
