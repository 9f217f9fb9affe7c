"""Several wishes in one message: each is done, and what is only told is not."""

from __future__ import annotations

import pytest

from assistant.planning.glossed import in_english
from assistant.planning.plan import make_tasks
from tests.talking.talk import CHEST, CT, SKIN, row, talk


def intents(message: str, kind: dict[str, object] | None, *, attached: bool = False) -> list[str]:
    rows = (row(1, kind),) if kind else ()
    now = in_english(talk(message, *rows, attached=("img-1",) if attached else ()))
    return [one.intent for one in make_tasks(now)]


@pytest.mark.parametrize(
    ("message", "kind", "wished"),
    [
        ("what is this, and slice thickness and kvp", CT, ["what_is", "header", "facts"]),
        ("kernel, exposure time and show it in a lung window", CT, ["header", "header", "slice"]),
        ("und jetzt Lungenfenster, dazu den Fettanteil", CT, ["slice", "tissue"]),
        ("mide el lunar y dime si la foto está nítida", SKIN, ["measure", "quality"]),
        ("welche Region sieht man da und ist das Bild scharf?", CHEST, ["what_is", "quality"]),
        ("¿qué es esto y cuánto mide un píxel?", CT, ["what_is", "facts"]),
        ("is it sharp? also what's a boxer's fracture", CHEST, ["quality", "teach"]),
    ],
)
def test_every_wish_of_a_message_is_one_task(
    message: str, kind: dict[str, object], wished: list[str]
) -> None:
    assert intents(message, kind) == wished


@pytest.mark.parametrize(
    ("message", "kind", "wished"),
    [
        ("hi, i teach nurses on thursdays. is it sharp?", CHEST, ["quality"]),
        ("nice one. is it sharp?", CHEST, ["quality"]),
        ("hallo, bin MTA in Ausbildung. ist es scharf?", CHEST, ["quality"]),
        ("buenas, soy profe de radiología. ¿está nítida?", CHEST, ["quality"]),
        ("here's a proper one. what is it", CT, ["what_is"]),
    ],
)
def test_what_is_only_told_beside_a_wish_gets_no_answer(
    message: str, kind: dict[str, object], wished: list[str]
) -> None:
    assert intents(message, kind, attached=True) == wished


@pytest.mark.parametrize(
    "message",
    [
        "what is the difference between t1 and t2",
        "what is a pneumothorax and how is it treated",
        "black and white, or is it",
        "before I upload anything, do you actually look at ultrasounds or just the file",
        "back to it. quiz me, chest only",
        "measure the size and the colours",
    ],
)
def test_one_wish_with_an_and_in_it_stays_one(message: str) -> None:
    assert len(intents(message, SKIN)) == 1


def test_a_danger_beside_a_wish_stays_first() -> None:
    assert intents("I want to kill myself. what is this?", CHEST)[0] == "danger"


def test_two_questions_in_general_get_two_cards() -> None:
    assert intents("wer hat röntgen entdeckt und warum sind knochen weiß", None) == ["teach", "teach"]
