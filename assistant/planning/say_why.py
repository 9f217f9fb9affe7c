"""“Why?”, “how do you know?”, “are you sure?”: the basis of what was said before, from its records."""

from __future__ import annotations

import re
from collections.abc import Sequence

from assistant.planning.conversation import Conversation, Result
from assistant.planning.plan import Task
from assistant.planning.say_lesion import asked_of
from store.cases.shelf import quality_sentence
from store.records import MODALITY_WORDS, Finding, Gate, Measurement, Neighbours, Quality
from tools.language.glossary import explain

_NO_READER = (
    "Because your question needs somebody to read the image, and no reading model is set up; I do "
    "not guess what "
    "an image shows."
)


def why(task: Task, talk: Conversation) -> str:
    """Where the last answer with evidence came from."""
    terms = explain(task.clause)
    if terms:
        return " ".join(terms)
    if (
        talk.past
        and talk.past[-1].text.startswith(("I cannot tell", "Because your question needs"))
        and "reading model" in talk.past[-1].text
    ):
        return f"{_NO_READER} {_looked(talk.past[-1].results)}".strip()
    turn = next((turn for turn in reversed(talk.past) if turn.results), None)
    lines = [line for result in turn.results for line in _basis(result, turn.question)] if turn else []
    if not lines:
        return (
            "There is nothing to explain yet: my last answer did not rest on a tool. Ask about "
            "an image first."
        )
    said = "\n".join(f"- {line}" for line in dict.fromkeys(lines))
    return (
        f"{_how_sure(task.clause)}My last answer rests on this:\n\n{said}\n\n"
        "None of it was checked by a person, and none of it is a diagnosis."
    )


def _looked(results: Sequence[Result]) -> str:
    used = ", ".join(dict.fromkeys(f"{one.tool} on {one.image_id}" for one in results))
    return f"What I did say comes from {used}." if used else ""


def _how_sure(clause: str) -> str:
    if not re.search(r"\bsure|certain|confident|reliable|accurate|trust", clause, re.I):
        return ""
    return "I cannot put a probability on it: nothing here is calibrated. "


def _basis(result: Result, question: str) -> list[str]:
    if result.refused:
        return [f"{result.tool} did not run on {result.image_id}: {result.content}"]
    asked = asked_of(question, [r for r in result.records if isinstance(r, Measurement)])
    lines = []
    for record in result.records:
        if asked and isinstance(record, Measurement) and record not in asked:
            continue
        line = _line(record)
        if line:
            lines.append(f"{line} ({result.tool} on {result.image_id})")
    return lines


def _line(record: object) -> str:
    if isinstance(record, Gate):
        return _gate(record)
    if isinstance(record, Measurement):
        return (
            f"{record.name}: {(record.definition or record.text).rstrip('.')}. Source: "
            f"{record.source.rstrip('.')}"
        )
    if isinstance(record, Quality) and record.problem:
        return record.problem
    if isinstance(record, Neighbours):
        return _neighbours(record)
    if isinstance(record, Finding):
        named = record.text.lower().startswith(record.model)
        return record.text if named else f"{record.model} said: {record.text}"
    return ""


def _gate(gate: Gate) -> str:
    how = {
        "file header": "the file's header states it",
        "pixels": "estimated from colour, border, texture and spectrum of the pixels",
        "user": "you said so",
    }[gate.known_from]
    score = f", with a score of {gate.score:.2f} that is not a probability" if gate.score is not None else ""
    return f"Kind of image ({MODALITY_WORDS.get(gate.modality or '', gate.domain)}): {how}{score}."


def _neighbours(near: Neighbours) -> str:
    trust = quality_sentence(near.precision, near.chance, near.k, near.among)
    collection = f"{near.collection} ({near.size} cases, encoder {near.encoder})"
    return f"Look-alikes from the collection {collection}. {trust}"
