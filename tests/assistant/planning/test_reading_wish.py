"""What a question asks of the reading models besides its own words."""

import pytest

from assistant.planning.calls import calls_for
from assistant.planning.plan import make_tasks
from assistant.planning.reading_wish import SAMPLES, reading_wish
from tests.talking.talk import CHEST, row, talk


@pytest.mark.parametrize(
    ("question", "asked"),
    [
        ("Ask both readers.", "any mass?"),
        ("second opinion?", "any mass?"),
        ("Can you get a second opinion on img-2?", "any mass?"),
        ("Is there a fracture? Ask both readers.", "Is there a fracture?"),
        ("Ask both readers whether there is a pneumothorax", "Say whether there is a pneumothorax"),
        ("what do both readers say about the left lung?", "What about the left lung?"),
        ("I want a second opinion: is there an effusion?", "is there an effusion?"),
        ("Ask babydoctor too", "any mass?"),
        ("What does BabyDoctor say?", "any mass?"),
        ("Please ask babydoctor whether there is a fracture.", "Say whether there is a fracture."),
        ("what does babydoctor say about the left lung?", "What about the left lung?"),
    ],
)
def test_a_second_opinion_is_asked_the_words_that_are_left_or_the_last_question(question, asked):
    wish = reading_wish(question, ["what is it?", "any mass?"])
    assert (wish.question, wish.both, wish.sure) == (asked, True, False)


@pytest.mark.parametrize(
    ("question", "asked"),
    [
        ("how sure is the reader?", "any mass?"),
        ("How confident was radiographer about that?", "any mass?"),
        ("Is it benign or malignant? How certain is the model?", "Is it benign or malignant?"),
    ],
)
def test_how_sure_a_reader_is_means_to_ask_it_again(question, asked):
    wish = reading_wish(question, ["any mass?"])
    assert (wish.question, wish.both, wish.sure) == (asked, False, True)
    assert wish.args == {"samples": SAMPLES}


@pytest.mark.parametrize(
    "question",
    [
        "how sure are you?",
        "compare both images",
        "the second one",
        "what is a second opinion?",
        "what is babydoctor?",
        "any fracture?",
    ],
)
def test_other_questions_ask_nothing_more(question):
    assert reading_wish(question, []) is None


def test_before_anything_was_asked_the_question_is_the_readers_own():
    assert reading_wish("ask both readers", []).question == ""


def test_second_opinion_is_no_second_image():
    rows = (row(1, CHEST), row(2, CHEST))
    readers = {"radiology": "read_radiograph"}
    now = talk("second opinion on img-1: any mass?", *rows, readers=readers)
    (call,) = calls_for(make_tasks(now), now)
    assert call.tool == "read_radiograph"
    assert call.args["image_id"] == "img-1"
    assert call.args["second_opinion"] is True


def test_without_readers_how_sure_the_model_is_is_a_question_about_the_last_answer():
    now = talk("how sure is the model?", row(1, CHEST))
    assert make_tasks(now)[0].intent != "read"
