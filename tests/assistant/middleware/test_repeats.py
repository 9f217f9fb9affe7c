"""A call that was just made does not run again."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
from langchain_core.messages import AIMessage

from assistant import Assistant, load_settings
from assistant.middleware.repeats import ALREADY
from store.pictures.image import Image
from tests.scripted.chat_model import ScriptedModel, build_look, call
from tools.language.sayings import say

LOOK = call("look", image_id="img-1", question="what")


def ask(home: Path, *replies: AIMessage) -> tuple[ScriptedModel, Any]:
    model = ScriptedModel(replies=list(replies))
    image = Image(np.zeros((1, 8, 8, 3), np.uint8), "PNG")
    with Assistant(load_settings(home=home), model=model, tools=[build_look()]) as casebook:
        return model, casebook.chat().ask("What is this?", [image])


def test_the_same_call_again_runs_once_and_the_model_is_told(tmp_path: Path) -> None:
    model, answer = ask(tmp_path, LOOK, LOOK, AIMessage("img-1 was looked at."))
    assert len(answer.evidence) == 1
    assert ALREADY in model.seen[2][-1].text


def test_the_same_call_twice_in_one_reply_runs_once(tmp_path: Path) -> None:
    calls = [{**LOOK.tool_calls[0], "id": f"c{n}"} for n in range(3)]
    _, answer = ask(tmp_path, AIMessage("", tool_calls=calls), AIMessage("img-1 was looked at."))
    assert len(answer.evidence) == 1
    assert answer.refused == ()


def test_a_call_with_other_arguments_and_one_after_another_call_run(tmp_path: Path) -> None:
    other = call("look", image_id="img-1", question="where")
    _, answer = ask(tmp_path, LOOK, other, LOOK, AIMessage("img-1 was looked at."))
    assert len(answer.evidence) == 3


def test_a_model_that_only_repeats_a_call_is_replaced_by_the_planner_who_uses_the_result(
    tmp_path: Path,
) -> None:
    _, answer = ask(tmp_path, LOOK)
    assert answer.notices == (say("turn.steps_taken_over", steps=8),)
    assert len(answer.evidence) == 1
    assert answer.state == "answered"
    assert "img-1" in answer.text
    assert ALREADY not in answer.text
