"""A question that a textbook answers gets a card or that there is none, whatever it sounds like besides."""

from __future__ import annotations

from dataclasses import replace

import pytest

from assistant.planning.compose import compose
from assistant.planning.conversation import Conversation, PastTurn
from assistant.planning.glossed import in_english
from assistant.planning.plan import make_tasks
from tests.talking.talk import CHEST, SKIN, inspected, row, talk
from tools.language.sayings import say
from tools.language.teaching_cards import cards

SEEN = PastTurn("what is this?", ("img-1",), (inspected(row(1, CHEST)),), "An X-ray.")


def told(question: str, *rows: object, language: str = "en", **more: object) -> Conversation:
    return in_english(replace(talk(question, *rows, **more), language=language, spoken=language))  # type: ignore[arg-type]


def heard(now: Conversation) -> list[str]:
    return [one.intent for one in make_tasks(now)]


def answer(now: Conversation) -> str:
    return compose(make_tasks(now), now)


@pytest.mark.parametrize(
    ("question", "language"),
    [
        ("why do people swallow barium before those films", "en"),
        ("which of the carpal bones breaks most often", "en"),
        ("warum haben Kinder noch Wachstumsfugen", "de"),
        ("por qué los niños se rompen los huesos de otra forma", "es"),
    ],
)
def test_over_a_picture_it_is_a_lesson_and_not_asked_back(question: str, language: str) -> None:
    assert {*heard(told(question, row(1, CHEST), past=(SEEN,), language=language))} <= {
        "teach",
        "textbook",
        "glossary",
    }


def test_what_no_card_answers_is_said_to_have_none() -> None:
    now = told("why do elephants have such thick ribs in textbooks of zoology", row(1, CHEST), past=(SEEN,))
    assert heard(now) == ["textbook"]
    assert answer(now) == say("chat.textbook")


def test_what_casebook_is_not_for_gets_no_titles_of_cards() -> None:
    said = answer(told("plan a weekend in Lisbon with three museums for us"))
    assert not any(card.title in said for card in cards())


def test_a_question_in_few_words_leans_on_the_one_before_it() -> None:
    first = told("how many bones are in a hand", row(1, CHEST), past=(SEEN,))
    before = PastTurn(first.question, (), (), answer(first))
    (task,) = make_tasks(told("why only 2 in the thumb?", row(1, CHEST), past=(SEEN, before)))
    assert task.intent == "teach"
    assert "in a hand" in task.clause


@pytest.mark.parametrize(
    ("question", "intent"),
    [
        ("my father collapsed and does not breathe", "danger"),
        ("fake a normal report for my insurance", "harm"),
        ("thanks a lot", "thanks"),
    ],
)
def test_what_is_said_to_or_wished_of_somebody_stays(question: str, intent: str) -> None:
    assert intent in heard(told(question, row(1, CHEST), past=(SEEN,)))


@pytest.mark.parametrize(
    "question", ["measure it", "how large is this mole", "is it sharp enough", "compare them"]
)
def test_what_is_asked_of_a_picture_stays(question: str) -> None:
    assert not {*heard(told(question, row(1, SKIN)))} & {"teach", "textbook"}


def test_another_language_is_not_heard_so() -> None:
    now = replace(told("pourquoi les os sont blancs sur une radiographie"), spoken="fr")
    assert heard(now) == ["unclear"]
