"""Kept replies → what each comes to, whether that is right, whether it rests on evidence, and why.

Nothing is asked here: a finished run is scored again by the rules and the right answers of today.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from assistant.evaluation.marking import Mark, Said, mark, said_in
from assistant.evaluation.questions import Question
from assistant.evaluation.results import Row
from assistant.evaluation.strict import calls_for_evidence, lack_of_evidence

WHO = ("reader", "agent")
_NOTHING = Mark(None, False, None, False)


def scored(question: Question, row: Row) -> Row:
    """The row of a question with each reply's marks; a reply that is None stays so.

    A reply gains given, right, contained, abstained, why, and strict, which is None of the reader alone and
    where there is nothing to look at.
    """
    return row | {who: row[who] and row[who] | _marks(question, row[who], who) for who in WHO}


def marks_of(question: Question, row: Row) -> Row:
    """One line of ``marks.jsonl``: what the replies of a scored row come to, and why."""
    names = ("given", "right", "strict", "why")
    told = {who: row[who] and {name: row[who][name] for name in names} for who in WHO}
    return {"id": question.id, "line": question.line, "expected": question.answer, **told}


def answered(questions: Sequence[Question], rows: Mapping[str, Row]) -> list[Question]:
    """The questions that a row answers."""
    return [one for one in questions if one.id in rows and rows[one.id]["asked"] == one.asked]


def left_out(questions: Sequence[Question], rows: Mapping[str, Row]) -> list[int]:
    """The lines whose question is another than the one that was answered under the same id."""
    return [one.line for one in questions if one.id in rows and rows[one.id]["asked"] != one.asked]


def _marks(question: Question, reply: Mapping[str, Any], who: str) -> dict[str, Any]:
    found = _NOTHING if reply["error"] is not None else mark(question, _said(reply, who))
    why = _why_wrong(question, found, reply["error"])
    if who == "reader" or not calls_for_evidence(question):
        return {**vars(found), "strict": None, "why": why or "right"}
    lack = lack_of_evidence(question, found.given, reply["evidence"]) if found.right and found.given else ""
    return {
        **vars(found),
        "strict": found.right and not lack,
        "why": why or (f"right, but {lack}" if lack else "right, and a tool says so"),
    }


def _said(reply: Mapping[str, Any], who: str) -> Said:
    if who == "agent":
        return said_in(reply["text"], reply["evidence"])
    return Said((reply["text"],) if reply["text"] else (), "")


def _why_wrong(question: Question, found: Mark, error: str | None) -> str:
    """Why an answer is not right, in a few words; empty where it is."""
    if error is not None:
        return f"error: {error}"
    if found.right:
        return ""
    if found.abstained:
        return "says that it cannot tell"
    return "not understood" if found.given is None else f"“{found.given}” instead of “{question.answer}”"
