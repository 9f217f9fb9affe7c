"""A chat model that raises is asked once more; then the planner answers, and nothing of its words is told."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from langchain_core.messages import AIMessage, AIMessageChunk, BaseMessage
from langchain_core.outputs import ChatGenerationChunk, ChatResult

from assistant import Assistant, load_settings
from assistant.answers.answer import Answer
from assistant.answers.events import Finished, Retracted, Text
from store.errors import SetupError
from tests.scripted.chat_model import ScriptedModel, build_look

BROKE_TWICE = "The language model twice broke off (RuntimeError), so the built-in planner answered instead."


class Breaking(ScriptedModel):
    """Says a few words and raises, so many times; then plays its replies."""

    error: Any
    times: int = 9
    broken: int = 0

    def _stream(self, messages: list[BaseMessage], *_: Any, **__: Any) -> Iterator[ChatGenerationChunk]:
        if self.broken < self.times:
            self.broken += 1
            yield ChatGenerationChunk(message=AIMessageChunk(content="Half an "))
            raise self.error
        yield from super()._stream(messages)

    def _generate(self, *_: Any, **__: Any) -> ChatResult:
        self.broken += 1
        raise self.error


def ask(model: ScriptedModel, home: Path) -> tuple[list[Any], Answer]:
    with Assistant(load_settings(home=home), model=model, tools=[build_look()]) as casebook:
        events = list(casebook.chat().stream("What can you do?"))
    assert isinstance(events[-1], Finished)
    return events, events[-1].answer


@pytest.mark.parametrize("streams", [True, False])
def test_a_model_that_raises_twice_is_replaced_by_the_planner(
    streams: bool, tmp_path: Path, caplog: pytest.LogCaptureFixture, capsys: pytest.CaptureFixture[str]
) -> None:
    model = Breaking(replies=[], error=RuntimeError("Jane Doe"), disable_streaming=not streams)
    _, answer = ask(model, tmp_path)
    assert (answer.state, answer.notices, answer.ungrounded) == ("answered", (BROKE_TWICE,), ())
    assert answer.text
    assert "Half an" not in answer.text
    assert model.broken == 2
    told = "".join(map(logging.Formatter().format, caplog.records)) + "".join(capsys.readouterr())
    assert "RuntimeError" in told
    assert "Jane Doe" not in told


def test_a_model_that_raises_once_answers_at_the_second_attempt(tmp_path: Path) -> None:
    model = Breaking(replies=[AIMessage("A whole answer.")], error=ValueError("x"), times=1)
    events, answer = ask(model, tmp_path)
    assert (answer.text, answer.notices) == ("A whole answer.", ())
    at = next(i for i, event in enumerate(events) if isinstance(event, Retracted))
    assert any(isinstance(event, Text) for event in events[:at])


def test_an_error_in_our_own_words_still_ends_the_turn_with_them(tmp_path: Path) -> None:
    model = Breaking(replies=[], error=SetupError("The server is down."))
    _, answer = ask(model, tmp_path)
    assert (answer.state, answer.notices) == ("failed", ("The server is down.",))
    assert model.broken == 1
