"""What somebody tells of a picture's kind: said, denied, taken back; and what tells nothing of it."""

from __future__ import annotations

import pytest

from tools.language.kind_told import KindTold, kind_told, takes_back


@pytest.mark.parametrize(
    ("message", "language", "code"),
    [
        ("Hang on, this is an ultrasound.", "en", "US"),
        ("that was a joke, of course it's a CT", "en", "CT"),
        ("it isn't a CT but an MRI", "en", "MR"),
        ("Ach Quatsch, doch ein MRT.", "de", "MR"),
        ("Das ist kein Foto, sondern eine Dermatoskopie", "de", "DMS"),
        ("War bloß ein Witz, es ist natürlich ein Ultraschall", "de", "US"),
        ("en realidad es una mamografía", "es", "MG"),
        ("perdona, me equivoqué, es una TC", "es", "CT"),
    ],
)
def test_the_kind_is_the_one_that_is_not_denied(message: str, language: str, code: str) -> None:
    told = kind_told(message, language)
    assert told is not None
    assert (told.code, told.bare) == (code, False)


def test_the_part_is_told_with_the_kind() -> None:
    assert kind_told("Es una radiografía de la mano", "es") == KindTold("DX", "hand")
    assert kind_told("an MRI of the knee", "en") == KindTold("MR", "knee", bare=True)


@pytest.mark.parametrize(
    ("message", "language"),
    [("this is no ultrasound", "en"), ("Das ist doch kein Ultraschall", "de"), ("no es una ecografía", "es")],
)
def test_a_denial_names_no_other_kind(message: str, language: str) -> None:
    assert kind_told(message, language) == KindTold(denied=("US",))


@pytest.mark.parametrize(
    ("message", "language"),
    [
        ("scratch that, you were right before", "en"),
        ("only joking!", "en"),
        ("ich nehme das zurück", "de"),
        ("Vergiss es, vorher war es richtig", "de"),
        ("era una broma, antes estaba bien", "es"),
    ],
)
def test_a_word_is_taken_back_without_another(message: str, language: str) -> None:
    assert kind_told(message, language) == KindTold(back=True)
    assert takes_back(message)


@pytest.mark.parametrize(
    ("message", "language"),
    [
        ("is this an MRI", "en"),
        ("what about a CT?", "en"),
        ("if it is a CT, which window?", "en"),
        ("it could be a CT", "en"),
        ("a CT would be better", "en"),
        ("the CT is normal", "en"),
        ("the CT is here", "en"),
        ("it's a CT with a bleed", "en"),
        ("compare it with the MRI", "en"),
        ("Ist das ein CT", "de"),
        ("Wenn das ein MRT wäre", "de"),
        ("Wie sieht das im CT aus", "de"),
        ("si fuera una ecografía", "es"),
        ("¿es una TC?", "es"),
    ],
)
def test_questions_suppositions_and_other_matters_tell_nothing(message: str, language: str) -> None:
    assert kind_told(message, language) is None
