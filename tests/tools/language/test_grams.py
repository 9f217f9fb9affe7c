"""A text becomes numbers that do not depend on case, accents or order of reading."""

import pytest

from tools.language.grams import BINS, grams, words


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Où est l’Ombre?", ["ou", "est", "lombre", "?"]),
        ("ÄRGER, sehr!", ["arger", "sehr", "!"]),
        ("img-1: 12 mm", ["img", "1", "12", "mm"]),
        ("", []),
    ],
)
def test_words_are_small_letters_without_accents(text, expected):
    assert words(text) == expected


def test_places_are_sorted_unique_and_within_the_bins():
    for places in grams("the lung, the lung and the other lung"):
        assert places == sorted(set(places))
        assert all(0 <= one < BINS for one in places)


def test_a_misspelt_word_shares_pieces_with_the_right_one():
    right, wrong, other = (set(grams(word)[1]) for word in ("seizure", "siezure", "ankle"))
    assert len(right & wrong) > 3 > len(right & other)


def test_the_order_of_words_is_heard():
    assert grams("dog bites man")[0] != grams("man bites dog")[0]


def test_a_letter_of_any_length_ends_after_some_hundred_words():
    assert len(words("word " * 5000)) == 600
