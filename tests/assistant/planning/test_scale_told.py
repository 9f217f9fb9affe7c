"""Sizes where a scale is told in words, and angles and lengths where there is no lesion."""

from __future__ import annotations

import pytest

from assistant.planning.compose import compose
from assistant.planning.glossed import in_english
from assistant.planning.plan import make_tasks
from tests.talking.talk import CHEST, CT, SKIN, asked, measured, refused, row, talk

FILM = {**CHEST, "known_from": "user"}
UNKNOWN = {"domain": "unknown"}
LESION = measured("img-1", largest_diameter=82.0, area=20.0)


def answer(question: str, kind: dict[str, object], *results: object) -> str:
    now = talk(question, row(1, kind), past=(asked("hi", "img-1"),), results=results)
    now = in_english(now)
    return compose(make_tasks(now), now)


@pytest.mark.parametrize(
    ("question", "said"),
    [
        ("the image is 3 cm wide, so how large is it?", "told in words is not taken"),
        ("There is a ruler of 20 mm. How wide is the lesion?", "told in words is not taken"),
        ("Das Sehfeld misst etwa 12 mm. Wie groß ist die Läsion?", "in Worten genannt"),
        ("El campo es de 12 mm, ¿cuánto mide?", "dicha con palabras"),
    ],
)
def test_a_scale_in_words_is_not_taken_and_the_answer_says_so(question: str, said: str) -> None:
    shown = answer(question, SKIN, LESION)
    assert said in shown
    assert "82" in shown


@pytest.mark.parametrize("question", ["how big is it?", "is the lesion in this picture larger than 6 mm?"])
def test_without_a_scale_in_words_nothing_is_said_of_one(question: str) -> None:
    assert "told in words" not in answer(question, SKIN, LESION)


def test_a_number_that_was_told_before_has_its_limit() -> None:
    assert "Diameter over 6 mm" in answer("The naevus is 7 mm by its card. Is that a lot?", SKIN, LESION)
    assert "más de 6 mm" in answer("El lunar mide 7 mm según el informe. ¿Es mucho?", SKIN, LESION)


@pytest.mark.parametrize("question", ["nur den Durchmesser bitte", "solo el diámetro, por favor"])
def test_only_the_measure_named_is_told(question: str) -> None:
    assert "area" not in answer(question, SKIN, measured("img-1", asymmetry=12.0, border_irregularity=1.4))
    assert "asymmetry" not in answer(question, SKIN, measured("img-1", asymmetry=12.0, largest_diameter=30.0))


@pytest.mark.parametrize(
    ("question", "kind"),
    [
        ("measure the angle of the radius", FILM),
        ("can you measure the angle of this?", UNKNOWN),
        ("how wide is the heart, measure it", FILM),
        ("Kannst du den Winkel messen?", FILM),
        ("¿Puedes medir el ángulo?", FILM),
    ],
)
def test_a_length_or_an_angle_of_a_radiograph_is_set_by_hand(question: str, kind: dict[str, object]) -> None:
    said = answer(question, kind, refused("measure_lesion", "img-1", "Say: treat img-1 as dermoscopy."))
    assert "dermoscopy" not in said
    assert any(words in said for words in ("View in detail", "Genau ansehen", "Ver en detalle"))


def test_an_estimated_kind_keeps_how_it_is_set_right() -> None:
    said = answer("measure it", CHEST, refused("measure_lesion", "img-1", "Say: treat img-1 as dermoscopy."))
    assert "treat img-1 as dermoscopy" in said and "View in detail" in said


def test_the_scale_of_a_file_counts_for_what_is_set_by_hand() -> None:
    said = answer("measure it", {**CT, "scale": True}, refused("measure_lesion", "img-1", "no"))
    assert "pixel spacing" in said
