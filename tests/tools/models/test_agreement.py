"""Which answers are taken to agree, and which are left to the reader of the page."""

import pytest

from tools.models.agreement import agreement, answer_of, form_of


@pytest.mark.parametrize(
    ("question", "options"),
    [
        ("Is there a fracture?", ("yes", "no")),
        ("any pneumothorax?", ("yes", "no")),
        ("whether there is an effusion", ("yes", "no")),
        ("Is there a fracture or a dislocation?", ("yes", "no")),
        ("Is the effusion on the left or the right?", ("left", "right")),
        ("is it benign or malignant?", ("benign", "malignant")),
        ("Is it melanoma, nevus or keratosis?", ("melanoma", "nevus", "keratosis")),
        ("Is it broken or not?", ("yes", "no")),
        ("What is the abnormality?", ()),
        ("Describe the lungs.", ()),
    ],
)
def test_a_question_names_its_options_or_asks_for_yes_or_no_or_is_open(question, options):
    assert form_of(question).options == options


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        ("Yes, there is a fracture of the radius.", "yes"),
        ("No.", "no"),
        ("No fracture is seen.", "no"),
        ("The image shows no evidence of a fracture.", "no"),
        ("There is no fracture.", "no"),
        ("There is a fracture of the radius.", "yes"),
        ("There is no fracture, but there is a dislocation.", None),
        ("There is a line that is not a fracture.", None),
        ("This is a radiograph of the hand.", None),
        ("", None),
    ],
)
def test_yes_and_no_are_told_from_plain_sentences_only(text, answer):
    assert answer_of(text, form_of("Is there a fracture?")) == answer


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        ("It is on the left.", "left"),
        ("Right", "right"),
        ("It is on the left, not on the right.", None),
        ("Both left and right.", None),
        ("It is not on the left.", None),
        ("lefthand", None),
    ],
)
def test_an_option_counts_only_when_it_alone_is_named(text, answer):
    assert answer_of(text, form_of("Is it left or right?")) == answer


def test_short_answers_to_open_questions_are_compared_word_by_word():
    form = form_of("What is the disease?")
    assert answer_of("Seborrheic Keratosis.", form) == answer_of("seborrheic keratosis", form)
    assert answer_of("A brown plaque with a stuck-on look on the trunk.", form) is None


def test_the_share_counts_only_answers_that_are_the_same():
    found = agreement("Is there a fracture?", "Yes.", ["Yes, there is.", "No.", "An image of a hand.", "yes"])
    assert (found.answer, found.same, found.samples, found.share) == ("yes", 2, 4, 0.5)


def test_answers_that_cannot_be_compared_have_no_share():
    found = agreement("Is there a fracture?", "A radiograph of a hand.", ["A radiograph of a hand."] * 3)
    assert found.answer is None
    assert found.share is None
