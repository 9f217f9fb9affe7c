"""The planner is the floor: no language model makes an answer worse, and a good one may word it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from langchain_core.messages import AIMessage

from assistant import Assistant, load_settings
from assistant.answers.answer import Answer
from assistant.answers.events import Finished, Text
from prompts import render
from store.pictures.image import Image
from tests.scripted.chat_model import ScriptedModel, call
from tests.scripted.evaluation import KnowingReaders, reading

LIAR = "There is a fracture of the left femur, and a melanoma of 12 mm on img-1."
NEVER_CALLS = "The picture looks fine to me. Nothing is wrong."
BLURTS = "Sure. " + " ".join(render("system").split()[:60])
TURNS = "Yes, the reading model sees a fracture on img-1."
FRACTURE = "Is there a fracture?"
QUESTIONS = [
    FRACTURE,
    "What is this?",
    "Is it good enough?",
    "I have crushing chest pain and cannot breathe",
    "Who are you?",
    "Thanks",
    "Should I stop my blood thinner?",
    "Treat img-1 as an X-ray",
    "qqq",
]


@pytest.fixture(autouse=True)
def readers() -> Iterator[None]:
    with reading(KnowingReaders({FRACTURE: "no"})):
        yield


@pytest.fixture
def image() -> Image:
    return noise()


def noise() -> Image:
    pixels = np.random.default_rng(0).integers(0, 255, (1, 128, 128), np.uint8)
    return Image(pixels, "PNG")


def ask(home: Path, model: Any, image: Image, *questions: str) -> list[Answer]:
    with Assistant(load_settings(home=home, burned_in="off"), model=model) as casebook:
        chat = casebook.chat()
        chat.ask("Treat img-1 as an X-ray", [image])
        return [chat.ask(one) for one in questions]


@pytest.fixture(scope="module")
def floor(tmp_path_factory: pytest.TempPathFactory) -> list[Answer]:
    """What the planner answers without a model."""
    with reading(KnowingReaders({FRACTURE: "no"})):
        return ask(tmp_path_factory.mktemp("planner"), None, noise(), *QUESTIONS)


@pytest.mark.parametrize("said", [LIAR, NEVER_CALLS, BLURTS, TURNS, "", "and so on " * 60])
def test_with_a_bad_model_every_answer_is_the_planners(
    said: str, floor: list[Answer], tmp_path: Path, image: Image
) -> None:
    with_it = ask(tmp_path / "model", ScriptedModel(replies=[AIMessage(said)]), image, *QUESTIONS)
    assert [one.text for one in with_it] == [one.text for one in floor]
    assert [[e.tool for e in one.evidence] for one in with_it] == [
        [e.tool for e in one.evidence] for one in floor
    ]
    assert all(one.by_planner or one.by_rules for one in with_it)


def test_a_wording_that_is_carried_takes_the_planners_place(tmp_path: Path, image: Image) -> None:
    said = "No: the reading model radiographer sees no fracture on img-1."
    model = ScriptedModel(replies=[AIMessage(f"{said} There is a melanoma.")])
    (answer,) = ask(tmp_path, model, image, FRACTURE)
    assert answer.text == said
    assert not answer.by_planner
    assert [one.tool for one in answer.evidence] == ["read_radiograph"]
    assert "read_radiograph" in str(model.seen[0][-2].tool_calls)


@pytest.mark.parametrize("question", ["Thanks", "Who are you?", "I want to die", "Treat img-1 as an X-ray"])
def test_what_is_the_planners_is_not_sent_to_a_model(question: str, tmp_path: Path, image: Image) -> None:
    model = ScriptedModel(replies=[AIMessage("Never.")])
    (answer,) = ask(tmp_path, model, image, question)
    assert model.seen == []
    assert answer.by_rules


def test_the_planners_answer_is_on_the_screen_before_the_model_begins(tmp_path: Path, image: Image) -> None:
    model = ScriptedModel(replies=[AIMessage(LIAR)])
    with Assistant(load_settings(home=tmp_path), model=model) as casebook:
        chat = casebook.chat()
        chat.ask("Treat img-1 as an X-ray", [image])
        events = list(chat.stream(FRACTURE))
    assert isinstance(events[-1], Finished)
    assert "".join(one.delta for one in events if isinstance(one, Text)) == events[-1].answer.text
    assert "no" in events[-1].answer.text.lower()


def test_a_model_may_call_more_tools(tmp_path: Path, image: Image) -> None:
    more = call("inspect_image", image_id="img-1", question="What is it?")
    model = ScriptedModel(replies=[more, AIMessage("The radiographer sees no fracture.")])
    (answer,) = ask(tmp_path, model, image, FRACTURE)
    assert {one.tool for one in answer.evidence} == {"read_radiograph", "inspect_image"}
