"""What goes on from the card, the finding or the number that was talked of last, in three languages."""

import re

import pytest

from assistant.planning.compose import compose
from assistant.planning.conversation import Conversation, ImageRow, PastTurn
from assistant.planning.glossed import in_english
from assistant.planning.of_a_card import OF_CARD, say_line
from assistant.planning.plan import make_tasks
from assistant.planning.task import Task
from tests.talking.talk import CHEST, SKIN, measured, row, talk
from tests.tools.language.numbers import numbers
from tools.language.replies import reply
from tools.language.sayings import languages
from tools.language.teaching_cards import cards, told_in

FILM = row(1, CHEST)


def now(question: str, past: tuple[PastTurn, ...], language: str, *rows: ImageRow) -> Conversation:
    return in_english(talk(question, *rows, past=past, language=language, spoken=language))


def answers(language: str, *questions: str, rows: tuple[ImageRow, ...] = (FILM,)) -> list[str]:
    """What a chat answers that runs no tool."""
    past: tuple[PastTurn, ...] = ()
    for question in questions:
        chat = now(question, past, language, *rows)
        past = (*past, PastTurn(question, (), (), compose(make_tasks(chat), chat)))
    return [turn.text for turn in past]


@pytest.mark.parametrize(
    ("language", "asked", "on", "title"),
    [
        ("en", "any effusion here?", "which signs should I look for", "Pleural effusion on a chest film"),
        ("en", "AP or PA?", "how do you tell just by looking", "PA, AP, lateral and supine chest films"),
        ("de", "Sieht man einen Pleuraerguss?", "Und auf welche Zeichen muss man da achten?", "Pleuraerguss"),
        ("es", "¿hay derrame pleural?", "¿y qué signos hay que buscar?", "Derrame pleural"),
    ],
)
def test_signs_are_those_of_the_finding_that_was_asked_about_last(language, asked, on, title):
    assert answers(language, asked, on)[-1].startswith(title)


@pytest.mark.parametrize(
    ("language", "questions", "lines"),
    [
        (
            "en",
            (
                "what are the signs of pneumothorax on a chest film?",
                "what looks like it?",
                "explain the last one",
            ),
            ("Mimics: skin fold", "Hair"),
        ),
        (
            "de",
            (
                "Woran erkennt man einen Pneumothorax im Röntgen?",
                "womit wird das verwechselt?",
                "erklär das zweite",
            ),
            ("Täuscht vor: Hautfalte", "Innenrand des Schulterblatts"),
        ),
        (
            "es",
            ("¿cómo se reconoce un neumotórax en la placa?", "¿qué lo imita?", "explícame el segundo"),
            ("Lo imitan: pliegue de piel", "Borde interno de la escápula"),
        ),
    ],
)
def test_mimics_are_a_line_of_the_card_and_the_first_is_the_first_of_that_line(language, questions, lines):
    _, mimics, one = answers(language, *questions)
    assert f"\n- {lines[0]}" in mimics
    assert f"\n- {lines[1]}\n" in one


@pytest.mark.parametrize(
    ("language", "first", "on", "line"),
    [
        ("en", "MR sequences: what is bright and what is dark", "and STIR?", "- STIR and fat"),
        ("de", "MR-Sequenzen: was hell und was dunkel ist", "und STIR?", "- STIR"),
        ("es", "Secuencias de RM: qué brilla y qué es oscuro", "¿y STIR?", "- STIR"),
    ],
)
def test_a_word_alone_after_a_card_asks_for_its_line(language, first, on, line):
    assert line in answers(language, first, on, rows=())[-1]


def test_what_the_card_does_not_say_is_said_to_be_missing_and_a_picture_is_no_item_of_it():
    card = "How to read a chest film"
    assert "does not say more" in answers("en", card, "which of them needs a nap?")[-1]
    assert "reading model" in answers("en", card, "which of those do you see in my film?")[-1]


def test_a_lesson_leans_on_what_was_talked_of_before_an_emergency():
    card = answers("en", "what are the signs of pneumothorax on a chest film?")[0]
    past = (
        PastTurn("what are the signs of pneumothorax on a chest film?", (), (), card),
        PastTurn("my dad has crushing chest pain", (), (), reply("en").body),
        PastTurn("EMS took him, thanks", (), (), talk("").say("care.over")),
    )
    chat = now("ok back to it, what mimics that line", past, "en", FILM)
    assert "- Mimics: skin fold" in compose(make_tasks(chat), chat)


@pytest.mark.parametrize("question", ["hilum what?", "deep sulcus, huh"])
def test_a_term_with_what_behind_it_is_explained(question):
    assert [task.intent for task in make_tasks(now(question, (), "en", FILM))] == ["glossary"]
    assert "Source" in answers("en", question)[0]


@pytest.mark.parametrize(
    ("language", "question", "says"),
    [
        ("en", "what would a lower number there mean?", "no limit"),
        ("de", "Was bedeutet da ein kleinerer Wert?", "Grenze"),
        ("es", "¿qué significa ahí un número más bajo?", "límite"),
    ],
)
def test_what_more_or_less_of_a_number_means_is_its_definition_and_no_diagnosis(language, question, says):
    turn = PastTurn("asymmetry", (), (measured("img-1", asymmetry=8.0),), "8 %")
    chat = now(question, (turn,), language, row(1, SKIN))
    answer = compose(make_tasks(chat), chat)
    assert says in answer
    assert len(answer) < 800


@pytest.mark.parametrize("language", languages())
def test_every_line_of_a_card_is_told_with_every_number(language):
    chat = now("?", (), language)
    for card in cards():
        for at, line in enumerate((told_in(card, language) or card).text.splitlines()):
            said = say_line(Task("teach", "?", detail=f"{card.id}{OF_CARD}{at}"), chat)
            assert numbers(re.sub(r"^\d+\. ", "", line)) <= numbers(said), (card.id, line)
