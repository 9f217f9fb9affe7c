"""Answers that were labelled before the rules saw them, each read as it was labelled."""

from __future__ import annotations

import time

import pytest

from tests.tools.language.blind_answers import (
    CHOICES,
    MORE_OPTIONS,
    MORE_YES_NO,
    NAMED,
    NOT_UNDERSTOOD,
    OPTIONS,
    YES_NO,
)
from tools.language.options import parse_option
from tools.language.yes_no import parse_yes_no
from tools.models.agreement import answer_of, form_of


@pytest.mark.parametrize(("question", "text", "said"), YES_NO + MORE_YES_NO)
def test_yes_and_no_are_read_as_a_person_would(question: str, text: str, said: str | None) -> None:
    assert parse_yes_no(text, question) == said


@pytest.mark.parametrize(("question", "text"), NOT_UNDERSTOOD)
def test_what_is_not_understood_is_not_taken_for_an_answer(question: str, text: str) -> None:
    assert parse_yes_no(text, question) is None


@pytest.mark.parametrize(("text", "letter"), OPTIONS + MORE_OPTIONS)
def test_a_marked_option_is_read_as_a_person_would(text: str, letter: str | None) -> None:
    assert parse_option(text, CHOICES) == letter


@pytest.mark.parametrize(("question", "text", "said"), NAMED)
def test_a_named_option_is_read_as_a_person_would(question: str, text: str, said: str | None) -> None:
    assert answer_of(text, form_of(question)) == said


def test_readers_and_evaluation_read_yes_and_no_alike() -> None:
    for question, text, said in YES_NO:
        form = form_of(question)
        assert form.options == ("yes", "no"), question
        assert answer_of(text, form) == said


@pytest.mark.parametrize("word", ["no fracture ", "and the lung is ", "not normal, ", "yes ", "no other "])
def test_a_long_answer_that_repeats_itself_does_not_blow_up(word: str) -> None:
    def taken(times: int) -> float:
        began = time.process_time()
        assert parse_yes_no(word * times, "Is there a fracture of the lung?") in ("yes", "no", None)
        return time.process_time() - began

    # Four times the length may take sixteen times as long; a pattern that backtracks would take far more.
    assert min(taken(600) for _ in range(3)) < 24 * max(taken(150) for _ in range(3)) + 0.05
