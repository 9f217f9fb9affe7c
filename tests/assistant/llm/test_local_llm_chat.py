"""The local chat model in whole chats: tools, streaming, Stop, chats at once, random conversations."""

from __future__ import annotations

import re
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from assistant import Assistant, load_settings
from assistant.answers.disclaimers import general
from assistant.answers.events import Text, ToolFinished
from assistant.llm import child
from assistant.llm.local_llm import LocalLLM
from assistant.llm.role import Casting, keep
from tests.gguf.follower import LONG, LOOKED, MEASURED, follower, lesion
from tests.scripted import trial_child
from tests.scripted.held import Held
from tests.talking.talk_at_random import converse
from tools.language.sayings import say

pytestmark = pytest.mark.process


@pytest.fixture(scope="module")
def model_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The follower's file."""
    return follower(tmp_path_factory.mktemp("gguf") / "follower.gguf", layers=2)


@pytest.fixture
def assistant(model_file: Path) -> Iterator[Assistant]:
    """Casebook as the settings make it, with the follower."""
    keep(load_settings(llm_path=model_file), Casting("agent", "For these tests."))
    settings = load_settings(llm_path=model_file, llm_context=32768, llm_threads=1, llm_max_tokens=1200)
    with Assistant(settings) as made:
        yield made


@pytest.fixture
def picture(tmp_path: Path) -> Path:
    """A drawn lesion."""
    return lesion(tmp_path / "lesion.png")


@pytest.mark.process
def test_several_turns_use_tools_and_are_in_its_words(assistant: Assistant, picture: Path) -> None:
    chat = assistant.chat()
    assert chat.ask("hello").by_rules
    events = list(chat.stream("What is this?", [picture]))
    assert [event.evidence.tool for event in events if isinstance(event, ToolFinished)] == ["inspect_image"]
    first, second = (event.delta for event in events if isinstance(event, Text))
    assert first.startswith("img-1 looks like a skin image, photograph or dermoscopy")
    assert second == "".join(LOOKED)
    assert MEASURED[1] in chat.ask("How large is it?").text
    answer = chat.ask("Take a very large spoon")  # the planner does not understand it
    assert answer.text == "".join(MEASURED)
    assert not answer.by_planner
    assert [(one.tool, one.args) for one in answer.evidence] == [
        ("measure_lesion", {"image_id": "img-1", "question": "how large"})
    ]
    assert general() in answer.disclaimers
    assert len(chat.history()) == 4


def test_stop_ends_the_answer_in_the_middle_and_the_chat_goes_on(
    assistant: Assistant, picture: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    held = Held(LocalLLM, monkeypatch)
    chat = assistant.chat()
    running = chat.start("chatter on")
    held.wait()
    running.stop()
    held.go_on()
    answer = running.answer()
    assert answer.state == "stopped"
    assert answer.notices == (say("turn.stopped"),)
    assert answer.text
    assert LONG[0] not in answer.text
    assert chat.ask("What is this?", [picture]).text == "".join(LOOKED)


def test_chats_at_the_same_time_are_answered_one_after_another(assistant: Assistant, picture: Path) -> None:
    answers: list[str] = []

    def ask() -> None:
        answers.append(assistant.chat().ask("What is this?", [picture]).text)

    threads = [threading.Thread(target=ask) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert answers == ["".join(LOOKED)] * 4


@pytest.mark.process
def test_random_weights_end_every_turn_well(tmp_path: Path) -> None:
    happened = converse(8, tmp_path, seed=5)
    assert happened["conversations"] == 8
    assert happened["tool calls"] + happened["refusals of tools"] > 5


def test_a_model_that_kills_its_process_leaves_the_chat_to_the_planner(
    assistant: Assistant, picture: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(child, "COMMAND", trial_child.command(tmp_path / "notes", "SIGSEGV"))
    chat = assistant.chat()
    for question, images in (("What is this?", [picture]), ("How large is it?", [])):
        answer = chat.ask(question, images)
        assert (answer.state, answer.by_planner, answer.ungrounded) == ("answered", True, ())
        (notice,) = answer.notices
        assert re.search(r"does not run on this machine.*SIGSEGV.*built-in planner answered instead", notice)
        assert answer.evidence
        assert general() in answer.disclaimers
    assert len(trial_child.tried(tmp_path / "notes")) == 2


def test_a_model_that_dies_only_with_the_extra_buffers_answers_without_them(
    assistant: Assistant, picture: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    what = "SIGSEGV with extra buffers"
    monkeypatch.setattr(child, "COMMAND", trial_child.command(tmp_path / "notes", what))
    answer = assistant.chat().ask("What is this?", [picture])
    assert (answer.text, answer.by_planner, answer.notices) == ("".join(LOOKED), False, ())
    assert [extra for _, extra in trial_child.tried(tmp_path / "notes")] == [True, False]


def test_a_file_that_cannot_be_loaded_leaves_the_chat_to_the_planner(tmp_path: Path, picture: Path) -> None:
    path = follower(tmp_path / "cut.gguf")
    path.write_bytes(path.read_bytes()[:-100])
    with Assistant(load_settings(llm_path=path)) as made:
        answer = made.chat().ask("What is this?", [picture])
    assert (answer.state, answer.by_planner) == ("answered", True)
    assert answer.text
    assert "damaged or cut off" in answer.notices[0]
