"""A model is heard while it writes: stopped, ended when it repeats itself, and named when it breaks off.

After a break the planner's answer stands, and nothing of the model's words is told.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from langchain_core.messages import AIMessage, AIMessageChunk, BaseMessage
from langchain_core.outputs import ChatGenerationChunk, ChatResult

from assistant import Assistant, load_settings
from assistant.answers.answer import Answer
from assistant.answers.events import Finished
from assistant.llm.endings import BrokeOffError
from assistant.middleware.listening import Listener, Repeating
from assistant.middleware.stopping import Stopped
from assistant.planning.planner import Planner
from store.errors import SetupError
from tests.scripted.chat_model import ScriptedModel, build_look

BROKE = "The language model broke off (RuntimeError), so the built-in planner answered instead."


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
        events = list(casebook.chat().stream("q"))
    assert isinstance(events[-1], Finished)
    return events, events[-1].answer


@pytest.mark.parametrize("streams", [True, False])
def test_a_model_that_raises_is_replaced_by_the_planner(
    streams: bool, tmp_path: Path, logged: list[logging.LogRecord], capsys: pytest.CaptureFixture[str]
) -> None:
    model = Breaking(replies=[], error=RuntimeError("Jane Doe"), disable_streaming=not streams)
    _, answer = ask(model, tmp_path)
    assert (answer.state, answer.notices, answer.ungrounded) == ("answered", (BROKE,), ())
    assert answer.text
    assert "Half an" not in answer.text
    assert model.broken == 1
    told = "".join(map(logging.Formatter().format, logged)) + "".join(capsys.readouterr())
    assert "RuntimeError" in told
    assert "Jane Doe" not in told


def test_an_error_in_our_own_words_is_told_and_the_planner_has_answered(tmp_path: Path) -> None:
    model = Breaking(replies=[], error=SetupError("The server is down."))
    _, answer = ask(model, tmp_path)
    assert answer.state == "answered"
    assert answer.notices == ("The server is down. The built-in planner answered instead.",)
    assert model.broken == 1


class BreakingPlanner(Breaking):
    """Breaks, and says that it is the planner."""

    @property
    def _llm_type(self) -> str:
        return Planner()._llm_type


LOOP = AIMessage("and so on " * 60)


def hear(model: ScriptedModel, cancelled: threading.Event | None = None) -> int:
    """Let the model write to a listener; the number of words that came."""
    listener = Listener(cancelled or threading.Event())
    words = sum(bool(piece.text) for piece in model.stream("q", {"callbacks": [listener]}))
    assert not listener._replies
    return words


def test_a_language_model_is_ended_early_and_the_planner_is_not() -> None:
    with pytest.raises(Repeating):
        hear(ScriptedModel(replies=[LOOP]))
    assert hear(BreakingPlanner(replies=[LOOP], error=None, times=0)) > 150


def test_the_name_alone_of_a_models_exception_goes_on_and_the_planners_whole() -> None:
    with pytest.raises(BrokeOffError, match=r"\(KeyError\)"):
        hear(Breaking(replies=[], error=KeyError("Jane Doe")))
    with pytest.raises(KeyError, match="Jane Doe"):
        hear(BreakingPlanner(replies=[], error=KeyError("Jane Doe")))


@pytest.mark.parametrize("kind", [Breaking, BreakingPlanner])
def test_a_stopped_turn_ends_any_model_at_its_next_word(kind: type[Breaking]) -> None:
    cancelled = threading.Event()
    cancelled.set()
    with pytest.raises(Stopped):
        hear(kind(replies=[LOOP], error=None, times=0), cancelled)


def test_two_replies_at_once_are_not_read_as_one() -> None:
    listener = Listener(threading.Event())
    half = ScriptedModel(replies=[AIMessage("and so on " * 6)])
    both = [half.stream("q", {"callbacks": [listener]}) for _ in range(4)]
    assert all(piece is not None for pieces in zip(*both, strict=True) for piece in pieces)
