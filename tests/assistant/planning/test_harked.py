"""What a message asks of what was said before."""

from __future__ import annotations

import pytest

from assistant.planning.compose import compose
from assistant.planning.conversation import PastTurn
from assistant.planning.harked import hark
from assistant.planning.plan import make_tasks
from tests.talking.talk import talk


def past(language: str = "en") -> tuple[PastTurn, ...]:
    question = {"en": "what is the silhouette sign?", "de": "was ist das Silhouettenzeichen?",
                "es": "¿qué es el signo de la silueta?"}[language]  # fmt: skip
    now = talk(question, language=language)
    return (PastTurn(question, (), (), compose(make_tasks(now), now)),)


def answer(words: str, language: str = "en", *more: PastTurn) -> str:
    now = talk(words, language=language, past=(*past(language), *more))
    return compose(make_tasks(now), now)


@pytest.mark.parametrize(
    ("words", "language", "kind"),
    [
        ("half as many words please", "en", "shorter"),
        ("nur Stichworte bitte", "de", "shorter"),
        ("pásamelo más breve para la ficha", "es", "shorter"),
        ("and how would I tell my gran that", "en", ""),
        ("everything we did in two lines for my folder", "en", "summary"),
        ("fass unser Gespräch in drei Punkten zusammen", "de", "summary"),
        ("qué fue lo primero que pregunté", "es", "first"),
        ("did I get it right", "en", "right"),
        ("woher haben Sie das denn", "de", "source"),
        ("what is a pneumothorax in one line", "en", ""),
        ("ist das zweite schärfer", "de", ""),
    ],
)
def test_what_is_asked_of_what_was_said_is_told_from_what_only_sounds_so(
    words: str, language: str, kind: str
) -> None:
    assert hark(talk(words, language=language, past=past(language))) == kind


def test_without_anything_said_before_nothing_is_asked_of_it() -> None:
    assert hark(talk("shorter please")) == ""


@pytest.mark.parametrize(
    ("words", "language"),
    [
        ("give me that in two sentences", "en"),
        ("in zwei Sätzen bitte", "de"),
        ("en dos frases, por favor", "es"),
    ],
)
def test_so_many_lines_are_told_as_are_wished(words: str, language: str) -> None:
    assert answer(words, language).count("\n- ") == 2


def test_a_summary_tells_what_was_found_and_leaves_out_what_was_not() -> None:
    idle = PastTurn("and the weather?", (), (), "I am not sure what you mean. Do you want me a, or b?")
    said = answer("sum up our chat please", "en", idle)
    assert "silhouette" in said.casefold()
    assert "weather" not in said


def test_where_nothing_was_asked_nothing_is_marked() -> None:
    assert "lingula" in answer("was that right?", "en", PastTurn("lingula", (), (), past()[0].text))


def test_a_card_shown_before_the_last_is_named_by_its_topic_with_its_source() -> None:
    other = talk("what is a pneumothorax on a chest film?")
    last = PastTurn(other.question, (), (), compose(make_tasks(other), other))
    said = answer("where did you get the silhouette thing from", "en", last)
    assert "Felson" in said


def test_a_form_wished_of_a_new_question_is_none_of_the_last_answer() -> None:
    assert "silhouette" not in answer("Hounsfield scale in one sentence").casefold()
