"""Whether a right answer rests on evidence: what the tools said, understood by the rules for answers.

An answer may be right by luck. It is *strict* when it is right and a tool of the same chat said the same,
no reader said otherwise, and the tool that the line expects was asked.
Source: MedFlowBench's strict score, an answer that is right and whose evidence is (arXiv 2603.24649).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from assistant.evaluation.marking import understood
from assistant.evaluation.questions import Question
from tools.language.options import normalise

if TYPE_CHECKING:
    from assistant.answers.answer import Evidence

Kept = Mapping[str, Any]
"""What one tool said, as a row of results keeps it: tool, image_id, model, content, and what it read."""


def kept(one: Evidence) -> dict[str, Any]:
    """What is kept of what a tool said."""
    findings = [record for record in one.records if record.get("kind") == "finding"]
    return {
        "tool": one.tool,
        "image_id": one.image_id,
        "model": one.model,
        "content": one.content,
        "read": [text for record in findings if (text := str(record.get("text") or ""))],
    }


def calls_for_evidence(question: Question) -> bool:
    """Whether there is something to look at: a picture, or a tool that the line expects."""
    return bool(question.images or question.tool)


def lack_of_evidence(question: Question, given: str, evidence: Sequence[Kept]) -> str:
    """Why a right answer does not rest on the evidence, in a few words; empty where it does.

    Args:
        question: what was asked.
        given: what the answer came to.
        evidence: what the tools of the chat said.
    """
    if not evidence:
        return "no tool was asked"
    if question.tool and question.tool not in {one["tool"] for one in evidence}:
        return f"{question.tool} was not asked"
    came_to = [_comes_to(question, given, one) for one in evidence]
    for one, said in zip(evidence, came_to, strict=True):
        if one["read"] and said not in (None, given):  # what a file says of itself denies nothing
            return f"{one['model']} says otherwise"
    if given not in came_to:
        return f"no tool says “{given}”"
    return ""


def _comes_to(question: Question, given: str, one: Kept) -> str | None:
    """What a tool's words come to; of a short answer, the same words or None."""
    words = " ".join(one["read"]) or one["content"]
    if question.kind == "short":
        return given if f" {normalise(given)} " in f" {normalise(words)} " else None
    return understood(question, words)
