"""A turn that goes round in circles is ended, by model calls and by tool calls."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from langchain_core.messages import AIMessage, HumanMessage

from assistant.middleware.limits import TOO_MANY_TOOL_CALLS, LimitMiddleware
from assistant.middleware.taking_over import BY_PLANNER
from assistant.planning.planner import Planner
from assistant.turn.agent import build_agent
from store.pictures.blobs import BlobStore
from tests.scripted.chat_model import ScriptedModel, build_look, call
from tools.context import CaseContext, ImageTable
from tools.language.sayings import say


@pytest.fixture
def context(tmp_path: Path) -> CaseContext:
    return CaseContext("chat", "turn", "what?", ImageTable(), BlobStore(tmp_path), lambda: None)  # type: ignore[arg-type, return-value]


def run(
    context: CaseContext, monkeypatch: pytest.MonkeyPatch, replies: list[AIMessage], **limits: int
) -> Any:
    """Run the loop after an earlier turn of many calls; the messages of this turn."""
    monkeypatch.setattr("assistant.turn.agent.MAX_MODEL_CALLS", limits.get("model_calls", 100))
    monkeypatch.setattr("assistant.turn.agent.MAX_TOOL_CALLS", limits.get("tool_calls", 100))
    agent = build_agent(ScriptedModel(replies=replies), [build_look()])
    earlier = [HumanMessage("before"), *[AIMessage("said") for _ in range(9)]]
    result = agent.graph.invoke(
        {"messages": [*earlier, HumanMessage("Frobnicate the wibble.")]}, context=context
    )
    return result["messages"][len(earlier) + 1 :]


def test_after_so_many_model_calls_the_planner_answers(
    context: CaseContext, monkeypatch: pytest.MonkeyPatch
) -> None:
    looking = [call("look", image_id="img-1", question=f"q{n}") for n in range(2)]
    messages = run(context, monkeypatch, looking, model_calls=3)
    assert messages[-1].additional_kwargs.items() >= BY_PLANNER.items()
    assert messages[-1].text
    assert len([m for m in messages if getattr(m, "tool_calls", None)]) == 3


def test_the_planner_itself_is_ended_after_so_many_model_calls() -> None:
    limit = LimitMiddleware(model_calls=2, tool_calls=9)
    asked: Any = SimpleNamespace(
        model=Planner(),
        messages=[HumanMessage("now"), AIMessage("a"), AIMessage("b")],
        runtime=SimpleNamespace(context=None),
    )
    ended = limit.wrap_model_call(asked, lambda _: pytest.fail("was called"))
    assert ended == AIMessage(say("turn.too_many_steps"))


def test_tools_are_refused_after_so_many_calls_and_the_model_may_still_answer(
    context: CaseContext, monkeypatch: pytest.MonkeyPatch
) -> None:
    calls = [
        {"id": f"c{n}", "name": "look", "args": {"image_id": "img-1", "question": f"q{n}"}} for n in range(6)
    ]
    replies = [AIMessage("", tool_calls=calls[:3]), AIMessage("", tool_calls=calls[3:]), AIMessage("Enough.")]
    messages = run(context, monkeypatch, replies, tool_calls=4)
    said = [m.content for m in messages if m.type == "tool"]
    assert said == ["Looked at img-1."] * 4 + [TOO_MANY_TOOL_CALLS] * 2
    assert messages[-1].type == "ai"


def test_calls_of_earlier_turns_do_not_count(context: CaseContext, monkeypatch: pytest.MonkeyPatch) -> None:
    messages = run(context, monkeypatch, [AIMessage("Fine.")], model_calls=1)
    assert say("turn.too_many_steps") not in messages[-1].text
    assert len(messages) == 1
