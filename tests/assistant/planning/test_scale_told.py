"""Sizes where a scale is told in words, and angles and lengths where there is no lesion."""

from __future__ import annotations

import pytest

from assistant.planning.compose import compose
from assistant.planning.conversation import PastTurn
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
        ("There is a ruler of 20 mm. How wide is the lesion?", "over how many pixels"),
        ("the bar on the photo is 10 mm end to end", "over how many pixels"),
        ("Das Sehfeld misst etwa 12 mm. Wie groß ist die Läsion?", "Über wie viele Pixel"),
        ("El campo es de 12 mm, ¿cuánto mide?", "cuántos píxeles"),
    ],
)
def test_of_a_scale_without_its_pixels_they_are_asked_for(question: str, said: str) -> None:
    shown = answer(question, SKIN, LESION)
    assert said in shown
    assert "82" in shown


@pytest.mark.parametrize(
    ("question", "diameter"),
    [
        # 82 % of 640 pixels, by 10 mm over 200 of them or 3 cm over the width.
        ("the ruler is 10 mm, about 200 px", "26.2 mm"),
        ("size in mm please. the scale bar is 1 cm and 200 px long", "26.2 mm"),
        ("the image is 3 cm wide, so how large is it?", "24.6 mm"),
        ("Der Maßstab ist 1 cm und etwa 200 Pixel lang", "26,2 mm"),
        ("la regla son 10 mm y ocupa 200 px", "26,2 mm"),
    ],
)
def test_sizes_are_told_by_a_scale_and_that_it_is_the_users_word(question: str, diameter: str) -> None:
    shown = answer(question, SKIN, LESION)
    assert diameter in shown
    assert any(words in shown for words in ("your word", "Ihrer Angabe", "su palabra"))


def test_pixels_that_were_asked_for_complete_the_scale() -> None:
    first = answer("the ruler is 10 mm", SKIN, LESION)
    past = (PastTurn("the ruler is 10 mm", (), (LESION,), first),)
    now = in_english(talk("it spans 200 px", row(1, SKIN), past=past, results=(LESION,)))
    assert "26.2 mm" in compose(make_tasks(now), now)
    again = (*past, PastTurn("it spans 200 px", (), (LESION,), compose(make_tasks(now), now)))
    redone = in_english(talk("so redo it", row(1, SKIN), past=again, results=(LESION,)))
    assert "26.2 mm" in compose(make_tasks(redone), redone)


@pytest.mark.parametrize(
    "question", ["Pretend the scale is 1 px = 1 mm. How big is it?", "suppose the ruler is 10 mm over 50 px"]
)
def test_a_scale_that_is_only_supposed_is_none(question: str) -> None:
    assert "By the scale" not in answer(question, SKIN, LESION)


def test_pixels_alone_are_no_scale() -> None:
    assert "mm" not in answer("it is 640 px wide", SKIN, LESION)


@pytest.mark.parametrize("question", ["how big is it?", "is the lesion in this picture larger than 6 mm?"])
def test_without_a_scale_in_words_nothing_is_said_of_one(question: str) -> None:
    assert "Your " not in answer(question, SKIN, LESION)


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
