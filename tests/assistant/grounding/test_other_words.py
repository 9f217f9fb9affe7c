"""Answers in other words than the check was made with, row by row: ``tests/grounding/other_words.toml``."""

from __future__ import annotations

import pytest

from assistant.grounding import check
from tests.grounding.other_words import gaps, in_other_words
from tests.grounding.strangers import Written

ANSWERS = [one for one in in_other_words() if one.answer not in gaps()]
GAPS = [one for one in in_other_words() if one.answer in gaps()]


def is_right(one: Written) -> bool:
    marks = check(one.answer, one.facts)
    if one.wrong is None:
        return not marks
    return any(mark.start < one.wrong[1] and mark.end > one.wrong[0] for mark in marks)


@pytest.mark.parametrize("one", ANSWERS, ids=lambda one: one.answer)
def test_an_error_is_marked_where_it_is_and_a_true_answer_is_not(one: Written) -> None:
    assert is_right(one)


@pytest.mark.parametrize("one", GAPS, ids=lambda one: one.answer)
def test_what_the_check_does_not_do_yet_is_said_to_be_so(one: Written) -> None:
    assert not is_right(one)


def test_there_are_sixty_true_answers_and_as_many_errors() -> None:
    assert sum(one.wrong is None for one in in_other_words()) >= 60
    assert sum(one.wrong is not None for one in in_other_words()) >= 60
