"""Numbers and places that are written as words."""

from __future__ import annotations

import pytest

from tools.language.number_words import number_of, places, word_numbers


def test_every_number_up_to_ninety_nine_has_one_word() -> None:
    assert sorted(word_numbers().values()) == list(range(100))
    assert (word_numbers()["zero"], word_numbers()["nineteen"], word_numbers()["forty-two"]) == (0, 19, 42)


def test_no_word_stands_before_a_longer_one_that_begins_with_it() -> None:
    words = list(word_numbers())
    hidden = [
        (one, later)
        for at, one in enumerate(words)
        for later in words[at + 1 :]
        if later.startswith(one + "-")
    ]
    assert not hidden


def test_places_are_counted_from_one_in_both_ways_of_writing() -> None:
    assert places()["first"] == places()["1st"] == 1
    assert places()["sixth"] == places()["6th"] == 6


def test_a_number_is_read_from_digits_and_from_words_of_any_case() -> None:
    assert (number_of("12"), number_of("Seven"), number_of("another")) == (12, 7, 1)
    with pytest.raises(ValueError, match="several"):
        number_of("several")
