"""A right answer that rests on evidence, and one that is right by luck."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from assistant.evaluation.questions import Question
from assistant.evaluation.scoring import marks_of, scored
from assistant.evaluation.strict import lack_of_evidence

PICTURE = (Path("chest.dcm"),)
FRACTURE = Question("1", 1, "Is there a fracture?", "no", PICTURE)
WHICH = Question("2", 2, "Which?", "B", PICTURE, choices={"A": "Normal", "B": "Effusion"})
WHERE = Question("3", 3, "Where is it?", "left lobe", PICTURE)
IN_WORDS = Question("4", 4, "Is dermoscopy done with a lens?", "yes")


def said(words: str, *, tool: str = "read_radiograph", model: str = "radiographer") -> dict[str, Any]:
    """What is kept of what a reader says."""
    content = f"{model} says of img-1: “{words}”"
    return {"tool": tool, "image_id": "img-1", "model": model, "content": content, "read": [words]}


def told(content: str) -> dict[str, Any]:
    """What is kept of a tool that quotes no reader."""
    return {"tool": "inspect_image", "image_id": "img-1", "model": "file", "content": content, "read": []}


def marks(question: Question, text: str, *evidence: dict[str, Any], error: str | None = None) -> Any:
    """What an agent's answer comes to."""
    row = {"reader": None, "agent": {"text": text, "evidence": list(evidence), "error": error}}
    return scored(question, row)["agent"]


@pytest.mark.parametrize(
    ("question", "given", "evidence"),
    [
        (FRACTURE, "no", [said("There is no fracture.")]),
        (FRACTURE, "no", [told("No, there is no fracture.")]),
        (FRACTURE, "no", [told("The file states no scale."), said("No.")]),
        (WHICH, "B", [said("(b) Effusion")]),
        (WHERE, "left lobe", [said("It is in the left lobe.")]),
    ],
)
def test_an_answer_that_a_tool_gave_too_rests_on_evidence(
    question: Question, given: str, evidence: list[dict[str, Any]]
) -> None:
    assert lack_of_evidence(question, given, evidence) == ""


@pytest.mark.parametrize(
    ("question", "given", "evidence", "lack"),
    [
        (FRACTURE, "no", [], "no tool was asked"),
        (FRACTURE, "no", [said("I cannot tell.")], "no tool says “no”"),
        (FRACTURE, "no", [told("The file states no scale.")], "no tool says “no”"),
        (FRACTURE, "no", [said("Yes.")], "radiographer says otherwise"),
        (FRACTURE, "no", [said("No."), said("Yes.")], "radiographer says otherwise"),
        (WHICH, "B", [said("A")], "radiographer says otherwise"),
        (WHERE, "left lobe", [said("The right lobe.")], "no tool says “left lobe”"),
    ],
)
def test_an_answer_that_no_tool_gave_is_right_by_luck(
    question: Question, given: str, evidence: list[dict[str, Any]], lack: str
) -> None:
    assert lack_of_evidence(question, given, evidence) == lack


def test_the_tool_that_the_line_expects_must_have_been_asked() -> None:
    expecting = Question("1", 1, "Is there a fracture?", "no", PICTURE, tool="read_radiograph")
    assert lack_of_evidence(expecting, "no", [told("No.")]) == "read_radiograph was not asked"
    assert lack_of_evidence(expecting, "no", [said("No.")]) == ""


@pytest.mark.parametrize(
    ("text", "evidence", "strict", "why"),
    [
        ("radiographer says of img-1: “No.”", [said("No.")], True, "right, and a tool says so"),
        ("No, there is no fracture.", [], False, "right, but no tool was asked"),
        ("Yes.", [], False, "“yes” instead of “no”"),
        ("I cannot tell.", [], False, "says that it cannot tell"),
        ("It is grey.", [said("It is grey.")], False, "not understood"),
    ],
)
def test_every_answer_has_a_reason(text: str, evidence: list[dict[str, Any]], strict: bool, why: str) -> None:
    found = marks(FRACTURE, text, *evidence)
    assert (found["strict"], found["why"]) == (strict, why)


def test_an_error_is_wrong_whatever_was_written_and_says_what_it_was() -> None:
    found = marks(FRACTURE, "No.", said("No."), error="The turn was stopped.")
    assert (found["given"], found["right"], found["strict"]) == (None, False, False)
    assert found["why"] == "error: The turn was stopped."


def test_where_there_is_nothing_to_look_at_no_evidence_is_asked_for() -> None:
    assert marks(IN_WORDS, "Yes, it is.")["strict"] is None
    expecting = Question("4", 4, IN_WORDS.question, "yes", tool="browse_library")
    assert marks(expecting, "Yes, it is.")["strict"] is False


def test_a_reader_alone_is_asked_for_no_evidence() -> None:
    row = {"reader": {"text": "No.", "error": None}, "agent": None}
    (found, line) = (scored(FRACTURE, row), marks_of(FRACTURE, scored(FRACTURE, row)))
    assert found["reader"]["strict"] is None
    assert line == {
        "id": "1",
        "line": 1,
        "expected": "no",
        "reader": {"given": "no", "right": True, "strict": None, "why": "right"},
        "agent": None,
    }
