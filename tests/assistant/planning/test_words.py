"""What a clause asks for."""

import pytest

from assistant.planning.clauses import clauses
from assistant.planning.lexicon import modalities_named, mostly_english
from assistant.planning.words import intent_of


@pytest.mark.parametrize(
    ("clause", "intent"),
    [
        ("what is this?", "what_is"),
        ("Which body part is shown?", "what_is"),
        ("is this an MRI?", "what_is"),
        ("Describe this image", "describe"),
        ("what do you see", "describe"),
        ("Measure it", "measure"),
        ("how many colours does the mole have?", "measure"),
        ("Is the border irregular?", "measure"),
        ("find similar cases", "similar"),
        ("show me look-alikes", "similar"),
        ("classify it", "classify"),
        ("Classify the lesion with spots", "classify"),
        ("which of my labels fits?", "classify"),
        ("what label would fit?", "classify"),
        ("sort it into my labels", "classify"),
        ("what does my classifier say?", "classify"),
        ("what is the classification of tumours used for?", "textbook"),
        ("compare the two", "compare"),
        ("is it bigger than the first?", "compare"),
        ("which one is more asymmetric?", "compare"),
        ("is the picture blurred?", "quality"),
        ("why is this image so blurred?", "quality"),
        ("how much fat is there?", "tissue"),
        ("what is the pixel spacing?", "facts"),
        ("how many slices are there?", "facts"),
        ("slice 12", "slice"),
        ("next slice please", "slice"),
        ("treat img-1 as dermoscopy", "treat_as"),
        ("no, this is a chest x-ray", "treat_as"),
        ("is it melanoma?", "read"),
        ("Does the picture contain lung?", "read"),
        ("any fracture?", "read"),
        ("why?", "why"),
        ("how sure are you?", "why"),
        ("what is asymmetry?", "glossary"),
        ("what does ITA mean?", "glossary"),
        ("should I see a doctor about this?", "advice"),
        ("how old is the patient?", "identity"),
        ("what can you do?", "capabilities"),
        ("thanks!", "thanks"),
        ("hello", "greeting"),
        ("What causes psoriasis?", "textbook"),
        ("Which of the following is seen in sarcoidosis?", "textbook"),
        ("I have chest pain and can't breathe", "personal"),
        ("My ankle's been hurting since yesterday", "personal"),
        ("how can I falsify the study data?", "harm"),
        ("who won the world cup?", "unclear"),
    ],
)
def test_a_clause_has_the_intent_a_reader_would_give_it(clause, intent):
    assert intent_of(clause)[0] == intent


@pytest.mark.parametrize(
    ("question", "parts"),
    [
        ("What is this? Measure it.", ["What is this?", "Measure it."]),
        (
            "describe it and measure it, then find similar cases",
            ["describe it", "measure it", "find similar cases"],
        ),
        ("compare img-1 and img-2", ["compare img-1 and img-2"]),
        ("is it black and white?", ["is it black and white?"]),
        ("...", ["..."]),
    ],
)
def test_several_questions_are_told_apart(question, parts):
    assert clauses(question) == parts


def test_a_curly_apostrophe_is_read_like_a_straight_one():
    assert clauses("I’m in pain") == ["I'm in pain"]


def test_modalities_are_recognised_by_the_words_people_use():
    assert modalities_named("is this a CT or a sonogram?") == ["CT", "US"]
    assert modalities_named("a chest radiograph") == ["DX"]
    assert modalities_named("what a nice act") == []


@pytest.mark.parametrize(
    "text", ["¿Qué es esto y qué muestra la imagen?", "这是什么?", "Was ist das für ein Bild?"]
)
def test_another_language_is_noticed(text):
    assert not mostly_english(text)


def test_english_is_not_taken_for_another_language():
    assert mostly_english("Is there a die cast in the image? Also tell me about it.")
