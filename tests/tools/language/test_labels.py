"""Labels that the user names to be ranked, found in their words."""

from __future__ import annotations

import pytest

from assistant.planning.clauses import clauses
from assistant.planning.words import intent_of
from tests.growth import growth
from tools.language.labels import image_words, labels_in

THREE = ("pneumonia", "normal lung", "effusion")


@pytest.mark.parametrize(
    "question",
    [
        "Which fits best: pneumonia, normal lung or effusion?",
        "which fits it best, pneumonia, normal lung, or effusion",
        "Which of these labels fits best: pneumonia, normal lung, effusion?",
        "rank: pneumonia, normal lung, effusion",
        "Please rank pneumonia, a normal lung and effusion for img-2",
        "rank these on this image: pneumonia; normal lung; effusion",
        "rank the following labels:\n- pneumonia\n- normal lung\n- effusion",
        "For img-2, what describes the x-ray best: “pneumonia”, “normal lung” or “effusion”?",
        "Which of pneumonia, normal lung and effusion fits best?",
        "pneumonia, normal lung or effusion: which fits best?",
        "does pneumonia, a normal lung or effusion fit better?",
        "what is the best label for this x-ray: pneumonia, normal lung or effusion?",
        "choose between pneumonia, normal lung and effusion",
        "score these three labels: pneumonia, normal lung, effusion",
        "which matches the picture better - pneumonia vs normal lung vs effusion please",
    ],
)
def test_labels_are_found_however_they_are_listed(question: str) -> None:
    (clause,) = clauses(question)
    assert intent_of(clause)[0] == "rank"
    assert labels_in(clause) == THREE


@pytest.mark.parametrize(
    ("question", "labels"),
    [
        (
            "which fits better, Crohn's disease or an abscess/haematoma?",
            ("Crohn's disease", "abscess/haematoma"),
        ),
        ("rank cyst/tumour", ("cyst", "tumour")),
        ("which fits best: heart and lung disease, or no disease?", ("heart and lung disease", "no disease")),
        ("which fits best: “mass, solid” or “mass, cystic”?", ("mass, solid", "mass, cystic")),
        ("rank pneumonia and effusion", ("pneumonia", "effusion")),
    ],
)
def test_a_label_keeps_its_own_words(question: str, labels: tuple[str, ...]) -> None:
    assert labels_in(question) == labels


@pytest.mark.parametrize(
    ("question", "intent"),
    [
        ("which of my labels fits?", "classify"),
        ("which label fits best?", "classify"),
        ("rank my labels", "rank"),
        ("which fits best?", "rank"),
        ("rank the lesions by size", "measure"),
        ("which is bigger, img-1 or img-2?", "compare"),
        ("does it show pneumonia or effusion?", "read"),
        ("is it more likely a cyst or a tumour?", "read"),
        ("which of them is the x-ray?", "which_is"),
        ("what does the score mean, and the similarity?", "glossary"),
        ("which of these images fits best?", "unclear"),
    ],
)
def test_other_questions_about_labels_name_none(question: str, intent: str) -> None:
    assert intent_of(question)[0] == intent
    assert labels_in(question) == ()


def test_only_the_words_outside_the_labels_name_an_image() -> None:
    assert (
        image_words("for img-2, which of these fits best: first rib fracture or both lungs clear?") == "img-2"
    )
    assert image_words("rank these labels for both images: second rib, third rib") == "both images"


def test_a_question_behind_the_labels_stays_a_question_of_its_own() -> None:
    assert clauses("Which fits best: cyst or tumour? Is it blurred?") == [
        "Which fits best: cyst or tumour?",
        "Is it blurred?",
    ]


@pytest.mark.parametrize("text", ["which of x, ", "does a or b ", "a:,-", "rank a, ", "rank   ", "x;\n- "])
def test_text_made_to_be_slow_is_not(text: str) -> None:
    question = text * (8000 // len(text) + 1)

    def hear(size: int) -> None:
        for clause in clauses(question[:size]):
            intent_of(clause)
            labels_in(clause)
            image_words(clause)

    assert growth(hear, 8000) < 4
