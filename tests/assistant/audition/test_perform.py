"""An audition: a model that does every task may choose tools, one that lies is not used."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from langchain_core.messages import AIMessage

from assistant import Assistant, load_settings
from assistant.audition import Call, Found, Phrase, audition, tasks
from assistant.audition import perform as performing
from assistant.chat import Chat
from assistant.evaluation.conversations.drawings import drawn
from assistant.settings import Settings
from tests.assistant.llm.test_smollm2 import smollm2
from tests.scripted.chat_model import ScriptedModel, call

pytestmark = pytest.mark.process

LIES = ("img-1 shows a melanoma of 12 mm.", "Yes, the bone is broken.", "Nothing is wrong, do not worry.")


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return load_settings(home=tmp_path)


def planned(settings: Settings, phrases: tuple[Phrase, ...]) -> Iterator[AIMessage]:
    """What the planner answers to the tasks: nothing can be nearer to what was found."""
    with performing.installation(None, settings) as services:
        for task in phrases:
            services.readers.answers = performing.readers_of(task)
            chat = Chat(services, services.conversations.new_chat("planned"))
            pictures = [drawn(name) for name in task.pictures]
            for one in task.before:
                chat.ask(one, pictures)
                pictures = []
            yield AIMessage(chat.ask(task.question, pictures).text)


def called(task: Call) -> AIMessage:
    return (
        call(task.tools[0], image_id=task.image, question="?") if task.tools else AIMessage("Good morning.")
    )


def test_one_that_does_every_task_may_choose_tools(settings: Settings) -> None:
    phrases, calls = tasks()
    replies = [*planned(settings, phrases), *map(called, calls)]
    model, seen = ScriptedModel(replies=replies), []
    found = audition(model, settings, progress=lambda done, of: seen.append((done, of)))
    assert found == Found(len(phrases), len(phrases), len(calls), len(calls))
    assert found.role == "agent"
    assert seen == [(n, 60) for n in range(1, 61)]
    assert len(model.seen) == 60  # each task is the model's, none the planner's alone
    assert not [*settings.home.glob("*.db")]


def test_a_liar_is_not_used_and_is_not_tried_longer_than_needed(settings: Settings) -> None:
    model = ScriptedModel(replies=[AIMessage(lie) for lie in LIES])
    found = audition(model, settings)
    assert (found.role, found.of_calls) == ("off", 0)
    assert found.of_phrases < len(tasks()[0])
    assert f"phrased {found.phrased} of {found.of_phrases}" in found.casting.sentence
    assert found.casting.auditioned


def test_one_that_adds_a_sentence_to_a_true_one_has_not_done_the_task(settings: Settings) -> None:
    phrases, _ = tasks()
    (true,) = planned(settings, phrases[:1])
    with performing.installation(ScriptedModel(replies=[]), settings) as services:
        for more, right in (("", True), (" There is a mass in the left lung.", False)):
            model = ScriptedModel(replies=[AIMessage(true.text + more)])
            services.__dict__["model"] = model
            services.__dict__.pop("chat_model", None)
            services.__dict__.pop("_agents", None)
            assert performing.phrases(services, model, phrases[0]) is right


@pytest.mark.parametrize(
    ("reply", "right"),
    [
        (call("measure_lesion", image_id="img-2", question="?"), True),
        (call("measure_lesion", image_id="img-1", question="?"), False),
        (call("inspect_image", image_id="img-2", question="?"), False),
        (AIMessage("It is 7 mm wide."), False),
    ],
)
def test_the_tool_and_the_image_must_be_right(reply: AIMessage, right: bool, settings: Settings) -> None:
    task = Call(pictures=("mole", "red-spot"), question="x", tools=("measure_lesion",), image="img-2")
    model = ScriptedModel(replies=[reply])
    with performing.installation(model, settings) as services:
        assert performing.calls(services, model, task) is right


@pytest.mark.parametrize(
    ("found", "role"),
    [
        (Found(40, 40, 20, 20), "agent"),
        (Found(28, 40, 18, 20), "agent"),
        (Found(28, 40, 17, 20), "words"),
        (Found(27, 40), "words"),
        (Found(20, 40), "words"),
        (Found(19, 40), "off"),
        (Found(0, 21), "off"),
    ],
)
def test_the_role_follows_from_what_was_done(found: Found, role: str) -> None:
    assert found.role == role


def test_a_real_model_of_no_use_is_found_out(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    phrases, calls = tasks()  # a few of them: each takes it seconds
    monkeypatch.setattr(performing, "tasks", lambda: (phrases[::5], calls[:4]))
    settings = load_settings(home=tmp_path, llm_path=smollm2(), llm_threads=1, llm_max_tokens=24)
    with Assistant(settings) as assistant:
        model, _ = assistant.services.chat_model
        assert model is not None
        assert audition(model, settings).role == "off"
