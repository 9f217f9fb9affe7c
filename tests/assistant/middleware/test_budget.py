"""A context that is too small is said to be, with what is needed, and the planner answers."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from langchain_core.messages import AIMessage, ToolMessage

from assistant import Assistant, load_settings
from assistant.llm.endings import LEAST_ROOM
from assistant.middleware.budget import Budget, _marked
from tests.scripted.chat_model import ScriptedModel
from tests.servers.chat_server import ChatServer

SOUND = "Nothing is known of it yet."
VAGUE = "q"


def asked(home: Path, question: str, **settings: int) -> tuple[ScriptedModel, str, tuple[str, ...]]:
    model = ScriptedModel(replies=[AIMessage(SOUND)])
    with Assistant(load_settings(home=home, **settings), model=model) as assistant:
        answer = assistant.chat().ask(question)
    assert answer.state == "answered"
    return model, answer.text, answer.notices


def test_the_planner_answers_and_the_context_that_is_said_to_be_needed_is_enough(tmp_path: Path) -> None:
    model, text, notices = asked(tmp_path, VAGUE, llm_context=1024)
    assert model.seen == []
    assert text
    told = re.search(r"sees 1024 tokens .* need (\d+)\. Set CASEBOOK_LLM_CONTEXT .* planner", notices[0])
    assert told
    needed = int(told[1])
    assert asked(tmp_path, VAGUE, llm_context=needed)[0].seen
    assert asked(tmp_path, VAGUE, llm_context=needed - 2)[0].seen == []


def test_a_question_that_is_too_long_for_the_model_is_answered_too(tmp_path: Path) -> None:
    model, _, notices = asked(tmp_path, f"{VAGUE} " * 300, llm_context=2400)
    assert model.seen == []
    assert "ask in fewer words. The built-in planner answered" in notices[0]


@pytest.mark.parametrize("prompt", [1, 300, 1279, 1280, 1281, 5000])
def test_what_the_budget_lets_through_leaves_the_engine_its_room(prompt: int) -> None:
    needed = Budget.needed(prompt)
    model = ScriptedModel(replies=[])
    assert Budget(model, needed).room >= prompt > Budget(model, needed - 2).room
    assert Budget(model, needed).room + LEAST_ROOM <= needed


def test_a_server_whose_context_is_smaller_than_set_leaves_the_turn_to_the_planner(tmp_path: Path) -> None:
    server = ChatServer()
    server.fault = "too long"
    with Assistant(load_settings(home=tmp_path, llm_server=server.url)) as assistant:
        answer = assistant.chat().ask(VAGUE)
    server.close()
    assert answer.state == "answered"
    assert "does not fit into its context" in answer.notices[0]
    assert "planner answered" in answer.notices[0]


def test_a_message_that_holds_nothing_to_be_marked_is_passed_on_as_it_is() -> None:
    plain, result = AIMessage("It is a CT."), ToolMessage("a CT", tool_call_id="1")
    called = AIMessage("", tool_calls=[{"name": "look", "args": {"question": "<s>"}, "id": "1"}])
    kept = [_marked(one) for one in (plain, called, result)]
    assert kept[0] is plain
    assert kept[1].tool_calls[0]["args"]["question"] != "<s>"
    assert "a CT" in kept[2].text != result.text
    assert called.tool_calls[0]["args"]["question"] == "<s>"
