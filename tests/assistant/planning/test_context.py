"""What the planner takes from the chat around a clause: slices, questions in a row, what is explained."""

import pytest

from assistant.planning.calls import calls_for
from assistant.planning.clauses import clauses
from assistant.planning.conversation import Conversation, ImageRow, PastTurn, Result
from assistant.planning.plan import make_tasks
from assistant.planning.tongue import language_of

CHEST = ImageRow("img-1", "radiology", "DX", "chest", "file header")
VOLUME = ImageRow("img-1", "radiology", "MR", frames=24, index=5)
READERS = {"radiology": "read_radiograph"}


def called(question, **more):
    talk = Conversation(question, **{"images": (CHEST,), "readers": READERS, **more})
    return [call.tool for call in calls_for(make_tasks(talk), talk)]


@pytest.mark.parametrize(
    "question",
    [
        "Is there evidence of free air?",
        "Does the lung show signs of collapse?",
        "What plane was used in this image?",
        "Is the 4th ventricle enlarged?",
        "Which other organs are shown?",
        "Why is the heart enlarged?",
        "Any tubes or lines?",
        "What about the hila?",
        "What is the bright round thing on the right?",
    ],
)
def test_a_question_about_the_picture_reaches_a_tool(question):
    assert called(question, attached=("img-1",))


def test_why_explains_the_last_answer_once_there_is_one():
    said = PastTurn("any fracture?", (), (Result("read_radiograph", "img-1", "No."),))
    assert called("Why is the heart enlarged?", past=(said,)) == []


@pytest.mark.parametrize(("words", "number"), [("previous", 5), ("and the last one?", 24), ("next", 7)])
def test_after_a_slice_a_place_is_another_slice(words, number):
    shown = PastTurn("show slice 6", (), (Result("show_slice", "img-1", "Slice 6."),))
    talk = Conversation(words, images=(VOLUME,), past=(shown,))
    (call,) = calls_for(make_tasks(talk), talk)
    assert (call.tool, call.args["slice_number"]) == ("show_slice", number)


def test_questions_in_a_row_are_answered_one_by_one():
    assert clauses("What is this, how large is it and is it sharp?") == [
        "What is this",
        "how large is it",
        "is it sharp?",
    ]
    assert clauses("In this image, what is shown?") == ["In this image, what is shown?"]


@pytest.mark.parametrize("question", ["¿Qué se ve en esta imagen?", "Was ist auf diesem Bild zu sehen?"])
def test_a_language_that_is_answered_is_heard_too(question):
    talk = Conversation(question, ("img-1",), (CHEST,), spoken=language_of(question))
    assert [task.intent for task in make_tasks(talk)] != ["unclear"]


@pytest.mark.parametrize("question", ["这张图片显示了什么?", "Что видно на этом снимке?"])
def test_another_language_is_not_taken_for_a_wish_to_describe(question):
    talk = Conversation(question, ("img-1",), (CHEST,), spoken=language_of(question))
    assert [task.intent for task in make_tasks(talk)] == ["unclear"]
