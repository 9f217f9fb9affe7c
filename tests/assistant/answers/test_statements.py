"""A sentence points to the evidence that says the same, and to no other."""

from __future__ import annotations

from dataclasses import replace

from assistant.answers.answer import Evidence
from assistant.answers.statements import statements


def evidence(content: str, image_id: str = "img-1") -> Evidence:
    return Evidence("tool", image_id, "model", "1", 0.1, content)


def rests(text: str, *of: Evidence, language: str = "en") -> list[tuple[int, ...]]:
    return [one.rests_on for one in statements(text, of, language)]


def test_the_same_words_are_the_same_statement_whatever_stands_between_them() -> None:
    found = rests(
        "The file has no scale. I cannot say more.",
        evidence("Sharp."),
        evidence("Well: the file has\nno scale."),
    )
    assert found == [(2,), ()]


def test_numbers_are_looked_for_with_their_decimals() -> None:
    measured = evidence("The area is 20.8 % of the picture, its border index 1.11.")
    assert rests("It covers 20.8 %.", measured) == [(1,)]
    assert rests("It covers 20 %.", measured) == [()]
    assert rests("It covers 20.8 % and 3 more.", measured) == [()]


def test_a_sentence_about_one_image_rests_on_nothing_said_of_another() -> None:
    one, two = evidence("It covers 5 %."), evidence("It covers 5 %.", "img-2")
    assert rests("In img-2, it covers 5 %.", one, two) == [(2,)]
    assert rests("The number in img-7 is 5.", one, two) == [()]


def test_the_number_of_an_image_is_no_number_that_a_tool_found() -> None:
    assert rests("Look at img-1 again.", evidence("Found 1 of 2.")) == [()]


def test_numbers_of_records_count_as_they_are_rounded() -> None:
    measured = replace(evidence("Sharp enough."), records=({"kind": "fact", "value": 38.914, "n": [3, 300]},))
    assert rests("Sharpness 38.9, shorter side 300 px.", measured) == [(1,)]
    assert rests("Sharpness 38.8.", measured) == [()]
    assert rests("Sharpness 39.", measured) == [()]


def test_each_part_of_a_comparison_rests_on_what_was_said_of_its_image() -> None:
    one, two = evidence("The index is 1.11."), evidence("The index is 1.09.", "img-2")
    assert rests("border: 1.11 in img-1, 1.09 in img-2", one, two) == [(1, 2)]
    assert rests("border: 1.11 in img-1, 1.10 in img-2", one, two) == [(1,)]


def test_half_a_word_is_not_the_word() -> None:
    assert rests("A scale.", evidence("There is a scaled picture.")) == [()]


def test_the_records_that_hold_what_is_said_are_told() -> None:
    kept = ({"kind": "finding", "label": "naevus", "score": 0.5}, {"kind": "measurement", "value": 20.81})
    measured = replace(evidence("It is labelled naevus. It covers 20.8 %."), records=kept)
    said = statements("It is labelled naevus. It covers 20.8 %. Ask me more.", (measured,), "en")
    assert [one.records for one in said] == [((1, 1),), ((1, 2),), ()]


def test_the_points_of_an_outline_are_no_numbers_that_anybody_was_told() -> None:
    drawn = replace(evidence("Outlined."), records=({"kind": "outline", "numbers": [20.81, 3]},))
    assert rests("It covers 20.8 %.", drawn) == [()]
