"""Labels of a library, found by their words and by what the vocabulary knows them as."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from tools.language.label_names import Named, alike_labels, chooses_alike, named_labels, same_label

LABELS = (
    "nevus",
    "melanoma",
    "seborrheic keratosis",
    "actinic keratosis",
    "basal cell carcinoma",
    "carcinoma",
)


@pytest.mark.parametrize(
    ("said", "labels"),
    [
        ("only melanomas", ["melanoma"]),
        ("show me a naevus", ["nevus"]),
        ("five random moles", ["nevus"]),
        ("BCCs", ["basal cell carcinoma"]),
        ("a basal cell carcinoma", ["basal cell carcinoma"]),
        ("carcinomas", ["carcinoma"]),
        ("keratoses", ["seborrheic keratosis", "actinic keratosis"]),
        ("melanoma vs nevus", ["melanoma", "nevus"]),
        ("how many cases do you have", []),
    ],
)
def test_a_label_is_named_by_any_word_for_it(said: str, labels: Sequence[str]) -> None:
    assert named_labels(said, LABELS) == Named(tuple(labels))


@pytest.mark.parametrize(
    ("said", "labels", "left_out"),
    [
        ("leave out the nevus ones and show the rest", [], ["nevus"]),
        ("all but the naevi", [], ["nevus"]),
        ("the actinic keratoses, not the seborrhoeic ones", ["actinic keratosis"], ["seborrheic keratosis"]),
        ("which are not melanoma?", [], ["melanoma"]),
    ],
)
def test_what_is_denied_is_left_out(said: str, labels: Sequence[str], left_out: Sequence[str]) -> None:
    assert named_labels(said, LABELS) == Named(tuple(labels), tuple(left_out))


def test_a_narrower_name_is_not_the_wider_label() -> None:
    assert named_labels("dysplastic naevus", LABELS) == Named(unknown=("dysplastic naevus",))


def test_words_that_fit_no_label_are_told() -> None:
    assert named_labels("only unicorns", LABELS) == Named(unknown=("unicorns",))


def test_labels_that_nobody_else_knows_are_found_by_their_words() -> None:
    assert named_labels("brown spots please", ("brown spot", "red spot")).labels == ("brown spot",)
    assert named_labels("the spots", ("brown spot", "red spot")).labels == ("brown spot", "red spot")


def test_the_word_of_the_library_is_found_for_a_thing() -> None:
    assert same_label("moles", LABELS) == "nevus"
    assert same_label("Melanoma", LABELS) == "melanoma"
    assert same_label("wart", LABELS) is None


@pytest.mark.parametrize(
    ("said", "labels"),
    [
        ("find similar cases", []),
        ("only melanomas", ["melanoma"]),
        ("show me a naevus that looks like it", ["nevus"]),
        ("find melanomas similar to this", ["melanoma"]),
        ("similar moles please", ["nevus"]),
        ("melanoma look-alikes", ["melanoma"]),
        ("only those that are not naevi", [one for one in LABELS if one != "nevus"]),
        ("find similar cases, I think it's a melanoma", []),
        ("is this a melanoma? find look-alikes", []),
        ("does it look like a melanoma?", []),
    ],
)
def test_look_alikes_are_chosen_only_where_a_choice_is_announced(said: str, labels: Sequence[str]) -> None:
    assert alike_labels(said, LABELS) == tuple(labels)


def test_a_choice_among_look_alikes_begins_with_its_word() -> None:
    assert chooses_alike("only melanomas")
    assert not chooses_alike("melanomas")


def test_labels_are_named_in_german_and_spanish_beside_greetings() -> None:
    there = ("melanoma", "nevus")
    for said, label in (
        ("Guten Abend, wie viele Melanome habt ihr?", "melanoma"),
        ("Grüß Gott, zeig mir Nävi", "nevus"),
        ("buenos días, enséñame dos lunares", "nevus"),
    ):
        named = named_labels(said, there)
        assert (named.labels, named.unknown) == ((label,), ()), said
