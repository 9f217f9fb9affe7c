"""An answer as it leaves this machine: for other programs, in copies, on visitors' clipboards."""

from __future__ import annotations

from dataclasses import replace

from assistant.answers.answer import Answer
from tools.language.paths import without_places


def for_outside(answer: Answer) -> Answer:
    """The answer without the places on this machine that notices and refusals may name."""
    refused = tuple(replace(one, reason=without_places(one.reason)) for one in answer.refused)
    return replace(answer, refused=refused, notices=tuple(map(without_places, answer.notices)))
