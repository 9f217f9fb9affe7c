"""Whether an answer says yes or no: a table of hard cases, and rules that hold for any of them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tools.language.yes_no import parse_yes_no

FRACTURE, NORMAL, HEART = "Is there a fracture?", "Is this normal?", "Is the heart enlarged?"
EFFUSION = "Is there an effusion?"

HARD = [
    ("Yes.", FRACTURE, "yes"),
    ("yes", FRACTURE, "yes"),
    ("No", FRACTURE, "no"),
    ("Answer: no", FRACTURE, "no"),
    ("In my opinion, yes.", FRACTURE, "yes"),
    ("No, there is no fracture.", FRACTURE, "no"),
    ("No it is not.", NORMAL, "no"),
    ("There is no fracture.", FRACTURE, "no"),
    ("No fracture", FRACTURE, "no"),
    ("I see no fractures.", FRACTURE, "no"),
    ("A fracture is not seen.", FRACTURE, "no"),
    ("The fractures are absent", FRACTURE, "no"),
    ("No evidence of pneumothorax or fracture", FRACTURE, "no"),
    ("There isn’t a fracture.", FRACTURE, "no"),
    ("There is a fracture of the rib.", FRACTURE, "yes"),
    ("No pneumonia but there is a fracture.", FRACTURE, "yes"),
    ("No mass, nodule or effusion.", EFFUSION, "no"),
    ("The heart is enlarged.", HEART, "yes"),
    ("The heart is not enlarged.", HEART, "no"),
    ("Yes, there is no enlargement of anything.", NORMAL, "yes"),
    # A denial of something else is no answer.
    ("No abnormality is seen.", NORMAL, "yes"),
    ("The lung is abnormal.", NORMAL, "no"),
    ("See slice no. 5.", FRACTURE, None),
    # Both, hedged, or contradicting itself.
    ("Yes and no.", FRACTURE, None),
    ("No. Yes.", FRACTURE, None),
    ("Maybe yes.", FRACTURE, None),
    ("Possibly.", FRACTURE, None),
    ("There may be a fracture.", FRACTURE, None),
    ("A fracture cannot be excluded.", FRACTURE, None),
    ("Yes, there is no fracture.", FRACTURE, None),
    ("There is a fracture. There is no fracture.", FRACTURE, None),
    ("I cannot tell.", FRACTURE, None),
    ("", FRACTURE, None),
]


@pytest.mark.parametrize(("text", "question", "said"), HARD)
def test_the_table_of_hard_cases(text: str, question: str, said: str | None) -> None:
    assert parse_yes_no(text, question) == said


def test_beside_a_quotation_only_the_words_themselves_count() -> None:
    assert parse_yes_no("There is no fracture.", FRACTURE, stated_only=True) is None
    assert parse_yes_no("So the answer is no.", FRACTURE, stated_only=True) == "no"


@given(st.sampled_from(["fracture", "effusion", "nodule", "fluid level"]), st.booleans())
def test_a_sentence_and_its_denial_come_to_opposite_answers(finding: str, denied: bool) -> None:
    sentence = f"There is {'no' if denied else 'a'} {finding} in this image."
    assert parse_yes_no(sentence, f"Is there a {finding}?") == ("no" if denied else "yes")


@given(st.text(max_size=200), st.text(max_size=60))
def test_any_text_gives_yes_no_or_none(text: str, question: str) -> None:
    assert parse_yes_no(text, question) in ("yes", "no", None)


@given(st.text("abcdefghij .,", max_size=60))
def test_an_answer_that_says_both_is_none(between: str) -> None:
    assert parse_yes_no(f"Yes, {between}, no.", FRACTURE) is None
