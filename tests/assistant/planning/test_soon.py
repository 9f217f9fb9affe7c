"""How soon somebody has to be seen, suppositions, and whether it is bad: answered plainly."""

from __future__ import annotations

from dataclasses import replace

import pytest

from assistant.planning.compose import compose
from assistant.planning.conversation import PastTurn
from assistant.planning.danger import danger_of
from assistant.planning.glossed import in_english
from assistant.planning.plan import make_tasks
from tests.talking.talk import CHEST, SKIN, inspected, row, talk
from tools.language.sayings import say as sentence

SOON = [
    ("how soon should it be seen?", "en"),
    ("how soon", "en"),
    ("can it wait a month?", "en"),
    ("which doctor should I see?", "en"),
    ("wie schnell sollte das jemand ansehen?", "de"),
    ("Wie schnell?", "de"),
    ("ist das dringend?", "de"),
    ("zu welchem Arzt?", "de"),
    ("¿cuánto puedo esperar?", "es"),
    ("¿es urgente?", "es"),
    ("¿cuándo debería verlo alguien?", "es"),
]
TOLD = {
    "en": "the mole has changed and bleeds",
    "de": "das Muttermal hat sich verändert und blutet",
    "es": "el lunar ha cambiado y sangra",
}


def told(question: str, language: str, *past: PastTurn, kind: dict[str, object] = SKIN, attached=()):
    now = talk(question, row(1, kind), past=past, attached=attached)
    return in_english(replace(now, language=language, spoken=language))


def answer(question: str, language: str, *past: PastTurn) -> str:
    now = told(question, language, *past)
    return compose(make_tasks(now), now)


@pytest.mark.parametrize(("question", "language"), SOON)
def test_how_soon_after_a_spot_that_changes_is_soon_and_by_whom(question: str, language: str) -> None:
    before = PastTurn(TOLD[language], ("img-1",), (inspected(row(1, SKIN)),), sentence("care.personal"))
    assert sentence("care.soon", language) in answer(question, language, before)


@pytest.mark.parametrize(("question", "language"), SOON)
def test_how_soon_of_a_picture_alone_says_when_not_to_wait(question: str, language: str) -> None:
    assert answer(question, language) == sentence("care.when_seen", language)


@pytest.mark.parametrize(("language", "words"), TOLD.items())
def test_a_spot_that_somebody_says_bleeds_is_no_unclear_message(language: str, words: str) -> None:
    now = told(words, language, attached=("img-1",))
    assert {task.intent for task in make_tasks(now)} <= {"personal", "danger"}


@pytest.mark.parametrize(
    "question", ["how fast does it grow?", "how do changing moles look?", "wait, which one?"]
)
def test_what_only_sounds_like_it_is_no_such_question(question: str) -> None:
    assert sentence("care.when_seen") not in answer(question, "en")


@pytest.mark.parametrize(
    ("words", "language"),
    [
        ("suppose it's a CT", "en"),
        ("what if it were an MRI?", "en"),
        ("angenommen, es wäre ein CT", "de"),
        ("was wäre, wenn es ein MRT wäre?", "de"),
        ("supongamos que es una TC", "es"),
        ("¿y si fuera una resonancia?", "es"),
    ],
)
def test_a_supposition_sets_no_kind(words: str, language: str) -> None:
    now = told(words, language)
    (task,) = make_tasks(now)
    assert task.intent == "disagree"
    kind = sentence("kinds.a_XC", language)
    assert compose((task,), now) == sentence("kinds.supposed", language, image="img-1", kind=kind)


@pytest.mark.parametrize(
    ("words", "language"), [("it is a CT", "en"), ("es ist ein CT", "de"), ("es una TC", "es")]
)
def test_a_kind_that_is_said_still_counts(words: str, language: str) -> None:
    assert [task.intent for task in make_tasks(told(words, language))] == ["treat_as"]


@pytest.mark.parametrize(
    ("words", "language"),
    [
        ("but can you at least say if it looks bad", "en"),
        ("and which is sicker", "en"),
        ("ist das schlimm?", "de"),
        ("pero es grave??", "es"),
    ],
)
def test_whether_it_is_bad_is_a_question_to_a_reader(words: str, language: str) -> None:
    now = told(words, language, kind=CHEST)
    assert [task.intent for task in make_tasks(now)] == ["read"]


@pytest.mark.parametrize(
    "words",
    [
        "na ja",
        "das andere",
        "ich kann's nicht sagen",
        "ich weiß es nicht",
        "I can't tell",
        "no sabría decirlo",
    ],
)
def test_not_knowing_is_no_danger(words: str) -> None:
    assert danger_of(words) == ""


@pytest.mark.parametrize("words", ["ich kann nicht mehr", "I can't go on", "no puedo más, quiero morir"])
def test_despair_still_is_one(words: str) -> None:
    assert danger_of(words) == "harm"
