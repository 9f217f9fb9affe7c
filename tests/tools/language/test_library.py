"""Orders and wishes about the case library, read from people's words."""

from __future__ import annotations

import pytest

from tools.language.library import (
    LibraryWish,
    SaveOrder,
    counts_held,
    is_about_saving,
    library_wish,
    means_both,
    number_in,
    save_order,
    seed_in,
    seed_of,
)


@pytest.mark.parametrize(
    ("said", "label"),
    [
        ("save this as melanoma", "melanoma"),
        ("Please save this as a naevus.", "naevus"),
        ("could you store img-2 as tinea?", "tinea"),
        ("add img-1 to the library under buckle fracture", "buckle fracture"),
        ("keep this one as 'seb k'", "seb k"),
        ("put it in the collection with the label eczema, thanks", "eczema"),
        ("measure it and save it as wart", "wart"),
        ("please add this to the collection, label: normal chest", "normal chest"),
        ("Would you save this to the cases, and call it wax model?", "wax model"),
        ("save as melanoma", "melanoma"),
        ("file this away under lichen planus, would you", "lichen planus"),
        ("save this", ""),
        ("store it in the library", ""),
    ],
)
def test_an_order_to_save_is_heard_with_its_label(said: str, label: str) -> None:
    order = save_order(said)
    assert order is not None
    assert order.label == label


@pytest.mark.parametrize(
    "said",
    [
        "don't save this as melanoma",
        "never save this as melanoma",
        "did you save this as melanoma?",
        "should I save this as melanoma",
        "save this as melanoma?",
        "if it is benign, save it as naevus",
        "I saved it as melanoma",
        "would it be ok to save this as melanoma?",
        "the report says save this as melanoma",
        "save it as not melanoma",
        "save nothing as melanoma",
        "keep it simple",
        "is it melanoma?",
    ],
)
def test_what_is_not_an_order_beyond_doubt_is_none(said: str) -> None:
    assert save_order(said) is None


def test_a_label_is_a_few_words_and_no_letter() -> None:
    assert save_order("save this as " + "very " * 20 + "old") is None
    assert save_order("save this as ?!") is None


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("how many cases do you have", LibraryWish("count", 0)),
        ("which labels are there", LibraryWish("labels", 0)),
        ("how many of each label", LibraryWish("labels", 0)),
        ("only melanomas", LibraryWish("list", 6)),
        ("list four eczemas", LibraryWish("list", 4)),
        ("show me 500 naevi", LibraryWish("list", 12)),
        ("the newest cases", LibraryWish("list", 6, "newest first")),
        ("a random case", LibraryWish("list", 1, "at random")),
        ("five random melanomas", LibraryWish("list", 5, "at random")),
        ("3 moles with seed 77", LibraryWish("list", 3, "at random", 77)),
        ("cases of people over 60", LibraryWish("list", 6)),
    ],
)
def test_a_wish_says_what_how_many_and_in_which_order(said: str, meant: LibraryWish) -> None:
    assert library_wish(said) == meant


def test_numbers_of_images_and_ages_count_no_cases() -> None:
    assert number_in("like img-3") is None
    assert number_in("the one of img-1") is None
    assert number_in("a dozen from img-2") == 12
    assert number_in("half of them normal") is None


def test_the_seed_is_the_one_named_else_that_of_the_turn() -> None:
    assert seed_in("again with seed 12", 3) == 12
    assert seed_in("again", 3) == 3
    assert seed_of("a turn") == seed_of("a turn") != seed_of("another turn")


def test_saving_is_only_spoken_of_in_words_of_its_own() -> None:
    assert is_about_saving("save the image as my favourite naevus")
    assert is_about_saving("did you save it as melanoma?")
    assert not is_about_saving("keep it as short as possible")
    assert not is_about_saving("how do I save time?")


def test_a_count_of_what_somebody_holds_is_one_of_cases() -> None:
    assert counts_held("how many naevi do you have?")
    assert not counts_held("how many fractures do you see?")


@pytest.mark.parametrize(
    ("order", "label"),
    [
        ("keep it under teaching / wrist and thats me done, cheers", "teaching / wrist"),
        ("save it as naevus and tag it practice", "naevus"),
        ("save both, tag asym, dx hidden", "asym"),
        ("save it as seborrhoeic keratosis and naevus", "seborrhoeic keratosis and naevus"),
        ("leg das unter lehre / thorax ab", "lehre / thorax"),
        ("guárdalo como docencia / tc", "docencia / tc"),
        ("save it please", ""),
        ("beide speichern, diagnose verdeckt", ""),
    ],
)
def test_a_label_ends_where_another_wish_begins(order: str, label: str) -> None:
    assert save_order(order) == SaveOrder(label)


def test_both_are_more_than_one_picture() -> None:
    assert means_both("keep both under rejects") and means_both("guarda las dos como pendientes")
    assert not means_both("keep it under rejects")
