"""What answers come to: a reader's, and an agent's that quotes one."""

from __future__ import annotations

import pytest

from assistant.answers.answer import Evidence
from assistant.evaluation.marking import Mark, Said, mark, said_in
from assistant.evaluation.questions import Question
from assistant.evaluation.strict import kept

FRACTURE = Question("1", 1, "Is there a fracture?", "no")
WHERE = Question("2", 2, "Where is it?", "left lobe")
WHICH = Question("3", 3, "Which?", "B", choices={"A": "Normal", "B": "Effusion"})


def alone(words: str) -> Said:
    return Said((words,), "")


def quoted(text: str, said: str, around: str = "{}", *, kind: str = "finding") -> Said:
    """What is said in an answer that holds what a reading tool says of a reader's words."""
    content = f"radiographer says of img-1: “{said}”" if said else "radiographer said nothing of img-1."
    record = {"kind": kind, "image_id": "img-1", "label": "reading", "text": said, "model": "radiographer"}
    one = Evidence("read_radiograph", "img-1", "radiographer", "1", 0.1, content, (record,))
    return said_in(text or around.format(content), [kept(one)])


def test_a_readers_words_are_marked_by_the_kind_of_question() -> None:
    assert mark(FRACTURE, alone("No, there is no fracture.")) == Mark("no", True, None, False)
    assert mark(FRACTURE, alone("Yes.")) == Mark("yes", False, None, False)
    assert mark(WHICH, alone("(b) Effusion")) == Mark("B", True, None, False)
    assert mark(WHERE, alone("The left lobe.")) == Mark("left lobe", True, True, False)
    assert mark(WHERE, alone("It is in the left lobe")) == Mark("it is in left lobe", False, True, False)
    assert mark(WHERE, alone("Right lobe")) == Mark("right lobe", False, False, False)


@pytest.mark.parametrize(
    "words", ["I cannot tell from img-1.", "It’s not possible to determine this.", "I don't know."]
)
def test_an_answer_that_only_says_it_cannot_tell_abstains(words: str) -> None:
    assert mark(FRACTURE, alone(words)) == Mark(None, False, None, True)
    assert mark(WHERE, Said((), words)).abstained
    assert not mark(FRACTURE, alone(f"No. {words}")).abstained
    assert not mark(WHERE, Said(("Right lobe",), words)).abstained


def test_the_words_that_an_answer_quotes_are_the_answer() -> None:
    said = quoted("", "No.", "{} Asked again, it gave no other answer.")
    assert said == Said(("No.",), "Asked again, it gave no other answer.")
    assert mark(FRACTURE, said).right


def test_sentences_beside_a_quotation_do_not_change_what_was_quoted() -> None:
    around = "img-1 shows no scale and no name. {}\n\nThere is no fracture line to measure."
    assert mark(FRACTURE, quoted("", "Yes.", around)).given == "yes"


def test_a_models_own_statement_that_differs_from_its_quotation_is_not_understood() -> None:
    text = "radiographer says “No.”, but the answer is yes."
    assert mark(FRACTURE, quoted(text, "No.")) == Mark(None, False, None, False)
    agreeing = "radiographer says “No.”, so the answer is no."
    assert mark(FRACTURE, quoted(agreeing, "No.")).right


def test_an_answer_in_own_words_alone_is_read_in_full() -> None:
    said = quoted("No fracture is visible.", "Nothing is broken.")
    assert said == Said((), "No fracture is visible.")
    assert mark(FRACTURE, said).right


def test_two_readers_that_differ_are_not_understood() -> None:
    assert mark(FRACTURE, Said(("No.", "Yes."), "The readers differ.")) == Mark(None, False, None, False)
    assert mark(WHERE, Said(("Left lobe", "Right lobe"), "")) == Mark(None, False, True, False)
