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
        ("Isn't it broken?", ("yes", "no")),
        ("Can’t you see a fracture?", ("yes", "no")),
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
        ("There is no fracture, but there is a dislocation.", "no"),
        ("There is a line that is not a fracture.", "no"),
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
        ("It is on the left, not on the right.", "left"),
        ("Both left and right.", None),
        ("It is not on the left.", None),
        ("Not on the left but on the right.", "right"),
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


@pytest.mark.parametrize(
    ("question", "options"),
    [
        ("Please tell me whether it is broken.", ("yes", "no")),
        ("And was it there before?", ("yes", "no")),
        ("Does it show a mass or a cyst?", ("yes", "no")),
        ("Is this evidence of a mass or a cyst?", ("yes", "no")),
        ("Are these signs of a mass or a cyst?", ("yes", "no")),
        ("Can you see a mass or a cyst?", ("yes", "no")),
        ("Is it basal-cell carcinoma or melanoma?", ("basal-cell carcinoma", "melanoma")),
        ("Is it new, a scar, or an ulcer?", ("new", "scar", "ulcer")),
        ("Which is it: new or old?", ("new", "old")),
        ("Is it benign or benign?", ("yes", "no")),
        ("Is it benign or this?", ("yes", "no")),
        ("This is it?", ()),
    ],
)
def test_what_is_named_twice_or_says_nothing_is_no_option(question, options):
    assert form_of(question).options == options


def test_only_a_question_without_options_is_open():
    assert form_of("What is it?").is_open
    assert not form_of("Is it broken?").is_open


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        ("A fracture is absent.", "no"),
        ("A fracture is not seen.", "no"),
        ("A fracture is not visible.", "no"),
        ("A fracture is not present.", "no"),
        ("A fracture is not identified.", "no"),
        ("There are no fractures.", "no"),
        ("No displaced rib fracture is identified.", "no"),
        ("A fracture is seen.", "yes"),
        ("Fractures are visible.", "yes"),
        ("Nothing else.", None),
        ("Yesterday's film.", None),
    ],
)
def test_presence_and_absence_count_as_yes_and_no(text, answer):
    assert answer_of(text, form_of("Is there a fracture?")) == answer


@pytest.mark.parametrize(
    "text",
    [
        "There is a fissure rather than a fracture.",
        "There is a fissure instead of a fracture.",
        "There is a shadow; a fracture is unlikely.",
        "There is a shadow without a fracture.",
        "There is neither a fracture nor a fissure.",
    ],
)
def test_what_is_denied_beside_something_present_is_no_yes(text):
    assert answer_of(text, form_of("Is there a fracture?")) != "yes"


def test_something_else_that_is_absent_is_no_no():
    assert (
        answer_of("A fracture is visible, but no effusion is seen.", form_of("Is there a fracture?")) != "no"
    )


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        ("Melanoma", "melanoma"),
        ("Seborrheic   Keratosis.", "seborrheic keratosis"),
        ("well-defined Crohn's ulcer", "well-defined crohn's ulcer"),
        ("one two three four five six", "one two three four five six"),
        ("one two three four five six seven", None),
        ("…", None),
        ("", None),
    ],
)
def test_up_to_six_words_are_an_answer_to_an_open_question(text, answer):
    assert answer_of(text, form_of("What is it?")) == answer


@pytest.mark.parametrize(
    "text",
    ["Neither left.", "Unlikely left.", "Nor left.", "Midline instead of left.", "Midline rather than left."],
)
def test_an_option_that_is_denied_is_not_the_answer(text):
    assert answer_of(text, form_of("Is it left or right?")) is None


def test_three_of_four_answers_that_are_the_same_are_three_quarters():
    found = agreement("Is it left or right?", "left", ["Left.", "on the left", "right", "the left"])
    assert (found.answer, found.same, found.samples, found.share) == ("left", 3, 4, 0.75)


def test_answers_that_rules_cannot_tell_never_count_as_the_same():
    found = agreement("Is there a fracture?", "A hand.", ["A hand.", "A wrist."])
    assert (found.answer, found.same, found.samples, found.share) == (None, 0, 2, None)


def test_without_further_answers_there_is_no_share():
    found = agreement("Is there a fracture?", "Yes.", [])
    assert (found.answer, found.same, found.samples, found.share) == ("yes", 0, 0, None)
