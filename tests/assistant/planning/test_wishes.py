"""Several wishes in one message: questions in a row, and lists of things in one clause."""

from __future__ import annotations

import pytest

from assistant.planning.glossed import in_english
from assistant.planning.plan import make_tasks
from tests.talking.talk import CHEST, CT, asked, row, talk

DERMOSCOPY = {"domain": "dermatology", "modality": "DMS", "score": 0.9}


def intents(question: str, kind: dict[str, object]) -> list[str]:
    now = talk(question, row(1, kind), past=(asked("describe it", "img-1"),))
    return [task.intent for task in make_tasks(in_english(now))]


@pytest.mark.parametrize(
    ("question", "kind", "expected"),
    [
        ("projection, body part and pixel spacing please", CHEST, ["what_is", "what_is", "facts"]),
        ("plane, kV & slice thickness", CT, ["facts", "facts", "header"]),
        ("the diameter, the shape and the sharpness", DERMOSCOPY, ["measure", "quality"]),
        ("what is it, how large and is it blurred?", DERMOSCOPY, ["what_is", "measure", "quality"]),
        ("Durchmesser, Form und Schärfe", DERMOSCOPY, ["measure", "quality"]),
        (
            "Was ist das, wie groß ist es und ist es scharf genug?",
            DERMOSCOPY,
            ["what_is", "measure", "quality"],
        ),
        ("¿qué es, qué tamaño tiene y se ve nítida?", DERMOSCOPY, ["what_is", "measure", "quality"]),
        ("plano, modalidad y grosor de corte", CT, ["facts", "what_is", "header"]),
    ],
)
def test_everything_in_a_list_is_asked_for(
    question: str, kind: dict[str, object], expected: list[str]
) -> None:
    assert intents(question, kind) == expected


def test_measures_in_a_list_are_one_answer() -> None:
    now = talk("borders, colours and size", row(1, DERMOSCOPY), past=(asked("describe it", "img-1"),))
    assert [(task.intent, task.clause) for task in make_tasks(now)] == [
        ("measure", "borders, colours and size")
    ]


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("compare sharpness and contrast", "compare"),
        ("is it black and white?", "measure"),
        ("how do I teach asymmetry and borders?", "teach"),
    ],
)
def test_what_is_no_list_of_things_stays_one_wish(question: str, expected: str) -> None:
    assert intents(question, DERMOSCOPY)[0] == expected
    assert len(intents(question, DERMOSCOPY)) == 1
