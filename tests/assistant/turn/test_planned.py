"""The planner's own loop gives what LangChain's loop gives with the planner as its model."""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from langchain_core.messages import AIMessage, HumanMessage

from assistant import Assistant, load_settings
from assistant.answers.events import ToolFinished, ToolStarted
from assistant.middleware.marks import TOO_MANY_TOOL_CALLS, Stopped
from assistant.planning.next_step import NextStep, Planned
from assistant.planning.planner import Planner
from assistant.turn import planned
from assistant.turn.agent import build_agent
from assistant.turn.loop import build_loop
from assistant.turn.planned import PlannerLoop
from store.pictures.blobs import BlobStore
from store.pictures.image import Image
from tests.scripted.chat_model import build_look
from tools.catalogue import case_tools
from tools.context import CaseContext, CaseTool, ImageTable, ToolTurn, case_tool, evidence
from tools.for_langchain import for_langchain
from tools.language.sayings import say

QUESTIONS = (
    "what is this?",
    "measure it and find similar cases",
    "compare both",
    "how wide is img-9?",
    "thanks",
)


def grey(level: int) -> Image:
    return Image(np.full((1, 128, 128, 3), level, np.uint8), "PNG")


def told(home: Path, monkeypatch: pytest.MonkeyPatch, loop: Callable[..., Any]) -> list[Any]:
    """What a chat says over two pictures, with what it rests on."""
    monkeypatch.setattr("assistant.turn.loop.build_loop", loop)
    with Assistant(load_settings(home=home)) as assistant:
        chat, said = assistant.chat(), []
        for n, question in enumerate(QUESTIONS):
            answer = chat.ask(question, [grey(90), grey(180)] if n == 0 else [])
            evidence = [
                (one.tool, one.image_id, one.content, one.args, one.call_id) for one in answer.evidence
            ]
            refused = [(one.tool, one.reason, one.call_id) for one in answer.refused]
            said.append((answer.text, evidence, refused, answer.steps, answer.state, answer.by_planner))
        return said


def test_both_loops_say_the_same_and_rest_it_on_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    by_langchain = lambda _, tools, **more: build_agent(Planner(), tools, **more)  # noqa: E731
    ours = told(tmp_path / "ours", monkeypatch, build_loop)
    assert ours == told(tmp_path / "langchain", monkeypatch, by_langchain)
    assert sum(len(evidence) for _, evidence, *_ in ours) > 3


def test_only_the_planner_with_tools_of_this_kind_has_it() -> None:
    assert isinstance(build_loop(None, case_tools()), PlannerLoop)
    assert not isinstance(build_loop(Planner(), case_tools()), PlannerLoop)
    assert not isinstance(build_loop(None, [for_langchain(build_look())]), PlannerLoop)


@pytest.fixture
def context(tmp_path: Path) -> CaseContext:
    return CaseContext("chat", "turn", "what?", ImageTable(), BlobStore(tmp_path), lambda: None)  # type: ignore[arg-type, return-value]


def calls(*ids: str, step: int = 0) -> AIMessage:
    made = [
        {"id": f"{step}-{n}", "name": "look", "args": {"image_id": one, "question": "q"}}
        for n, one in enumerate(ids)
    ]
    return AIMessage("", tool_calls=made)


def steps(
    context: CaseContext, monkeypatch: pytest.MonkeyPatch, *replies: AIMessage, tool: CaseTool | None = None
) -> list[tuple[str, Any]]:
    """The steps of a planner that gives these replies, the last of them again and again."""
    left = [*replies]
    after = lambda _self, _messages: Planned(left.pop(0) if len(left) > 1 else left[0], has_room=True)  # noqa: E731
    monkeypatch.setattr(NextStep, "after", after)
    return [*PlannerLoop([tool or build_look()]).steps([HumanMessage("what?")], context)]


def test_several_calls_are_answered_in_their_order(
    context: CaseContext, monkeypatch: pytest.MonkeyPatch
) -> None:
    slow = threading.Event()

    @case_tool
    def look(image_id: str, question: str, runtime: ToolTurn) -> tuple[str, dict[str, Any]]:
        """Look; the first image takes as long as the second."""
        if image_id == "img-1":
            slow.wait(10)
        else:
            slow.set()
        return evidence(f"{question} {image_id}", [], image_id=image_id, model="look", revision="1")

    found = steps(context, monkeypatch, calls("img-1", "img-2"), AIMessage("done"), tool=look)
    assert [one.text for one in found[-1][1]["messages"]] == ["what?", "", "q img-1", "q img-2", "done"]
    told_of = [one for mode, one in found if mode == "custom"]
    assert sum(isinstance(one, ToolStarted) for one in told_of) == 2
    ended = [one.evidence.image_id for one in told_of if isinstance(one, ToolFinished)]
    assert ended == ["img-2", "img-1"]


def test_what_a_tool_tells_is_there_while_it_runs(
    context: CaseContext, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen = threading.Event()

    @case_tool
    def look(image_id: str, question: str, runtime: ToolTurn) -> tuple[str, dict[str, Any]]:
        """Look, until somebody has heard of it."""
        runtime.stream_writer({"kind": "notice", "text": question})
        assert seen.wait(10)
        return evidence("Looked.", [], image_id=image_id, model="look", revision="1")

    monkeypatch.setattr(NextStep, "after", lambda _self, so_far: Planned(calls("img-1"), has_room=True))
    for mode, payload in PlannerLoop([look]).steps([HumanMessage("what?")], context):
        if payload == {"kind": "notice", "text": "q"}:
            seen.set()
        if isinstance(payload, ToolFinished):
            assert mode == "custom"
            return
    pytest.fail("the tool never ended")


def test_a_refusal_is_a_message_and_a_mistake_ends_the_turn(
    context: CaseContext, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = steps(context, monkeypatch, calls("img-0"), AIMessage("done"))
    assert found[-1][1]["messages"][-2].status == "error"
    with pytest.raises(RuntimeError, match="broke"):
        steps(context, monkeypatch, calls("img-bug"))


def test_it_ends_after_so_many_steps_and_so_many_calls(
    context: CaseContext, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(planned, "MAX_MODEL_CALLS", 3)
    monkeypatch.setattr(planned, "MAX_TOOL_CALLS", 5)
    found = steps(context, monkeypatch, *[calls("img-1", "img-2", step=n) for n in range(4)])
    said = [one.text for one in found[-1][1]["messages"] if one.type == "tool"]
    assert said == ["Looked at img-1.", "Looked at img-2."] * 2 + ["Looked at img-1.", TOO_MANY_TOOL_CALLS]
    assert found[-1][1]["messages"][-1].text == say("turn.too_many_steps")


def test_a_stopped_turn_calls_nothing(context: CaseContext, monkeypatch: pytest.MonkeyPatch) -> None:
    context.cancelled.set()
    with pytest.raises(Stopped):
        steps(context, monkeypatch, calls("img-1"))
