"""What a term means: how that is asked for, and what is answered."""

from __future__ import annotations

import pytest

from tools.language.glossary import definitions, explain, meant, quoted, say


def terms(question: str) -> list[str]:
    return [one.term for one in meant(question)]


@pytest.mark.parametrize(
    ("question", "named"),
    [
        ("What is a pneumothorax?", ["pneumothorax"]),
        ("what are petechiae", ["petechia"]),
        ("whats an edema?", ["oedema"]),
        ("Hi, can you tell me what is a naevus?", ["melanocytic naevus"]),
        ("what's a mole?", ["melanocytic naevus"]),
        ("define spiculated please", ["spiculated margin"]),
        ("what does consolidation mean on a chest x-ray?", ["consolidation"]),
        ("what does HU stand for", ["Hounsfield unit"]),
        ("what is meant by “windowing”?", ["window"]),
        ("what is the definition of purpura?", ["purpura"]),
        ("What’s the meaning of Kerley B lines?", ["septal lines"]),
        ("can you explain what a pigment network is?", ["pigment network"]),
        ("explain the term lichenification in simple words", ["lichenification"]),
        ("what do ADC and DWI mean?", ["ADC map", "diffusion-weighted imaging"]),
        ("what is an effusion", ["pleural effusion", "pericardial effusion", "joint effusion"]),
    ],
)
def test_a_question_for_a_meaning_is_understood(question: str, named: list[str]) -> None:
    assert terms(question) == named


@pytest.mark.parametrize(
    "question",
    [
        "what is this?",
        "what is the mass?",
        "what are the opacities?",
        "What is consolidation in this image?",
        "what is opacity in the left lung?",
        "is there a pneumothorax?",
        "a pneumothorax",
        "what is abnormal?",
        "what does it mean that the lung is white?",
        "what is a flurbosis?",
        "what is a pneumothorax doing there",
        "",
    ],
)
def test_a_question_about_a_picture_asks_for_no_meaning(question: str) -> None:
    assert terms(question) == []


def test_a_definition_names_the_term_and_its_source() -> None:
    (concept,) = meant("what is a papule?")
    said = say(concept)
    assert said.startswith("Papule: ")
    assert said.endswith("Br J Dermatol 2016;174:1351-1358.)")


def test_a_term_without_a_definition_is_said_to_be_known_and_no_more() -> None:
    (concept,) = meant("what is a collarbone?")
    assert say(concept) == "I know “clavicle” as a term, but have no definition of it with a source."


def test_a_text_that_names_words_of_an_answer_has_them_explained() -> None:
    said = explain("and the irregular border, and the HU?")
    assert [one.partition(":")[0] for one in said] == ["Border irregularity", "Hounsfield unit"]


def test_words_that_no_answer_uses_are_left_alone() -> None:
    assert explain("and the pneumothorax?") == []


def test_casebooks_own_terms_are_all_defined() -> None:
    assert len(definitions()) >= 28
    assert not [one for one in definitions() if "no definition" in one or one.endswith("None")]


@pytest.mark.parametrize(
    ("question", "term"),
    [
        ('my supervisor wrote "blue-white veil" under this. What is that?', "Blue-white veil"),
        ("'lichenification' - meaning?", "Lichenification"),
        ("I keep reading “hilum” and nobody explains the word", "Hilum"),
    ],
)
def test_a_term_in_quotes_is_explained_wherever_it_stands(question: str, term: str) -> None:
    assert [one.term.lower() for one in meant(question)] == [term.lower()]


@pytest.mark.parametrize("text", ['save it as "melanoma"', "what's the patient's age?", "is it 'normal'?"])
def test_a_term_in_quotes_is_not_explained_where_nobody_wants_it(text: str) -> None:
    assert quoted(text) == []
