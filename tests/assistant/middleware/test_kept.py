"""What a chat has computed is taken from its evidence, while nothing that it depends on has changed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from langchain_core.messages import AIMessage

from assistant import Assistant, load_settings
from assistant.answers.answer import Answer, Evidence
from assistant.chat import Chat
from store.pictures.image import Image
from tests.inputs.drawn_lesion import ellipse, paint, skin
from tests.scripted.chat_model import ScriptedModel, build_look, call
from tools import inspect_image, measure_lesion
from tools.context import same_results

MEASURE, INSPECT = "Measure the lesion", "Is the picture good enough?"


def moles(count: int = 1, seed: int = 0) -> Image:
    """Dermoscopy by its header; frame by frame a larger lesion."""
    frames = [paint(skin(seed=seed), ellipse(60 + 20 * n, 50)) for n in range(count)]
    return Image(np.stack(frames), "DICOM", modality="DMS", facts={"modality": "DMS, dermoscopy"})


@pytest.fixture
def chat() -> Iterator[Chat]:
    with Assistant() as assistant:
        yield assistant.chat()


def found(answer: Answer, tool: str = "measure_lesion") -> Evidence:
    (one,) = (evidence for evidence in answer.evidence if evidence.tool == tool)
    return one


@pytest.mark.parametrize(("question", "tool"), [(MEASURE, "measure_lesion"), (INSPECT, "inspect_image")])
def test_a_result_is_computed_once_in_a_chat_and_says_in_which_turn(
    chat: Chat, question: str, tool: str
) -> None:
    chat.ask("what can you do?", [moles()])
    first = found(chat.ask(question), tool)
    again, third = found(chat.ask(question), tool), found(chat.ask(question), tool)
    assert first.computed_in is None
    assert (again.computed_in, third.computed_in) == (2, 2)
    assert (again.content, again.records, again.revision) == (first.content, first.records, first.revision)


def test_the_answer_says_it_too_in_words_in_data_and_after_a_restart(tmp_path: Path) -> None:
    with Assistant(load_settings(home=tmp_path)) as assistant:
        chat_id = assistant.chat().id
        assistant.chat(chat_id).ask(MEASURE, [moles()])
    with Assistant(load_settings(home=tmp_path)) as assistant:
        answer = assistant.chat(chat_id).ask(MEASURE)
        assert "computed in turn 1)" in str(answer)
        assert answer.to_dict()["evidence"][0]["computed_in"] == 1
        assert "key" not in answer.to_dict()["evidence"][0]
        assert assistant.chat(chat_id).history()[1].answer == answer


def test_another_slice_another_image_and_another_chat_are_computed(chat: Chat) -> None:
    chat.ask(MEASURE, [moles(2)])
    chat.ask("show slice 2")
    assert found(chat.ask(MEASURE)).computed_in is None
    chat.ask("show slice 1")
    assert found(chat.ask(MEASURE)).computed_in == 1
    assert found(chat.ask(MEASURE, [moles(seed=3)])).computed_in is None
    with Assistant() as other:
        assert found(other.chat().ask(MEASURE, [moles(2)])).computed_in is None


def test_what_the_user_says_an_image_is_makes_it_another_question(chat: Chat) -> None:
    chat.ask(INSPECT, [moles()])
    chat.ask("treat img-1 as a clinical photograph")
    assert found(chat.ask(INSPECT), "inspect_image").computed_in is None


def test_another_version_of_the_tool_computes_again(chat: Chat, monkeypatch: pytest.MonkeyPatch) -> None:
    chat.ask(MEASURE, [moles()])
    monkeypatch.setattr(measure_lesion, "CARD", replace(measure_lesion.CARD, revision="another"))
    assert found(chat.ask(MEASURE)).computed_in is None


def test_a_tool_that_does_not_say_that_it_gives_the_same_runs_every_time(tmp_path: Path) -> None:
    replies = [call("look", image_id="img-1", question="what"), AIMessage("Looked.")] * 2
    model = ScriptedModel(replies=replies)
    with Assistant(load_settings(home=tmp_path), model=model, tools=[build_look()]) as casebook:
        chat = casebook.chat()
        answers = [chat.ask("what?", [moles()]), chat.ask("what?")]
    assert [one.computed_in for answer in answers for one in answer.evidence] == [None, None]


def test_an_inspection_that_may_ask_a_model_is_not_kept() -> None:
    def told_by(*names: str) -> str | None:
        encoders: Any = SimpleNamespace(set_up=lambda _domain: names)
        return same_results(inspect_image.build_inspect_image(encoders).metadata)

    assert told_by("pubmedclip") is None
    assert told_by() == told_by("another") == inspect_image.CARD.revision
