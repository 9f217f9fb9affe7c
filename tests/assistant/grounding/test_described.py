"""What describes one of several images stands for it: its place, its part of the body, its kind."""

from __future__ import annotations

import pytest

from assistant.grounding import check
from assistant.grounding.described import by_id
from tests.grounding.chats import chat, image, measured, reading

TWO = (image(1, "DX", "knee"), image(2, "CT", "chest"))
READ = chat(
    TWO,
    [reading(1, "Small joint effusion. No fracture."), reading(2, "Nodule of 12 mm. Mild emphysema.")],
    ["What do they show?"],
)
MOLES = chat(
    [image(1, "XC"), image(2, "XC")],
    [
        measured(1, ("diameter", 5.1, "mm", "Its diameter is 5.1 mm.")),
        measured(2, ("diameter", 8.3, "mm", "Its diameter is 8.3 mm.")),
    ],
    ["How large are they?"],
)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("The knee film is blurred.", "img-1         is blurred."),
        ("There is gas on the CT.", "There is gas on img-2 ."),
        ("The second lesion is round.", "img-2             is round."),
        ("It is larger on the first.", "It is larger on img-1    ."),
        ("img-1 is the knee film.", "img-1 is the knee film."),
        ("The film is blurred.", "The film is blurred."),
        ("Auf Bild 2 ist ein Rundherd.", "Auf img-2  ist ein Rundherd."),
        ("Se ve en la imagen 1.", "Se ve en la img-1   ."),
    ],
)
def test_what_fits_one_image_alone_becomes_its_id_and_the_text_keeps_its_length(text: str, told: str) -> None:
    assert by_id(text, TWO) == told
    assert len(told) == len(text)


def test_a_number_of_an_image_is_no_amount_in_any_language_and_of_none_there_is_marked() -> None:
    assert check("Auf Bild 1 ist kein Bruch.", READ) == ()
    assert [mark.kind for mark in check("En la imagen 7 no hay fractura.", READ)] == ["image"]


def test_a_single_image_is_never_told_apart() -> None:
    assert by_id("The knee film is blurred.", TWO[:1]) == "The knee film is blurred."


@pytest.mark.parametrize(
    "lie",
    [
        "The chest CT has a joint effusion, by the reader's account.",
        "On the radiograph the reader sees a nodule of 12 mm.",
    ],
)
def test_a_finding_of_another_image_is_marked_in_the_words_of_the_answer(lie: str) -> None:
    marks = check(lie, READ)
    assert marks
    assert all(mark.text == lie[mark.start : mark.end] for mark in marks)


def test_a_measure_of_the_other_lesion_is_marked() -> None:
    assert check("The first lesion is 8.3 mm in diameter.", MOLES)
    assert not check("The first lesion is 5.1 mm in diameter.", MOLES)
