"""Words typed without their marks, and shortened."""

import pytest

from prompts import words_file
from tools.language.lists import EACH, read_file
from tools.language.spelling import _Spelling, as_spelt


@pytest.mark.parametrize(
    ("typed", "language", "spelt"),
    [
        ("behandle das als Roentgenbild", "de", "behandle das als Röntgenbild"),
        ("was heisst Milchglastruebung", "de", "was heißt Milchglastrübung"),
        ("Thoraxroentgen im Liegen", "de", "Thoraxröntgen im Liegen"),
        ("wie gross ist nen Wirbel", "de", "wie groß ist einen Wirbel"),
        ("que hueso es este, humero o femur?", "es", "qué hueso es este, húmero o fémur?"),
        ("y de que region es el corte", "es", "y de qué región es el corte"),
        ("q proyeccion", "es", "que proyección"),
        ("como se ve un neumotorax", "es", "cómo se ve un neumotórax"),
        ("u said ppl miss it", "en", "you said people miss it"),
    ],
)
def test_words_are_spelt_out(typed, language, spelt):
    assert as_spelt(typed, language) == spelt


@pytest.mark.parametrize(
    ("said", "language"),
    [
        ("wie lange schon", "de"), ("die Masse im Bild", "de"), ("Maße der Masse", "de"),
        ("esta imagen es de ano", "es"), ("tómala como dermatoscopia", "es"),
        ("solo el corte del medio", "es"),
        ("the oesophagus and the roentgen", "en"), ("guarda esta como \"lesion rara\"", "es"),
    ],
)  # fmt: skip
def test_other_words_and_what_is_quoted_stay(said, language):
    assert as_spelt(said, language) == said


def test_no_word_is_taken_for_another_that_the_list_has_too():
    held = read_file(_Spelling, words_file("spelling"), EACH)
    for language, listed in held.words.items():
        words = listed.split()
        assert len(set(words)) == len(words), language
        for word in words:
            assert as_spelt(word, language) == word
