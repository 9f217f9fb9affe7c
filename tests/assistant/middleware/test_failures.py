"""An answer that is none is recognised, and the planner's answer stands."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from langchain_core.messages import AIMessage, HumanMessage, ToolMessage
from langchain_core.outputs import ChatGenerationChunk

from assistant import Assistant, load_settings
from assistant.answers.answer import Answer
from assistant.answers.events import Event, Finished, Text
from assistant.chat import Chat
from assistant.middleware.failures import (
    BROKEN,
    CALL,
    EMPTY,
    LEAK,
    LOOP,
    REFUSAL,
    SAME,
    failure_of,
)
from prompts import prompts, render
from store.pictures.image import Image
from tests.scripted.chat_model import ScriptedModel, build_look, call
from tools.catalogue import build_tools
from tools.language.sayings import say

SOUND = "img-1 was looked at, and nothing else is known of it."
FAILED = {
    EMPTY: ["", "  \n", "…", "```\n```"],
    LOOP: [
        "The lesion is " + "dark and " * 30,
        "no " * 60,
        "ab" * 300,
        "This is a long sentence of words. " * 5,
    ],
    REFUSAL: [
        "I'm sorry, but I can't assist with that.",
        "I’m unable to view images.",
        "As an AI language model, I cannot interpret this.",
        "I cannot provide medical advice.",
    ],
    LEAK: [
        "Sure. " + " ".join(render("system").split()[:60]),
        'To call one, write nothing but one JSON object; for several: {"tool"',
        "I call a tool only for what you do not know yet.",
        "It is skin. <data>dermoscopy</data>",
        "It is skin.\n[Added: img-1]",
        "[Images of this chat: img-1 to img-4]",
        "[[result of look]] It is skin.",
        "[Summary of turns 1 to 4 of this chat] It is skin.",
    ],
    BROKEN: ["The lesion is \ufffd\ufffd mm wide.", "a\x00b"],
    CALL: [
        '{"name": "look", "arguments": {"image_id": "img-1"}}',
        '```json\n{"tool": "look", "args": {}}\n```',
        "<tool_call>\nlook",
        '[{"name": "look"',
        '{"image_id": "img-1", "question": "q"}',
    ],
}
FINE = [
    SOUND,
    "No.",
    "7 mm",
    "I'm sorry, the measurement on img-1 failed: no lesion was found.",
    "I cannot tell whether it is a melanoma: no reading model is set up.",
    "I am afraid the picture is too dark to tell.",
    "- asymmetry: 12 %\n- asymmetry, short axis: 12 %\n- asymmetry, long axis: 12 %",
    "img-1: dermoscopy\nimg-2: dermoscopy\nimg-3: dermoscopy\nimg-4: dermoscopy",
    "| a | b |\n| --- | --- |\n| 1 | 2 |",
    "----------------------------------------\nThe reader says “no”.",
    "Look-alikes are not diagnoses. Say {yes} to go on.",
]
ASKED = [HumanMessage("What is it?")]


def stream(chat: Chat, question: str = "What is this?", images: Any = ()) -> tuple[list[Event], Answer]:
    events = list(chat.stream(question, images))
    assert isinstance(events[-1], Finished)
    return events, events[-1].answer


@pytest.fixture
def image() -> Image:
    return Image(np.zeros((1, 8, 8, 3), np.uint8), "PNG")


def begin(
    tmp_path: Path, *replies: AIMessage, tools: Any = None, **settings: Any
) -> tuple[ScriptedModel, Chat]:
    model = ScriptedModel(replies=list(replies))
    made = Assistant(load_settings(home=tmp_path, **settings), model=model, tools=tools or [build_look()])
    return model, made.chat()


@pytest.mark.parametrize(
    ("failure", "text"), [(kind, one) for kind, those in FAILED.items() for one in those]
)
def test_what_is_no_answer_is_recognised(failure: str, text: str) -> None:
    assert failure_of(AIMessage(text), render("system"), ASKED) == failure


@pytest.mark.parametrize("text", FINE)
def test_an_answer_is_left_alone(text: str) -> None:
    assert failure_of(AIMessage(text), render("system"), ASKED) is None


def test_declining_after_a_tool_refused_has_a_reason() -> None:
    refused = ToolMessage("No.", tool_call_id="1", status="error")
    assert failure_of(AIMessage("I'm sorry, I can't help with that."), "", [*ASKED, refused]) is None


def test_a_call_is_no_answer_to_be_judged() -> None:
    assert failure_of(call("look", image_id="img-1"), "", ASKED) is None


def test_every_prompt_is_known_and_so_are_the_tools_descriptions(tmp_path: Path) -> None:
    for text in prompts().values():
        assert failure_of(AIMessage(" ".join(text.split()[:30])), "", ASKED) == LEAK
    tools = build_tools()
    about = next(one.description for one in tools if one.name == "measure_lesion")
    model, chat = begin(tmp_path, AIMessage(f"A tool: {about}"), tools=tools)
    assert "recited" in stream(chat, "q")[1].notices[0]
    assert len(model.seen) == 1


EARLIER = "img-1: the lesion is 7 mm long, as measured, and 5 mm wide."


@pytest.mark.parametrize(
    ("question", "text", "failure"),
    [
        ("Who are you?", EARLIER, SAME),
        ("Who are you?", EARLIER.upper().replace(",", " -"), SAME),
        ("how large is it", EARLIER, None),
        ("Who are you?", "7 mm.", None),
        ("Who are you?", f"{EARLIER} That is all.", None),
    ],
)
def test_an_earlier_answer_to_another_question_is_none(question: str, text: str, failure: str | None) -> None:
    asked = [HumanMessage("How large is it?"), AIMessage(EARLIER), HumanMessage(question)]
    assert failure_of(AIMessage(text), "", asked) == failure
    looked = [*asked, call("look", image_id="img-1"), ToolMessage("7 mm", tool_call_id="1")]
    assert failure_of(AIMessage(text), "", looked) is None


@pytest.mark.parametrize("failure", sorted(FAILED))
def test_after_a_failure_the_planners_answer_stands_and_says_why(
    failure: str, tmp_path: Path, image: Image
) -> None:
    model, chat = begin(tmp_path, AIMessage(FAILED[failure][0]))
    events, answer = stream(chat, images=[image])
    assert answer.state == "answered"
    assert "img-1" in answer.text
    assert answer.notices == (
        f"The language model {say(failure)}, so the built-in planner answered instead.",
    )
    assert "".join(event.delta for event in events if isinstance(event, Text)).strip() == answer.text
    assert len(model.seen) == 1
    assert chat.history()[0].answer == answer


LOOK = call("look", image_id="img-1", question="a cyst")
SEEN = "A cyst was seen on img-1."


@pytest.mark.parametrize("cut_off", [True, False])
def test_an_answer_that_was_cut_off_is_kept_and_said_to_be(
    tmp_path: Path, image: Image, cut_off: bool
) -> None:
    cut = f"{SEEN} A cyst was seen on" if cut_off else SEEN
    reply = AIMessage(cut, response_metadata={"finish_reason": "length"} if cut_off else {})
    model = ScriptedModel(replies=[LOOK, reply], disable_streaming=True)
    chat = Assistant(load_settings(home=tmp_path), model=model, tools=[build_look()]).chat()
    _, answer = stream(chat, "How wide?", [image])
    notices = (say("turn.cut_off_by_its_own"),) if cut_off else ()
    assert (answer.text, answer.notices, answer.state) == (SEEN, notices, "answered")


@pytest.mark.parametrize("streams", [True, False])
@pytest.mark.parametrize(
    "written",
    [
        f"<think>Perhaps a melanoma of 92 %.</think> {SEEN}",
        f"<thinking>a b</thinking>\n\n{SEEN}",
        "A cyst <think>melanoma</think>was seen on img-1.",
        f"Perhaps a melanoma. </think> {SEEN}",
    ],
)
def test_thoughts_are_neither_shown_nor_checked_nor_kept(
    tmp_path: Path, image: Image, written: str, streams: bool
) -> None:
    model = ScriptedModel(replies=[LOOK, AIMessage(written)], disable_streaming=not streams)
    chat = Assistant(load_settings(home=tmp_path), model=model, tools=[build_look()]).chat()
    events, answer = stream(chat, "How wide?", [image])
    assert not any("melanoma" in event.delta for event in events if isinstance(event, Text))
    assert (answer.text, answer.notices) == (SEEN, ())
    stream(chat, "And how wide?")
    assert not any("melanoma" in message.text for message in model.seen[2][1:])


def test_a_loop_ends_while_it_is_being_written(tmp_path: Path, image: Image) -> None:
    _, chat = begin(tmp_path, AIMessage("and so on " * 3000))
    _, answer = stream(chat, images=[image])
    assert "repeated itself" in answer.notices[0]


def test_what_a_model_announces_before_a_call_is_no_part_of_the_answer(tmp_path: Path, image: Image) -> None:
    announced = AIMessage("Let me look.", tool_calls=LOOK.tool_calls)
    # Not streamed: words and calls come in one message.
    model = ScriptedModel(replies=[announced, AIMessage(SEEN)], disable_streaming=True)
    chat = Assistant(load_settings(home=tmp_path), model=model, tools=[build_look()]).chat()
    _, answer = stream(chat, "How wide?", [image])
    assert answer.text == SEEN
    assert [one.tool for one in answer.evidence] == ["look"]
    assert model.seen[1][-2].text == ""


def test_steps_calls_and_time_each_end_in_an_answer(tmp_path: Path, image: Image) -> None:
    _, chat = begin(tmp_path, *(call("look", image_id="img-1", question=f"q{n}") for n in range(2)))
    answer = stream(chat, images=[image])[1]
    assert answer.notices == (say("turn.steps_taken_over", steps=8),)
    assert "img-1" in answer.text
    _, chat = begin(tmp_path, AIMessage("one two three"), turn_timeout_s=1e-9)
    late = stream(chat)[1]
    assert late.state == "stopped"
    assert "time limit" in late.notices[0]


def test_the_planners_answer_is_whole_where_a_model_is_still_writing_when_the_time_is_over(
    tmp_path: Path, image: Image
) -> None:
    class Slow(ScriptedModel):
        def _stream(self, *args: Any, **more: Any) -> Iterator[ChatGenerationChunk]:
            for chunk in super()._stream(*args, **more):
                yield chunk
                time.sleep(0.2)

    (tmp_path / "alone").mkdir()
    with Assistant(load_settings(home=tmp_path / "alone"), tools=[build_look()]) as alone:
        planned = alone.chat().ask("What does this show?", [image])
    settings = load_settings(home=tmp_path, turn_timeout_s=4.0)
    model = Slow(replies=[AIMessage(" ".join(f"word-{n}" for n in range(60)))])
    answer = (
        Assistant(settings, model=model, tools=[build_look()]).chat().ask("What does this show?", [image])
    )
    assert (answer.text, answer.state, answer.by_planner) == (planned.text, "answered", True)
    assert say("turn.out_of_time", seconds=4.0) in answer.notices
    assert say("turn.timed_out", seconds=4.0) not in answer.notices


def test_evidence_of_an_early_turn_still_counts(tmp_path: Path, image: Image) -> None:
    model, chat = begin(tmp_path, LOOK, AIMessage(SEEN), history_turns=2)
    stream(chat, "How wide?", [image])
    for _ in range(4):
        stream(chat, "Thanks")
    model.seen.clear()
    model.replies = [call("look", image_id="img-1", question="a scar"), AIMessage(SEEN)]
    assert stream(chat, "How wide?")[1].text == SEEN
