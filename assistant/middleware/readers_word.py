"""Whether an answer keeps what a reading model said to the question: its yes or no, its option, its one word.

A language model that drops it or turns it round is not heard. What readers wrote freely is not compared by
rule; see ``assistant.grounding``.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from langchain_core.messages import AnyMessage, HumanMessage, ToolMessage

from assistant.memory.messages import KEY
from tools.language.options import normalise
from tools.language.questions import Form, form_of
from tools.language.sentences import Sentence, sentences
from tools.models.agreement import answer_of

# Ours: so few words name an option or a finding, and cannot be said shorter.
_FEW = 2


@dataclass(frozen=True)
class _Said:
    """What one reader said of one image, and which of the question's options that comes to, if it does."""

    image_id: str
    form: Form
    text: str
    option: str | None


def loses_reader(text: str, asked: Sequence[AnyMessage]) -> bool:
    """Whether an answer drops or contradicts a reader's yes or no, or the option that it took.

    Args:
        text: an answer.
        asked: the conversation that it goes on with. What counts are the readings since the question; else
            those of earlier turns to the very same question.
    """
    last = max(i for i, one in enumerate(asked) if isinstance(one, HumanMessage))
    question = _flat(str(asked[last].additional_kwargs.get(KEY, {}).get("question", asked[last].text)))
    said = list(_readings(asked[last:]))
    if not said:
        said = [one for one in _readings(asked[:last]) if _flat(one.form.question) == question]
    parts = list(sentences(text))
    several = len({one.image_id for one in said}) > 1
    return any(_loses(one, said, [part for part in parts if not several or _of(part, one)]) for one in said)


def _loses(one: _Said, said: Sequence[_Said], parts: Sequence[Sentence]) -> bool:
    stated = {answer_of(part.text, one.form) for part in parts} - {None}
    options = {other.option for other in said if (other.image_id, other.form) == (one.image_id, one.form)}
    quoted = _flat(one.text) in _flat(" ".join(part.text for part in parts))
    if one.option is None:
        return not quoted
    return not stated <= options or not (one.option in stated or quoted)


def _of(part: Sentence, one: _Said) -> bool:
    return one.image_id in part.images


def _readings(messages: Sequence[AnyMessage]) -> Iterator[_Said]:
    for message in messages:
        if isinstance(message, ToolMessage) and isinstance(message.artifact, dict):
            yield from _found(message.artifact.get("records", ()))


def _found(records: Sequence[Mapping[str, Any]]) -> Iterator[_Said]:
    """What readers said, by the question that is recorded beside each reading."""
    questions = {one["name"]: str(one["value"]) for one in records if one.get("kind") == "fact"}
    for one in records:
        question = questions.get(f"{one.get('model')}: question")
        if one.get("kind") != "finding" or question is None:
            continue
        form = form_of(question)
        option = answer_of(one["text"], form) if form.options else None
        if option is not None or 0 < len(_flat(one["text"]).split()) <= _FEW:
            yield _Said(one["image_id"], form, one["text"], option)


def _flat(text: str) -> str:
    return f" {normalise(text)} "
