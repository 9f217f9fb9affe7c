"""An answer as other programs get it: the public JSON form, with its schema."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from assistant.answers.answer import Answer
from assistant.answers.outside import for_outside


class _Shape(BaseModel):
    model_config = ConfigDict(extra="forbid")


class ImageShape(_Shape):
    """An image that an answer is about, and how it is known what it is."""

    id: str
    domain: str
    modality: str | None
    body_part: str | None
    known_from: str
    score: float | None = Field(description="Output of a model in [0, 1]; not a probability.")


class EvidenceShape(_Shape):
    """What one tool said about one image."""

    tool: str
    image_id: str
    model: str
    revision: str
    seconds: float
    content: str
    records: list[dict[str, Any]] = Field(description="What was found, as data; `kind` names the sort.")
    computed_in: int | None = Field(description="Number of the earlier turn that computed it.")


class RefusedShape(_Shape):
    """A tool that did not run, and why."""

    tool: str
    image_id: str
    reason: str


class StatementShape(_Shape):
    """A sentence of the text, and what it rests on."""

    text: str
    rests_on: list[int] = Field(description="Which of the evidence, numbered from 1.")
    records: list[list[int]] = Field(description="Numbers of the evidence and of its record, from 1.")


class UngroundedShape(_Shape):
    """Words of an answer that the evidence of its chat does not hold."""

    text: str
    start: int
    end: int
    kind: str
    reason: str


class AnswerShape(_Shape):
    """An answer with its evidence and the disclaimers that belong to it."""

    chat_id: str
    turn_id: str
    state: Literal["answered", "stopped", "failed"]
    text: str
    disclaimers: list[str] = Field(min_length=1, description="Show them with the text, always.")
    notices: list[str]
    images: list[ImageShape]
    evidence: list[EvidenceShape]
    refused: list[RefusedShape]
    ungrounded: list[UngroundedShape]
    statements: list[StatementShape]
    by_rules: bool


def shaped(answer: Answer) -> dict[str, Any]:
    """An answer as plain data, as `AnswerShape` describes it."""
    return for_outside(answer).to_dict() | {"state": answer.state}
