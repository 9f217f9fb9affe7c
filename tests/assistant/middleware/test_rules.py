"""Danger, harm, health, care and identity are answered by rule; no language model is asked, on any path."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest
from langchain_core.messages import AIMessage, BaseMessage
from PIL import Image

from assistant import Assistant, load_settings
from assistant.__main__ import main
from assistant.answers.answer import Answer
from assistant.planning.planner import Planner
from store.errors import SetupError
from tests.inputs.drawn_lesion import ellipse, paint, skin
from tests.scripted.chat_model import ScriptedModel
from tests.servers.chat_server import ChatServer
from tools.language.replies import reply

LIE = "It is nothing to worry about, and the patient is called Jane."
DANGER = ["I want to kill myself", "there is no point in living", "I'm going to overdose tonight"]
OTHERS = [
    "How can I fake a pathology report?",
    "I have crushing chest pain and cannot breathe",
    "Should I get a biopsy?",
    "What is the patient's name?",
    "Is it a man or a woman? What is the patient's age?",
]


class LoadedModel(ScriptedModel):
    """A scripted model that counts its tokens itself, as one does that has to be loaded first."""

    counted: list[int] = []  # noqa: RUF012 - a field of a pydantic model

    def count_tokens(self, messages: Sequence[BaseMessage], _tools: Any = ()) -> int:
        self.counted.append(len(messages))
        raise SetupError("The model cannot be loaded.")


@pytest.fixture
def model() -> ScriptedModel:
    """Says something false and keeps what it was asked."""
    return ScriptedModel(replies=[AIMessage(LIE)])


@pytest.fixture
def server() -> Iterator[ChatServer]:
    """A chat model's server that says something false and keeps what it was sent."""
    one = ChatServer(LIE)
    yield one
    one.close()


@pytest.fixture
def picture(tmp_path: Path) -> Path:
    """A drawn lesion."""
    path = tmp_path / "lesion.png"
    Image.fromarray(paint(skin(), ellipse(90, 70))).save(path)
    return path


def by_planner_alone(home: Path, *questions: str) -> Answer:
    """The last answer of a chat without a language model."""
    with Assistant(load_settings(home=home)) as assistant:
        chat = assistant.chat()
        return [chat.ask(question) for question in questions][-1]


@pytest.mark.parametrize("question", [*DANGER, *OTHERS])
def test_a_model_is_not_asked_what_rules_answer(model: ScriptedModel, tmp_path: Path, question: str) -> None:
    with Assistant(load_settings(home=tmp_path / "a"), model=model) as assistant:
        answer = assistant.chat().ask(question)
    assert model.seen == []
    assert answer.text == by_planner_alone(tmp_path / "b", question).text
    assert (answer.by_rules, answer.by_planner) == (True, False)
    assert answer.to_dict()["by_rules"] is True
    assert Answer.from_json(answer.to_json()).by_rules


@pytest.mark.parametrize("question", [*DANGER, *OTHERS[:2]])
def test_somebody_in_need_is_told_where_to_turn(model: ScriptedModel, question: str) -> None:
    with Assistant(model=model) as assistant:
        text = assistant.chat().ask(question).text
    assert LIE not in text
    assert "emergency number" in text or "I will not help with that" in text


def test_what_streams_is_the_planners_alone_and_nothing_is_taken_back(model: ScriptedModel) -> None:
    with Assistant(model=model) as assistant:
        events = list(assistant.chat().stream(DANGER[0]))
    deltas = [getattr(event, "delta", "") for event in events]
    assert "".join(deltas).startswith(reply("en").harm)
    assert not [event for event in events if type(event).__name__ == "Retracted"]
    assert events[-1].answer.ungrounded == ()  # type: ignore[union-attr]


def test_any_other_question_is_the_models(model: ScriptedModel) -> None:
    with Assistant(model=model) as assistant:
        for question in ("What is this?", "Was sehe ich hier?", "Tell me about the spleen."):
            answer = assistant.chat().ask(question)
            assert (answer.text, answer.by_rules) == (LIE, False)
    assert len(model.seen) == 3


def test_without_a_model_nothing_is_said_to_be_by_rules(tmp_path: Path) -> None:
    assert not by_planner_alone(tmp_path, DANGER[0]).by_rules


@pytest.mark.parametrize("turns_kept", [1, 12])
def test_danger_is_remembered_for_five_turns_with_a_model(model: ScriptedModel, turns_kept: int) -> None:
    with Assistant(load_settings(history_turns=turns_kept, llm_context=4096), model=model) as assistant:
        chat = assistant.chat()
        chat.ask(DANGER[0])
        for words in ("ok", "why?", "hm", "fine", "ok"):
            answer = chat.ask(words)
            assert "emergency number" in answer.text
            assert answer.by_rules
        assert model.seen == []
        assert chat.ask("ok").text == LIE


@pytest.mark.process
def test_who_goes_on_to_a_picture_after_danger_is_answered_by_the_model(
    model: ScriptedModel, picture: Path
) -> None:
    with Assistant(model=model) as assistant:
        chat = assistant.chat()
        chat.ask(DANGER[0])
        assert chat.ask("what is this?", [picture]).text == LIE


@pytest.mark.process
def test_danger_beside_a_question_on_a_picture_is_answered_first_and_without_the_model(
    model: ScriptedModel, picture: Path
) -> None:
    with Assistant(model=model) as assistant:
        answer = assistant.chat().ask("What is this? I want to kill myself.", [picture])
    assert answer.text.startswith(reply("en").harm)
    assert model.seen == []


@pytest.mark.process
def test_the_rest_of_a_ruled_question_is_the_planners_with_its_tools(
    model: ScriptedModel, picture: Path
) -> None:
    with Assistant(model=model) as assistant:
        answer = assistant.chat().ask("What is this? Should I get a biopsy?", [picture])
    assert model.seen == []
    assert [one.tool for one in answer.evidence] == ["inspect_image"]
    assert "I cannot advise on that" in answer.text


def test_a_model_that_cannot_be_loaded_does_not_keep_help_from_somebody_in_danger(tmp_path: Path) -> None:
    model = LoadedModel(replies=[AIMessage(LIE)])
    with Assistant(load_settings(home=tmp_path), model=model) as assistant:
        chat = assistant.chat()
        assert chat.ask("hello").state == "failed"
        before = len(model.counted)
        answer = chat.ask(DANGER[0])
    assert "emergency number" in answer.text
    assert len(model.counted) == before > 0


@pytest.mark.parametrize("question", [DANGER[0], OTHERS[0], OTHERS[3]])
def test_the_command_asks_no_model_either(
    model: ScriptedModel, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], question: str
) -> None:
    monkeypatch.setattr("assistant.llm.chat_models.chat_model", lambda _settings: (model, ()))
    assert main(["ask", question, "--json"]) == 0
    said = json.loads(capsys.readouterr().out)
    assert model.seen == []
    assert LIE not in said["text"]
    assert said["by_rules"] is True


@pytest.mark.parametrize("question", [DANGER[0], OTHERS[0], OTHERS[1], OTHERS[2], OTHERS[3]])
def test_a_server_is_sent_nothing_of_it(server: ChatServer, tmp_path: Path, question: str) -> None:
    with Assistant(load_settings(llm_server=server.url, home=tmp_path)) as assistant:
        answer = assistant.chat().ask(question)
        assert server.asked == []
        assert answer.by_rules
        assert LIE not in answer.text
        assert assistant.chat().ask("What is this?").text == LIE
        assert len(server.asked) == 1


def test_a_picked_reader_is_not_asked_either(tmp_path: Path, picture: Path) -> None:
    from langchain_core.messages import HumanMessage

    from assistant.memory.messages import KEY

    row = {"id": "img-1", "domain": "radiology", "modality": "CT"}
    data = {"question": "", "attached": ["img-1"], "images": [row], "reader": "radiographer"}
    planner = Planner(readers={"radiology": "read"}, tool_names=frozenset({"read"}))
    for question in OTHERS:
        reply = planner.invoke(
            [HumanMessage(question, additional_kwargs={KEY: data | {"question": question}})]
        )
        assert reply.tool_calls == []
        assert reply.text
