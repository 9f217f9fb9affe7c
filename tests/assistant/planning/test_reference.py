"""Which image a clause means."""

import pytest

from assistant.planning.reference import focus, is_elliptical, pair, resolve
from tests.talking.talk import CHEST, CT, SKIN, asked, row, talk

THREE = (row(1, SKIN), row(2, CHEST), row(3, CT))


@pytest.mark.parametrize(
    ("clause", "ids"),
    [
        ("measure img-2", ("img-2",)),
        ("what is image 3?", ("img-3",)),
        ("the second picture", ("img-2",)),
        ("what about the first one?", ("img-1",)),
        ("the latest", ("img-3",)),
        ("describe the x-ray", ("img-2",)),
        ("describe the CT", ("img-3",)),
        ("all of them", ("img-1", "img-2", "img-3")),
        ("what is it?", ("img-1",)),
        ("and the other one?", ("img-3",)),
    ],
)
def test_an_image_is_found_by_id_order_kind_or_focus(clause, ids):
    assert resolve(clause, talk(clause, *THREE, past=(asked("what is img-1", "img-1"),))).ids == ids


def test_images_that_came_with_the_question_are_meant_before_older_ones():
    now = talk("what is this?", *THREE, attached=("img-3",), past=(asked("measure it", "img-1"),))
    assert resolve("what is this?", now).ids == ("img-3",)


def test_without_any_hint_the_newest_image_is_meant():
    assert resolve("what is it?", talk("what is it?", *THREE)).ids == ("img-3",)


def test_an_image_that_does_not_exist_is_said_not_guessed():
    meant = resolve("the fifth picture", talk("", *THREE))
    assert meant.ids == ()
    assert "no fifth image" in meant.note
    assert "img-1, img-2, img-3" in meant.note


def test_the_other_one_of_a_single_image_is_said_not_guessed():
    assert "the only one" in resolve("the other one", talk("", row(1, SKIN))).note


def test_left_and_right_of_two_images_shown_together_follow_their_order():
    both = talk("", *THREE, past=(asked("compare", "img-1", "img-2"),))
    meant = resolve("and the left one?", both)
    assert meant.ids == ("img-1",)
    assert "I take “the left one” to be img-1" in meant.note


@pytest.mark.parametrize(
    ("clause", "ids"),
    [
        ("compare img-1 and img-3", ("img-1", "img-3")),
        ("is it bigger than the first?", ("img-3", "img-1")),
        ("compare them", ("img-3", "img-2")),
        ("compare it with img-2", ("img-3", "img-2")),
        ("compare the first two", ("img-1", "img-2")),
        ("compare the last 2 pictures", ("img-2", "img-3")),
    ],
)
def test_a_comparison_has_its_subject_first(clause, ids):
    now = talk(clause, *THREE, past=(asked("what is this", "img-2"), asked("and this", "img-3")))
    assert pair(clause, now).ids == ids


def test_focus_is_the_last_turn_that_was_about_an_image():
    assert focus(talk("", *THREE, past=(asked("a", "img-2"), asked("thanks")))) == ("img-2",)


@pytest.mark.parametrize(
    ("clause", "yes"),
    [
        ("and the second one?", True),
        ("what about img-2?", True),
        ("the second picture", True),
        ("and the left one?", True),
        ("is the second one blurred?", False),
        ("why?", False),
    ],
)
def test_a_clause_that_only_names_an_image_is_noticed(clause, yes):
    assert is_elliptical(clause, talk(clause, *THREE)) is yes


@pytest.mark.parametrize(
    ("clause", "ids"),
    [
        ("measure number two", ("img-2",)),
        ("how many colours has lesion 3", ("img-3",)),
        ("is number three rounder than number one?", ("img-3", "img-1")),
        ("is the middle one sharp?", ("img-2",)),
        ("is rib number 3 broken?", ("img-2",)),
        ("what about number 9?", ("img-2",)),
        ("last question: how large is it?", ("img-2",)),
        ("first thing: is it round?", ("img-2",)),
        ("is the middle lobe clear?", ("img-2",)),
    ],
)
def test_a_number_names_an_image_only_where_it_can_be_one(clause, ids):
    assert resolve(clause, talk(clause, *THREE, past=(asked("what is img-2", "img-2"),))).ids == ids


@pytest.mark.parametrize("clause", ["and the CT?", "And of the x-ray?", "what about the CT scan?"])
def test_a_clause_that_only_names_an_image_by_its_kind_repeats_the_last_question(clause):
    assert is_elliptical(clause, talk(clause, *THREE))


@pytest.mark.parametrize("clause", ["and the CT window?", "and the MRI?"])
def test_a_kind_with_another_word_or_of_no_image_is_a_question_of_its_own(clause):
    assert not is_elliptical(clause, talk(clause, *THREE))


@pytest.mark.parametrize(
    ("words", "meant"),
    [
        ("measure img-1 only, not img-2", ("img-1",)),
        ("measure the first only, leave the second alone", ("img-1",)),
        ("measure img-2 but not the first", ("img-2",)),
        ("measure img-1 and img-2", ("img-1", "img-2")),
    ],
)
def test_an_image_that_a_wish_leaves_out_is_not_meant(words, meant):
    assert resolve(words, talk(words, row(1, SKIN), row(2, SKIN))).ids == meant
