"""What is asked in general is heard apart from what is asked of a picture, in words of no example."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from assistant.hearing import general
from assistant.hearing.card import write_general_card
from assistant.hearing.chats import chats, said_in
from assistant.hearing.ear import hear
from assistant.hearing.examples import Example
from assistant.hearing.figures import general_left_out
from assistant.hearing.fit import GENERAL, fit_general
from assistant.hearing.general import in_general, in_general_with
from store.errors import SetupError
from tools.language.learned import read_learned

FEW = [
    Example(intent, writer, form.format(thing))
    for intent, form in {GENERAL: "why do {} look so in a book", "picture": "show me the {} of img-1"}.items()
    for writer, things in {
        "nurse": ("ribs", "lungs", "naevi"),
        "tutor": ("bones", "cysts", "hairs"),
        "de": ("Milzen",),
    }.items()
    for thing in things
]


@pytest.mark.parametrize(
    ("message", "language"),
    [
        ("why do old fractures get a white rim", "en"),
        ("which lobe hides behind the heart", "en"),
        ("what is the normal width of the aorta in adults", "en"),
        ("wieso braucht man bei Kindern weniger Strahlung", "de"),
        ("was ist der Unterschied zwischen Ödem und Erguss", "de"),
        ("por qué el hueso absorbe más los rayos X", "es"),
        ("qué es el signo de la vela", "es"),
    ],
)
def test_what_a_textbook_answers_sounds_general(message: str, language: str) -> None:
    assert in_general(message, language) > 0.5


@pytest.mark.parametrize(
    ("message", "language"),
    [
        ("measure the one on the left", "en"),
        ("is there a fracture in my picture", "en"),
        ("next slice", "en"),
        ("say that again but shorter", "en"),
        ("zeig mir das Bild heller", "de"),
        ("wie groß ist der Fleck auf meinem Foto", "de"),
        ("compara las dos fotos", "es"),
        ("guarda este caso como nevus", "es"),
    ],
)
def test_what_is_asked_of_a_picture_the_chat_or_the_library_does_not(message: str, language: str) -> None:
    assert in_general(message, language) < 0.5


def test_what_was_learned_from_a_few_messages_is_heard_in_others() -> None:
    learned = fit_general(FEW, [hear(one.text) for one in FEW])
    said = {
        text: in_general_with(learned, text, "en", hear(text))
        for text in ("why do moles look so", "show me the mole of img-1")
    }
    assert said["why do moles look so"] > 0.5 > said["show me the mole of img-1"]


def test_the_same_chats_give_the_same_numbers() -> None:
    first, again = (fit_general(FEW, [hear(one.text) for one in FEW]) for _ in range(2))
    assert all(np.array_equal(first[name], again[name]) for name in first)


def test_every_writer_is_judged_by_what_was_learned_from_the_others(tmp_path: Path) -> None:
    scores = general_left_out(FEW, [hear(one.text) for one in FEW])
    right = sum((score > 0.5) == (one.intent == GENERAL) for one, score in zip(FEW, scores, strict=True))
    assert right >= len(FEW) - 2
    write_general_card(tmp_path / "GENERAL.md", FEW, scores)
    card = (tmp_path / "GENERAL.md").read_text("utf-8")
    assert f"{len(FEW)} messages" in card
    assert "| nurse |" in card
    assert "| German |" in card


def test_the_shipped_numbers_were_learned_from_the_chats_that_are_there() -> None:
    known = said_in(chats())
    assert {one.language for one in known} == {"en", "de", "es"}
    right = sum((in_general(one.text, one.language) > 0.5) == (one.intent == GENERAL) for one in known)
    assert right / len(known) > 0.95


def test_a_damaged_file_is_a_sentence(tmp_path: Path) -> None:
    broken = tmp_path / general.MODEL_FILE.name
    broken.write_bytes(general.MODEL_FILE.read_bytes()[:1000])
    with pytest.raises(SetupError, match=r"general\.npz is missing or damaged"):
        read_learned(broken, 1)
