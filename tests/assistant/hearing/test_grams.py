"""A message becomes numbers that tell kinds of words and subjects too."""

from assistant.hearing.grams import grams
from tools.language.grams import BINS


def test_places_are_sorted_unique_and_within_the_bins():
    for places in grams("the lung, the lung and the other lung", "en"):
        assert places == sorted(set(places))
        assert all(0 <= one < BINS for one in places)


def test_names_of_the_same_kind_have_something_in_common():
    one, other, neither = (
        set(grams(text)[0]) for text in ("lipoma or cyst", "angioma or wart", "salt or oil")
    )
    assert len(one & other) > len(one & neither)


def test_numbers_have_something_in_common():
    seven, many = set(grams("slice 7")[0]), set(grams("slice 31")[0])
    assert seven & many > set(grams("slice x")[0]) & many


def test_what_is_spoken_of_is_the_same_in_every_language():
    english, chinese = set(grams("he does not breathe", "en")[0]), set(grams("他没有呼吸", "zh")[0])
    untold, alike = set(grams("he does not breathe")[0]), english & chinese
    assert alike - untold
