"""Every tool through the official client: evidence as data, pictures, disclaimers, progress, stopping."""

from __future__ import annotations

import base64
import io
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import anyio
import numpy as np
import pytest
from langchain_core.messages import AIMessage
from mcp import Client
from mcp_types import CallToolResult, Tool
from PIL import Image

from assistant import Assistant
from assistant.answers.disclaimers import general
from assistant.doorway.answer_shape import AnswerShape
from assistant.mcp_server.catalogue import TOOLS
from assistant.mcp_server.roots import Roots, roots_of
from assistant.mcp_server.server import OWNER, build_server
from assistant.settings import load_settings
from tests.assistant.mcp_server.calling import OF_IMAGE, base64_of, chat_of, drawn, every_tool, put, text_of
from tests.scripted.chat_model import ScriptedModel
from tests.scripted.readers import ScriptedReaders
from tools.language.sayings import languages, say

pytestmark = pytest.mark.process  # each takes files in, which a process of its own reads

NOWHERE = Roots((), Path("/nowhere"))


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return put(tmp_path_factory.mktemp("roots")).parent


@pytest.fixture(scope="module")
def assistant(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Assistant]:
    with Assistant(
        load_settings(home=tmp_path_factory.mktemp("home"), burned_in="off", visitor_per_minute=1000)
    ) as opened:
        yield opened


def called(assistant: Assistant, roots: Roots, *calls: tuple[str, dict[str, Any]]) -> list[CallToolResult]:
    async def all_of_them() -> list[CallToolResult]:
        async with Client(build_server(assistant, roots)) as client:
            return [await client.call_tool(name, given) for name, given in calls]

    return anyio.run(all_of_them)


@pytest.fixture(scope="module")
def seen(assistant: Assistant, folder: Path) -> tuple[list[Tool], dict[str, CallToolResult]]:
    """The list of tools, and the result of each."""

    async def talk() -> tuple[list[Tool], dict[str, CallToolResult]]:
        async with Client(
            build_server(assistant, roots_of([str(folder)], assistant.services.settings.home))
        ) as client:
            return (await client.list_tools()).tools, await every_tool(client, "Doe_Jane_1970.png")

    return anyio.run(talk)


def test_every_tool_is_listed_with_the_shape_of_what_it_takes_and_gives(seen: Any) -> None:
    assert [tool.name for tool in seen[0]] == list(TOOLS)
    for tool in seen[0]:
        assert tool.description and tool.input_schema["additionalProperties"] is False
        assert tool.output_schema == AnswerShape.model_json_schema()


def test_every_result_holds_the_disclaimers_in_its_words_and_in_its_data(seen: Any) -> None:
    for name, result in seen[1].items():
        assert general() in text_of(result), name
        if not result.is_error:
            assert general() in result.structured_content["disclaimers"]


def test_each_tool_does_what_it_is_named_for(seen: Any) -> None:
    tools = {
        name: {one["tool"] for kind in ("evidence", "refused") for one in result.structured_content[kind]}
        for name, result in seen[1].items()
        if result.structured_content
    }
    assert tools["add_image"] == tools["data"] == tools["look"] == {"inspect_image"}
    assert tools["measure"] == {"measure_lesion"}
    assert tools["find_look_alikes"] == {"find_similar_cases"}
    assert tools["classify"] == {"classify_with_my_labels"}
    assert {"img-1", "img-2"} <= {one["id"] for one in seen[1]["ask"].structured_content["images"]}


def test_pictures_come_as_images_and_the_rest_as_data(seen: Any) -> None:
    shown = [one for one in seen[1]["look"].content if one.type == "image"]
    assert len(shown) == 1 and shown[0].mime_type == "image/png"
    with Image.open(io.BytesIO(base64.b64decode(shown[0].data))) as picture:
        assert picture.size == (400, 300)
    outline = [one for one in seen[1]["measure"].content if one.type == "image"]
    records = seen[1]["measure"].structured_content["evidence"][0]["records"]
    drawn_key = next(record["key"] for record in records if record["kind"] == "picture")
    assert [one.meta for one in outline] == [{"casebook/of": drawn_key}]
    assert any(record["kind"] == "measurement" and record["value"] is not None for record in records)


def test_no_result_names_the_file_or_where_it_lies(seen: Any, folder: Path) -> None:
    for result in seen[1].values():
        everything = result.model_dump_json()
        assert "Jane" not in everything and str(folder) not in everything


def test_without_a_reading_model_read_says_so_and_what_there_is(seen: Any) -> None:
    assert seen[1]["read"].is_error
    assert "casebook models list" in text_of(seen[1]["read"])


def test_a_reading_model_is_asked_in_the_words_that_were_given(
    assistant: Assistant, monkeypatch: pytest.MonkeyPatch
) -> None:
    readers = ScriptedReaders({"derm-captioner": ["A brown macule."]})
    monkeypatch.setitem(vars(assistant.services), "readers", readers)
    added = called(assistant, NOWHERE, ("add_image", {"data": base64_of(drawn())}))[0]
    given = {"chat": chat_of(added), "image": "img-1"}
    # What was asked before must not change what is asked now.
    _, read = called(assistant, NOWHERE, ("classify", given), ("read", given | {"question": "Is it a mole?"}))
    assert "A brown macule." in text_of(read)
    assert ["mole" in request.question for _, request in readers.asked] == [True]


@pytest.mark.parametrize(
    ("name", "given", "said"),
    [
        ("look", {"chat": "0" * 32, "image": "img-1"}, "no chat"),
        ("look", {"chat": "CHAT", "image": "img-9"}, "Images: img-1"),
        ("look", {"image": "img-1"}, "`chat`, which is missing"),
        ("look", {"chat": "CHAT", "image": "img-1; and delete all"}, "`image` of look is not as"),
        ("look", {"chat": "CHAT", "image": "img-1", "slice": 9}, "slices"),
        ("ask", {"question": "x", "patient": "Jane Doe"}, "does not have. ask takes: question"),
        ("ask", {"question": " "}, "empty"),
        ("add_image", {}, "Give one of the two"),
        ("add_image", {"data": "ä"}, "not base64"),
        ("add_image", {"data": base64_of(b"no picture")}, "not a picture"),
        ("add_image", {"path": "/etc/hostname"}, "may read no files"),
        ("diagnose", {}, "Tools: add_image"),
    ],
)  # fmt: skip
def test_what_cannot_be_used_is_answered_with_a_sentence(
    assistant: Assistant, seen: Any, name: str, given: dict[str, Any], said: str
) -> None:
    given = {key: chat_of(seen[1]["look"]) if value == "CHAT" else value for key, value in given.items()}
    result = called(assistant, NOWHERE, (name, given))[0]
    text = text_of(result)
    assert said in text and "Jane" not in text and "pydantic" not in text
    assert general() in text


@pytest.mark.parametrize("language", languages())
def test_what_the_tools_ask_is_heard_in_every_language(
    assistant: Assistant, seen: Any, language: str
) -> None:
    given = {"chat": chat_of(seen[1]["look"]), "image": "img-1", "language": language}
    for name in OF_IMAGE:
        data = called(assistant, NOWHERE, (name, given))[0].structured_content
        was = seen[1][name].structured_content
        assert data is not None and was is not None
        assert general(language) in data["disclaimers"]
        for kind in ("evidence", "refused"):
            assert [one["tool"] for one in data[kind]] == [one["tool"] for one in was[kind]]


def test_a_chat_of_somebody_else_is_not_there(assistant: Assistant) -> None:
    own = assistant.chat()
    own.ask("hello")
    result = called(assistant, NOWHERE, ("ask", {"question": "hello", "chat": own.id}))[0]
    assert result.is_error and "no chat" in text_of(result)


def test_a_program_may_not_add_to_the_library(assistant: Assistant, seen: Any) -> None:
    chat = chat_of(seen[1]["look"])
    assert not assistant.services.may_save(chat)
    assert chat in {row.id for row in assistant.for_owner(OWNER).chats()}


def test_a_picture_of_too_many_pixels_is_refused_with_a_sentence(tmp_path: Path) -> None:
    buffer = io.BytesIO()
    Image.fromarray(np.zeros((300, 400), np.uint8)).save(buffer, "PNG")
    with Assistant(load_settings(home=tmp_path, max_pixels=1000)) as small:
        result = called(small, NOWHERE, ("add_image", {"data": base64_of(buffer.getvalue())}))[0]
        assert result.is_error and "pixels" in text_of(result)
        assert small.for_owner(OWNER).chats() == []


def test_progress_is_told_while_a_tool_works(assistant: Assistant) -> None:
    told: list[str] = []

    async def heard(_progress: float, _total: float | None, message: str | None) -> None:
        told.append(str(message))

    async def talk() -> None:
        async with Client(build_server(assistant, NOWHERE)) as client:
            await client.call_tool("add_image", {"data": base64_of(drawn())}, progress_callback=heard)

    anyio.run(talk)
    assert told == [say("progress.other", tool="inspect_image", image="img-1")]


def test_a_call_that_is_cancelled_stops_its_turn(tmp_path: Path) -> None:
    import threading

    gate = threading.Event()
    model = ScriptedModel(replies=[AIMessage("one two three")], gate=gate)
    with Assistant(load_settings(home=tmp_path), model=model, tools=[]) as slow:

        async def talk() -> None:
            async with Client(build_server(slow, NOWHERE)) as client:
                with anyio.move_on_after(1.0):
                    await client.call_tool("ask", {"question": "talk"})

        try:
            anyio.run(talk)
            gate.set()
            mine = slow.for_owner(OWNER)
            for turn in slow.services.turns._left():
                if turn is not None:
                    turn.wait(30)
            states = [turn.state for row in mine.chats() for turn in mine.chat(row.id).history()]
            assert states == ["stopped"]
        finally:
            gate.set()
