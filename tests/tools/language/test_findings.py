"""One list of findings: what an answer claims, a question can ask for."""

from __future__ import annotations

import pytest

from tools.language.anatomy import ANATOMY, BODY, INNER
from tools.language.findings import FINDINGS, LABEL, asked, is_harmless, label_name
from tools.language.subjects import MEDICAL, subject_of


def name_of(text: str) -> str:
    found = LABEL.search(text)
    assert found is not None
    return label_name(found)


@pytest.mark.parametrize(
    ("written", "name"),
    [
        ("a mole", "naevus"),
        ("two nevi", "naevus"),
        ("a hydropneumothorax", "pneumothorax"),
        ("bleeding", "haemorrhage"),
        ("the heart is mildly enlarged", "cardiomegaly"),
        ("gallstones", "stone"),
        ("sialadenitis", "sialadenitis"),
    ],
)
def test_a_finding_has_one_name_however_it_is_written(written: str, name: str) -> None:
    assert name_of(written) == name


@pytest.mark.parametrize(
    "question",
    [
        "any scoliosis?",
        "is there hydronephrosis",
        "lymphoma or not",
        "what is a macule",
        "could it be vitiligo",
    ],
)
def test_what_an_answer_may_claim_a_question_may_ask_for(question: str) -> None:
    assert FINDINGS.search(question) and LABEL.search(question) and MEDICAL.search(question)


@pytest.mark.parametrize("text", ["a tear in my shirt", "a bronze plaque", "the scaling of the picture"])
def test_a_word_of_every_day_makes_no_question_medical(text: str) -> None:
    assert LABEL.search(text)
    assert not FINDINGS.search(text) and not MEDICAL.search(text)


def test_a_looser_way_of_asking_takes_the_place_of_the_way_of_writing() -> None:
    assert FINDINGS.search("is it calcifying?") and not LABEL.search("is it calcifying?")
    assert "acne" in asked(of="dermatology") and "acne" not in asked(of="radiology")


def test_what_is_not_wrong_is_told_from_what_is() -> None:
    assert is_harmless("naevus") and is_harmless("benign")
    assert not is_harmless("melanoma") and not is_harmless("sialadenitis")


def test_parts_of_the_body_are_told_from_places_in_a_picture() -> None:
    assert INNER.search("kidneys") and BODY.search("kidneys") and ANATOMY.search("kidneys")
    assert BODY.search("cheek") and not INNER.search("cheek")
    assert ANATOMY.search("upper zone") and not BODY.search("upper zone")


@pytest.mark.parametrize(
    ("words", "subject"),
    [
        ("any scoliosis?", "radiology"),
        ("Is it impetigo?", "dermatology"),
        ("Is the border irregular?", "dermatology"),
        ("What about the tubes?", "radiology"),
        ("a scaly plaque", "dermatology"),
        ("Is there cancer?", None),
    ],
)
def test_findings_of_one_kind_of_image_name_it(words: str, subject: str | None) -> None:
    assert subject_of(words) == subject
