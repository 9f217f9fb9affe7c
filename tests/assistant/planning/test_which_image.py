"""Which kind of image words fit, and which image of a chat is meant by it."""

import pytest

from assistant.planning.conversation import Conversation, ImageRow, PastTurn
from assistant.planning.plan import make_tasks
from assistant.planning.reference import is_elliptical, resolve
from tests.talking.talk import CHEST as CHEST_ROW
from tests.talking.talk import CT, SKIN, row, talk
from tools.language.subjects import subject_of

CHEST = ImageRow("img-1", "radiology", "DX", "chest", "file header")
MOLE = ImageRow("img-2", "dermatology", "DMS", "skin")


@pytest.mark.parametrize(
    ("words", "subject"),
    [
        ("Is there a pneumothorax?", "radiology"),
        ("How does the heart look?", "radiology"),
        ("Is the mole asymmetric?", "dermatology"),
        ("Are there pustules?", "dermatology"),
        ("Is there a skin lesion over the ribs?", None),
        ("What is this?", None),
    ],
)
def test_words_of_one_field_name_it(words, subject):
    assert subject_of(words) == subject


def test_of_two_images_that_came_together_the_one_that_the_words_fit_is_meant():
    talk = Conversation("", ("img-1", "img-2"), (CHEST, MOLE))
    assert resolve("Is there a fracture?", talk).ids == ("img-1",)
    assert resolve("How many colours has the lesion?", talk).ids == ("img-2",)
    assert resolve("What is this?", talk).ids == ("img-1", "img-2")


def test_an_earlier_image_is_meant_when_the_last_one_does_not_fit():
    talk = Conversation("", (), (CHEST, MOLE), (PastTurn("measure it", ("img-2",)),))
    assert resolve("Is there a fracture?", talk).ids == ("img-1",)
    assert resolve("Is it symmetric?", talk).ids == ("img-2",)


def test_an_image_that_was_named_stays_meant_whatever_the_words_fit():
    talk = Conversation("", (), (CHEST, MOLE))
    assert resolve("Is there a fracture in img-2?", talk).ids == ("img-2",)


def test_without_an_image_that_fits_the_last_one_stays_meant():
    talk = Conversation("", (), (MOLE,), (PastTurn("measure it", ("img-2",)),))
    assert resolve("Is there a fracture?", talk).ids == ("img-2",)


@pytest.mark.parametrize(
    ("words", "image"),
    [
        ("wie scharf ist eigentlich das erste hier", "img-1"),
        ("beim zweiten Bild, seltsam verwackelt", "img-2"),
        ("oye, la primera qué tal salió", "img-1"),
        ("del último nada", "img-2"),
    ],
)
def test_places_are_known_in_words_that_no_rule_reads(words, image):
    now = talk(words, row(1, SKIN), row(2, SKIN))
    assert resolve(words, now).ids == (image,)


@pytest.mark.parametrize("words", ["das erste Mal seltsam", "la primera vez", "die zweite Schicht schräg"])
def test_a_place_of_something_else_names_no_picture(words):
    assert not resolve(words, talk(words, row(1, SKIN), row(2, SKIN))).explicit


THREE = (CHEST, row(2, CT), row(3, CT), row(4, SKIN))


@pytest.mark.parametrize(
    ("words", "meant"),
    [
        ("is the other CT sharp?", "img-3"),
        ("is the first CT sharp?", "img-2"),
        ("is the last but one sharp?", "img-3"),
        ("is the second to last sharp?", "img-3"),
        ("ist das vorletzte Bild scharf?", "img-3"),
        ("¿es nítida la penúltima?", "img-3"),
        ("ist Bild 2 scharf?", "img-2"),
        ("the first of the three", "img-1"),
    ],
)
def test_a_place_may_be_among_those_of_a_kind_or_counted_from_the_end(words, meant):
    past = (PastTurn("measure it", ("img-2",)),)
    assert resolve(words, Conversation("", (), THREE, past)).ids == (meant,)


@pytest.mark.parametrize(
    "words", ["both", "no, both", "y las dos", "und beide", "same for the first", "the last but one"]
)
def test_a_clause_that_only_says_which_pictures_repeats_what_was_asked(words):
    assert is_elliptical(
        words, Conversation("", (), (CHEST, row(2, CT)), (PastTurn("is it sharp?", ("img-1",)),))
    )


@pytest.mark.parametrize("words", ["both lungs", "all right", "is the other foot broken", "the last thing"])
def test_a_clause_that_says_more_repeats_nothing(words):
    assert not is_elliptical(
        words, Conversation("", (), (CHEST, row(2, CT)), (PastTurn("is it sharp?", ("img-1",)),))
    )


def test_a_picture_named_first_is_that_of_what_is_asked_next():
    rows, past = (row(1, CHEST_ROW), row(2, CHEST_ROW)), (PastTurn("is it sharp?", ("img-1",)),)
    (task,) = make_tasks(talk("second one. compare technically", *rows, attached=("img-2",), past=past))
    assert (task.intent, {*task.images}) == ("compare", {"img-1", "img-2"})
