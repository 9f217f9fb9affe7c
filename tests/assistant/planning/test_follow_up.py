"""What a clause asks for by what was found, said or shown before it."""

from __future__ import annotations

import pytest

from assistant.planning.calls import calls_for
from assistant.planning.compose import compose
from assistant.planning.conversation import PastTurn, Result
from assistant.planning.plan import make_tasks
from store.records import Finding, Measurement
from tests.talking.talk import CHEST, CT, SKIN, asked, inspected, neighbours, row, talk

READERS = {"radiology": "read_radiograph"}
FOUND = PastTurn("find similar cases", (), (neighbours("img-1"),), "The nearest look-alikes …")


def reading(question, text, image_id="img-1"):
    finding = Finding(image_id=image_id, label="reading", text=text, model="radiographer")
    return PastTurn(question, (), (Result("read_radiograph", image_id, text, (finding,), question=question),))


EFFUSION = reading("any effusion?", "A small left effusion.")


def intent(question, *rows, **more):
    (task, *_) = make_tasks(talk(question, *(rows or (row(1, SKIN),)), **more))
    return task.intent


def say(now):
    return compose(make_tasks(now), now)


@pytest.mark.parametrize(
    "words",
    [
        "how many of those are nevi?",
        "How many are melanomas?",
        "which labels do they have?",
        "does this mean it's a nevus?",
        "so it is a nevus?",
        "all of them nevi?",
        "most of them melanoma?",
        "is it a nevus then?",
        "what label has the closest one?",
        "doesn't that mean melanoma?",
        "which one was the closest match?",
    ],
)
def test_a_question_about_the_look_alikes_is_answered_from_them(words):
    now = talk(words, row(1, SKIN), past=(FOUND,))
    assert calls_for(make_tasks(now), now) == []
    assert "4 of 6 “nevus”, 2 of 6 “melanoma”" in say(now)


def test_a_label_of_the_look_alikes_is_never_made_a_diagnosis():
    said = say(talk("does that mean it is a nevus?", row(1, SKIN), past=(FOUND,)))
    assert said.startswith("No, that does not follow")


def test_a_reader_is_asked_about_a_label_of_the_look_alikes_as_it_looks_at_the_image():
    readers = {"dermatology": "read_skin_image"}
    assert intent("is it a nevus?", row(1, SKIN), past=(FOUND,), readers=readers) == "read"


@pytest.mark.parametrize("words", ["is it symmetric?", "find similar cases again", "Is the picture sharp?"])
def test_after_look_alikes_other_questions_are_what_they_were(words):
    assert intent(words, past=(FOUND,)) not in ("matches", "recall")


@pytest.mark.parametrize(
    "words",
    [
        "which side was it?",
        "where was it?",
        "did it say how large?",
        "what did the reader say?",
        "what did the radiographer say about effusions?",
        "was it on the left?",
        "remind me what the reader said",
        "repeat what it said",
        "was that the radiographer?",
        "what have the readers said so far?",
        "what was said about the effusion?",
    ],
)
def test_what_a_reader_said_is_told_again_and_not_asked_again(words):
    now = talk(words, row(1, CHEST), past=(EFFUSION,), readers=READERS)
    assert calls_for(make_tasks(now), now) == []
    said = say(now)
    assert "radiographer said, asked “any effusion?”: “A small left effusion.”" in said
    assert "I did not ask again" in said


@pytest.mark.parametrize(
    "words", ["is it on the left?", "any fracture?", "was contrast given?", "where is the heart?"]
)
def test_a_new_question_still_goes_to_the_reader(words):
    now = talk(words, row(1, CHEST), past=(EFFUSION,), readers=READERS)
    assert [call.tool for call in calls_for(make_tasks(now), now)] == ["read_radiograph"]


def test_of_several_answers_the_one_about_the_words_asked_is_told():
    past = (EFFUSION, reading("is the heart enlarged?", "The heart is normal."), reading("ribs?", "Intact."))
    said = say(talk("what did it say about the heart?", row(1, CHEST), past=past, readers=READERS))
    assert "The heart is normal." in said and "effusion" not in said and "Intact" not in said


def test_what_no_reader_named_is_said_not_to_be_named():
    now = talk("did it mention a pneumothorax?", row(1, CHEST), past=(EFFUSION,), readers=READERS)
    assert "No reader named “pneumothorax”" in say(now)


def test_everything_said_so_far_is_everything():
    past = (EFFUSION, reading("the heart?", "The heart is normal."))
    said = say(talk("give me everything the readers said", row(1, CHEST), past=past, readers=READERS))
    assert "A small left effusion." in said and "The heart is normal." in said


@pytest.mark.parametrize("words", ["what do the numbers say?", "what do these values tell us?"])
def test_the_numbers_are_those_of_the_picture_in_view(words):
    assert (intent(words, row(1, SKIN)), intent(words, row(1, CT))) == ("measure", "tissue")


@pytest.mark.parametrize(
    "words",
    [
        "is it red?",
        "is there any blue in it?",
        "how much black is there?",
        "does it look brown?",
        "any white?",
        "is the mole black?",
        "do you see grey?",
        "are there pink parts?",
        "which part is red?",
    ],
)
def test_a_colour_of_a_lesion_by_its_name_is_measured(words):
    assert intent(words, row(1, SKIN)) == "measure"
    assert intent(words, row(1, CHEST)) != "measure"


def test_a_reader_that_is_set_up_is_asked_about_a_colour():
    assert intent("is it red?", row(1, SKIN), readers={"dermatology": "read_skin_image"}) == "read"


def test_a_finding_of_a_colour_is_for_a_reader():
    assert intent("are these blue naevi?", row(1, SKIN)) == "read"


@pytest.mark.parametrize(
    "words",
    [
        "how many cm then?",
        "in cm?",
        "what's that in cm?",
        "and in centimetres please",
        "how many mm is that?",
    ],
)
def test_a_length_after_the_pixels_is_that_of_the_picture(words):
    pixels = asked("how many pixels wide is it?", "img-1")
    assert intent(words, row(1, CT), past=(pixels,)) == "facts"
    assert intent(words, row(1, CT), past=(asked("any effusion?", "img-1"),)) != "facts"


@pytest.mark.parametrize(
    ("words", "wanted"),
    [
        ("It's dermoscopy", "treat_as"),
        ("actually it's an MRI", "treat_as"),
        ("It is a chest x-ray.", "treat_as"),
        ("it's a photograph", "what_is"),
        ("it's an x-ray?", "what_is"),
        ("is this an x-ray?", "what_is"),
    ],
)
def test_a_statement_of_another_kind_corrects_and_one_of_the_known_kind_or_a_question_does_not(words, wanted):
    assert intent(words, row(1, SKIN)) == wanted


@pytest.mark.parametrize(
    "words",
    [
        "which thingy is in it?",
        "is it flow-voided?",
        "is this sclerotic?",
        "does it enhance?",
        "what would the Breslow thickness be here?",
        "img-1 looks odd, agreed?",
    ],
)
def test_a_question_in_unknown_words_that_points_at_the_picture_is_about_the_picture(words):
    assert intent(words, row(1, CHEST)) == "read"
    assert intent(words) == "read"


def test_what_is_written_on_a_picture_is_told_of_the_picture():
    assert intent("what is written on it?", row(1, CHEST)) in ("read", "describe")


@pytest.mark.parametrize(
    "words",
    [
        "what's the weather like",
        "is it raining?",
        "tell a joke",
        "who is the president",
        "translate it to French",
    ],
)
def test_another_subject_is_outside_whatever_images_there_are(words):
    assert "outside what I do" in say(talk(words, row(1, SKIN)))


@pytest.mark.parametrize(
    "words",
    [
        "and for this one?",
        "and this?",
        "same for this one",
        "what about this one?",
        "the same for this lesion",
        "now this one",
        "same question for this",
    ],
)
def test_a_new_image_is_asked_what_the_one_before_was_asked(words):
    past = (asked("find similar cases", "img-1"), PastTurn("what does similarity mean?", ()))
    now = talk(words, row(1, SKIN), row(2, SKIN), past=past, attached=("img-2",))
    (call,) = calls_for(make_tasks(now), now)
    assert (call.tool, call.args["image_id"]) == ("find_similar_cases", "img-2")


def test_what_numbers_mean_is_no_question_for_a_mean():
    share = Measurement(image_id="img-1", name="fat", value=2, unit="%", text="Fat 2 %.")
    image = row(1, CT)
    for words, mean in (("what do the numbers mean?", False), ("what is the mean HU?", True)):
        said = say(talk(words, image, results=(inspected(image, share),)))
        assert "fat 2 %" in said and ("not a mean" in said) is mean


@pytest.mark.parametrize(
    "words", ["How wide is it in cm?", "and how tall is this in mm?", "how big is it in centimetres"]
)
def test_how_wide_a_radiology_image_is_asks_of_the_whole_picture(words):
    assert intent(words, row(1, CT)) == "facts"
    assert intent(words, row(1, SKIN)) == "measure"


def test_a_picture_of_another_field_starts_anew() -> None:
    skin, scan = row(1, SKIN), row(2, CT)
    now = talk("and this one?", skin, scan, attached=("img-2",), past=(asked("is it melanoma?", "img-1"),))
    assert [(task.intent, task.images) for task in make_tasks(now)] == [("what_is", ("img-2",))]
