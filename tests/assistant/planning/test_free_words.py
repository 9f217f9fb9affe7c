"""Labels in a row and slices in words of no fixed shape, in three languages."""

import pytest

from assistant.planning.free_words import labels_of, slice_meant
from tests.talking.talk import CT, row

SCAN = row(1, CT, index=9)


@pytest.mark.parametrize(
    ("clause", "labels"),
    [
        ("pneumonia or atelectasis?", ("pneumonia", "atelectasis")),
        ("for this film: normal / pneumothorax / effusion", ("normal", "pneumothorax", "effusion")),
        ("melanoma versus nevus", ("melanoma", "nevus")),
        ("which fits best: cat, dog or bird?", ("cat", "dog", "bird")),
    ],
)
def test_labels_are_names_of_the_vocabulary_in_a_row_or_what_a_form_lists(clause, labels):
    assert labels_of(clause) == labels


@pytest.mark.parametrize("clause", ["is there a pneumonia?", "cats and dogs", "", "pneumonia or pneumonia"])
def test_fewer_than_two_names_are_no_labels(clause):
    assert labels_of(clause) == ()


@pytest.mark.parametrize(
    ("clause", "number"),
    [
        ("take me to 17 on img-1", 17),
        ("the very bottom of the stack", 40),
        ("to the top", 1),
        ("halfway through", 20),
        ("a couple further down", 12),
        ("five back", 5),
        ("zwei weiter", 12),
        ("ganz an den Anfang", 1),
        ("drei zurück", 7),
        ("la siguiente", 11),
        ("dos atrás", 8),
        ("al final", 40),
        ("go on by 6", 16),
    ],
)
def test_a_slice_is_meant_by_its_number_its_place_or_its_distance(clause, number):
    assert slice_meant(clause, SCAN) == number


@pytest.mark.parametrize("clause", ["show it", "zeig her", "muestra eso"])
def test_words_that_point_nowhere_mean_no_slice(clause):
    assert slice_meant(clause, SCAN) is None
