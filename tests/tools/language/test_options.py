"""Which option an answer names: a table of hard cases, and rules that hold for any of them."""

from __future__ import annotations

import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.growth import growth
from tools.language.options import normalise, parse_option

CHOICES = {"A": "Pneumonia", "B": "Pleural effusion", "C": "Effusion", "D": "No abnormality"}

HARD = {
    "B": "B",
    "(b)": "B",
    "b.": "B",
    "a": "A",
    "**B**": "B",
    "\\boxed{C}": "C",
    "Answer: B.": "B",
    "Final answer: **C**": "C",
    "The answer is B because A is wrong.": "B",
    "B, A is wrong": "B",
    "B is wrong, C is right": "C",
    "The correct option is (C)": "C",
    "Option D is correct.": "D",
    "I think B": "B",
    "I would go with A.": "A",
    "A, because the lobe is dense": "A",
    "A: Pneumonia": "A",
    "D) No abnormality": "D",
    "There is no abnormality.": "D",
    "Pleural effusion": "B",
    "A pleural effusion is seen": "B",
    "It is a pneumonia": "A",
    "Not pneumonia but pleural effusion.": "B",
    "Effusion": "C",
    "The patient's film shows pneumonia rather than effusion.": "A",
    # Articles and other capital letters are no options.
    "A fracture is seen.": None,
    "Answer: A fracture": None,
    "The answer is a": None,
    "hepatitis B": None,
    "B-lines are seen": None,
    "I cannot tell from a single image.": None,
    # Several, none, or one that is not there.
    "B and C": None,
    "B or C": None,
    "Both A and B": None,
    "Pneumonia or effusion": None,
    "The answer is B or C.": None,
    "The answer is not B": None,
    "B. Pneumonia": None,
    "E": None,
    "None of them": None,
    "": None,
}


@pytest.mark.parametrize(("text", "letter"), HARD.items())
def test_the_table_of_hard_cases(text: str, letter: str | None) -> None:
    assert parse_option(text, CHOICES) == letter


def test_beside_a_quotation_only_marks_count() -> None:
    assert parse_option("It looks like pneumonia.", CHOICES, stated_only=True) is None
    assert parse_option("The answer is A.", CHOICES, stated_only=True) == "A"


FRAMES = [
    "{}",
    "{}.",
    "({})",
    "{})",
    "Answer: {}",
    "The answer is {}.",
    "Option {} is correct.",
    "My final answer is ({}), as the film shows.",
    "{}. This follows from the film.",
    "Looking at a film, the best answer is {}.",
]


@given(
    st.lists(st.text("xyzuvw", min_size=3, max_size=8), min_size=2, max_size=6, unique=True),
    st.sampled_from(FRAMES),
    st.data(),
)
def test_a_marked_option_is_found_whatever_the_options_are(
    words: list[str], frame: str, data: st.DataObject
) -> None:
    choices = dict(zip(string.ascii_uppercase, words, strict=False))
    letter = data.draw(st.sampled_from(sorted(choices)))
    assert parse_option(frame.format(letter), choices) == letter


WORDS = ["a", "an", "the", "fracture", "is", "seen", "I", "in", "lower", "limb", "dense", "A"]


@given(st.lists(st.sampled_from(WORDS), max_size=12))
def test_articles_and_pronouns_in_a_sentence_never_name_an_option(words: list[str]) -> None:
    sentence = " ".join([*words, "fracture"])
    assert parse_option(sentence, CHOICES) is None


@given(st.text(max_size=200))
def test_any_text_gives_an_option_or_none(text: str) -> None:
    assert parse_option(text, CHOICES) in (*CHOICES, None)


@given(st.sampled_from("ABCD"), st.sampled_from("ABCD"))
def test_two_stated_options_are_none(one: str, other: str) -> None:
    found = parse_option(f"The answer is {one}. The answer is {other}.", CHOICES)
    assert found == (one if one == other else None)


def test_texts_are_compared_without_case_articles_and_punctuation() -> None:
    assert normalise("The  Right-sided lung’s, apex!") == normalise("right sided lung apex")
    assert normalise("3.4 cm") == "3.4 cm"


@pytest.mark.parametrize("word", ["no pneumonia ", "not option B ", "B, ", "answer ", "(", "A "])
def test_a_long_answer_that_repeats_itself_takes_no_long_time(word: str) -> None:
    text = word * 3_000
    assert parse_option(text, CHOICES) in (*CHOICES, None)
    assert growth(lambda size: parse_option(text[:size], CHOICES), 6_000) < 4
