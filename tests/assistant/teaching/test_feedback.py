"""What is said of an answer: the rank of the truth, and findings with their sides and denials."""

import pytest

from assistant.teaching.answer import answered
from assistant.teaching.feedback import feedback
from assistant.teaching.judging import Verdict, judged
from store.teaching.case import TeachingCase, checked
from store.teaching.rows import Written


def case(**told: object) -> TeachingCase:
    fields = {"diagnosis": "naevus", "images": [{"key": "0" * 64}]}
    return checked(**(fields | told))


@pytest.mark.parametrize(
    ("guesses", "rank"),
    [
        (["melanoma", "Mole"], 2), (["naevus"], 1), (["melanoma"], None), (["melanocytic nevus"], 1),
        (["basal cell carcinoma", "melanoma", "nevus"], 3), ([], None),
    ],
)  # fmt: skip
def test_the_rank_of_the_truth_counts_its_other_names(guesses: list[str], rank: int | None) -> None:
    said = feedback(case(), answered("", [(name, None) for name in guesses]))
    assert (said.rank, said.right) == (rank, rank == 1)


@pytest.mark.parametrize(
    ("typed", "language", "right"),
    [("normal", "en", True), ("nothing abnormal", "en", True), ("unauffällig", "de", True),
     ("melanoma", "en", False), ("normal pressure hydrocephalus", "en", False)],
)  # fmt: skip
def test_a_normal_is_answered_in_many_words(typed: str, language: str, right: bool) -> None:
    truth = case(diagnosis="Normal chest", kind="normal")
    assert feedback(truth, answered("", [(typed, None)], language=language)).right is right


@pytest.mark.parametrize(
    ("truth", "typed", "outcomes"),
    [
        ("Left pleural effusion.", "pleural effusion on the left", ["found pleural effusion"]),
        ("Left pleural effusion.", "pleural effusion", ["side unnamed pleural effusion"]),
        ("Left pleural effusion.", "right pleural effusion", ["wrong side pleural effusion"]),
        ("Pleural effusion.", "right pleural effusion", ["found pleural effusion"]),
        ("Bilateral pleural effusion.", "left pleural effusion; right pleural effusion",
         ["found pleural effusion"]),
        ("Left pleural effusion.", "no pleural effusion", ["missed pleural effusion"]),
        ("Left pleural effusion.", "cannot exclude a pleural effusion", ["in doubt pleural effusion"]),
        ("Left pleural effusion.", "", ["missed pleural effusion"]),
        ("Left pleural effusion.", "left pleural effusion, pneumothorax",
         ["found pleural effusion", "extra pneumothorax"]),
        ("Left pleural effusion. Pneumothorax not seen.", "pneumothorax",
         ["missed pleural effusion", "extra pneumothorax"]),
        ("No pneumothorax.", "No pneumothorax", []),
        ("Possible pneumothorax.", "pneumothorax", []),
        ("Blue-white veil.", "a naevus with a blue-white veil", ["found blue-white veil"]),
    ],
)  # fmt: skip
def test_findings_are_found_missed_or_extra(truth: str, typed: str, outcomes: list[str]) -> None:
    said = feedback(case(findings=[truth]), answered(typed, [("x", None)]))
    assert [f"{one.outcome} {one.term}" for one in said.findings] == outcomes


@pytest.mark.parametrize(
    ("guess", "outcomes"),
    [
        ("Actinic keratosis", ["found actinic keratosis", "missed erythema"]),
        ("solar keratosis", ["found actinic keratosis", "missed erythema"]),
        ("psoriasis", ["missed actinic keratosis", "missed erythema"]),
        ("erythema", ["missed actinic keratosis", "missed erythema"]),
    ],
)
def test_a_finding_that_is_the_diagnosis_is_found_by_who_names_it_in_the_differential(
    guess: str, outcomes: list[str]
) -> None:
    truth = case(diagnosis="actinic keratosis", findings=["Actinic keratosis with erythema."])
    said = feedback(truth, answered("A rough patch.", [("melanoma", 20), (guess, 60)]))
    assert [f"{one.outcome} {one.term}" for one in said.findings] == outcomes


def test_an_answer_in_another_language_is_held_against_an_english_case() -> None:
    truth = case(diagnosis="pneumothorax", findings=["Left pneumothorax."])
    said = feedback(truth, answered("Pneumothorax links.", [("Pneumothorax", 90)], language="de"))
    assert said.right
    assert [one.outcome for one in said.findings] == ["found"]


def test_the_word_of_the_teacher_counts_and_the_computed_rank_stays() -> None:
    computed = feedback(case(), answered("", [("dark spot", None)]))
    said = judged(computed, Written("p", 1, Verdict(rank=1, note="Close enough.").model_dump_json(), 0.0))
    assert (said.rank, said.computed_rank, said.overruled, said.note) == (1, None, True, "Close enough.")
    assert judged(computed, None) == computed
