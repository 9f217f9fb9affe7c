"""An answer that is none is recognised, asked for once more, and then given by the built-in planner."""

from __future__ import annotations

import threading
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from langchain_core.messages import AIMessage, HumanMessage, ToolMessage

from assistant import Assistant, load_settings
from assistant.answers.answer import Answer
from assistant.answers.events import Event, Finished, Retracted, Text
from assistant.chat import Chat
from assistant.middleware.failures import (
    BROKEN,
    CALL,
    EMPTY,
    FINAL,
    LEAK,
    LOOP,
    LOST,
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
        "[Your last reply could not be used. Answer the question",
        "Your last reply could not be used, so here it is.",
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


@pytest.mark.parametrize("failure", sorted(set(FAILED) - FINAL))
def test_after_one_failure_the_second_answer_counts(failure: str, tmp_path: Path, image: Image) -> None:
    model, chat = begin(tmp_path, AIMessage(FAILED[failure][0]), AIMessage(SOUND))
    events, answer = stream(chat, images=[image])
    assert (answer.text, answer.state, answer.notices) == (SOUND, "answered", ())
    assert any(isinstance(event, Retracted) for event in events)
    assert "could not be used" in model.seen[1][-1].text
    assert "could not be used" not in model.seen[0][-1].text


@pytest.mark.parametrize("failure", sorted(FINAL & set(FAILED)))
def test_after_a_loop_or_a_recitation_the_planner_answers_at_once(failure: str, tmp_path: Path) -> None:
    model, chat = begin(tmp_path, AIMessage(FAILED[failure][0]), AIMessage(SOUND))
    _, answer = stream(chat)
    assert len(model.seen) == 1
    assert answer.notices[0] == (
        f"The language model {say(failure)}, so the built-in planner answered instead."
    )
    assert "no image" in answer.text


def test_every_prompt_is_known_and_so_are_the_tools_descriptions(tmp_path: Path) -> None:
    for text in prompts().values():
        assert failure_of(AIMessage(" ".join(text.split()[:30])), "", ASKED) == LEAK
    tools = build_tools()
    about = next(one.description for one in tools if one.name == "measure_lesion")
    model, chat = begin(tmp_path, AIMessage(f"A tool: {about}"), tools=tools)
    assert "recited" in stream(chat)[1].notices[0]
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


def reading(question: str, *said: tuple[str, str, str]) -> ToolMessage:
    """What a reading tool gives: image, reader and its words."""
    records: list[dict[str, Any]] = []
    for image_id, name, text in said:
        about = {"kind": "fact", "image_id": image_id, "name": f"{name}: question", "value": question}
        records += [{"kind": "finding", "image_id": image_id, "text": text, "model": name}, about]
    return ToolMessage("read", tool_call_id="1", artifact={"records": records})


FRACTURE, SIDE = "Is there a fracture?", "Is the lesion on the left or on the right?"
ONE, TWO = ("img-1", "one", "No, there is no fracture."), ("img-1", "two", "Yes.")
OTHER = ("img-2", "one", "Yes, of the wrist.")


@pytest.mark.parametrize(
    ("asked", "said", "text", "failure"),
    [
        (FRACTURE, [ONE], "The reading model says no. That may be wrong.", None),
        (FRACTURE, [ONE], "It sees no fracture on img-1.", None),
        (FRACTURE, [ONE], "one says of img-1: “No, there is no fracture.”", None),
        (FRACTURE, [ONE], "Yes, there is a fracture.", LOST),
        (FRACTURE, [ONE], "The reading model says no. I see a fracture, yes.", LOST),
        (FRACTURE, [ONE], "I cannot tell whether there is a fracture.", LOST),
        (FRACTURE, [ONE], "img-1 is a radiograph of a wrist.", LOST),
        (FRACTURE, [ONE, TWO], "one says no. two says yes.", None),
        (FRACTURE, [ONE, TWO], "Both say no.", LOST),
        (FRACTURE, [ONE, OTHER], "On img-1 no. On img-2 yes.", None),
        (FRACTURE, [ONE, OTHER], "On img-1 yes. On img-2 no.", LOST),
        (FRACTURE, [("img-1", "one", "Nice weather.")], "Nobody can say.", LOST),
        (FRACTURE, [("img-1", "one", "What a fine day.")], "Nobody can say.", None),
        (SIDE, [("img-1", "one", "left")], "The reading model says it is on the left.", None),
        (FRACTURE, [("img-1", "one", "What a fine day.")], "Nobody can say.", None),
        (SIDE, [("img-1", "one", "left")], "It is on the right.", LOST),
        ("What is it?", [("img-1", "one", "A wrist.")], "A hand.", LOST),
        ("What is it?", [("img-1", "one", "A wrist.")], "one calls it a wrist.", None),
        ("What is it?", [("img-1", "one", "A wrist, seen from the side.")], "A hand.", None),
    ],
)
def test_a_readers_yes_or_option_is_never_lost_or_turned(
    asked: str, said: list[tuple[str, str, str]], text: str, failure: str | None
) -> None:
    question = HumanMessage(asked)
    assert failure_of(AIMessage(text), "", [question, reading(asked, *said)]) == failure
    later = [question, reading(asked, *said), AIMessage("Fine."), HumanMessage(asked.upper())]
    assert failure_of(AIMessage(text), "", later) == failure
    other = [question, reading(asked, *said), AIMessage("Fine."), HumanMessage("And how old is it?")]
    assert failure_of(AIMessage(text), "", other) is None


@pytest.mark.parametrize("failure", sorted(set(FAILED) - FINAL))
def test_after_two_failures_the_planner_answers_and_says_why(
    failure: str, tmp_path: Path, image: Image
) -> None:
    bad = FAILED[failure][0]
    model, chat = begin(tmp_path, AIMessage(bad))
    events, answer = stream(chat, images=[image])
    assert answer.state == "answered"
    assert "img-1" in answer.text
    assert answer.notices == (
        f"The language model twice {say(failure)}, so the built-in planner answered instead.",
    )
    assert answer.ungrounded == ()
    last = max(i for i, event in enumerate(events) if isinstance(event, Retracted))
    assert "".join(event.delta for event in events[last:] if isinstance(event, Text)).strip() == answer.text
    assert len(model.seen) == 2
    kept = chat.history()[0].answer
    assert kept == answer


def test_two_different_failures_are_both_named(tmp_path: Path) -> None:
    _, chat = begin(tmp_path, AIMessage(""), AIMessage("a\x00b"))
    assert stream(chat)[1].notices == (
        f"The language model {say(EMPTY)} and then {say(BROKEN)}, so the built-in planner answered instead.",
    )


def test_an_answer_that_was_cut_off_is_kept_and_said_to_be(tmp_path: Path) -> None:
    cut = AIMessage("Half an", response_metadata={"finish_reason": "length"})
    for reply, notices in ((cut, (say("turn.cut_off_by_its_own"),)), (AIMessage("Half an"), ())):
        model = ScriptedModel(replies=[reply], disable_streaming=True)
        chat = Assistant(load_settings(home=tmp_path), model=model, tools=[build_look()]).chat()
        _, answer = stream(chat)
        assert (answer.text, answer.notices, answer.state) == ("Half an", notices, "answered")


@pytest.mark.parametrize("streams", [True, False])
@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("<think>Perhaps a melanoma of 92 %.</think> It is skin.", "It is skin."),
        ("<thinking>a b</thinking>\n\nIt is skin.", "It is skin."),
        ("It is <think>melanoma</think>skin.", "It is skin."),
        ("Perhaps a melanoma. </think> It is skin.", "It is skin."),
    ],
)
def test_thoughts_are_neither_shown_nor_checked_nor_kept(
    tmp_path: Path, written: str, shown: str, streams: bool
) -> None:
    model = ScriptedModel(replies=[AIMessage(written)], disable_streaming=not streams)
    chat = Assistant(load_settings(home=tmp_path), model=model, tools=[build_look()]).chat()
    events, answer = stream(chat)
    last = max((i for i, event in enumerate(events) if isinstance(event, Retracted)), default=0)
    assert "".join(event.delta for event in events[last:] if isinstance(event, Text)).strip() == shown
    assert (answer.text, answer.ungrounded, answer.notices) == (shown, (), ())
    assert len(model.seen) == 1
    stream(chat, "And?")
    assert not any("melanoma" in message.text or "think" in message.text for message in model.seen[1][1:])


def test_thoughts_without_an_end_are_an_empty_answer(tmp_path: Path) -> None:
    _, chat = begin(tmp_path, AIMessage("<think> Perhaps a melanoma."), AIMessage("It is skin."))
    events, answer = stream(chat)
    assert answer.text == "It is skin."
    assert not any("melanoma" in event.delta for event in events if isinstance(event, Text))


def test_a_loop_ends_while_it_is_being_written(tmp_path: Path) -> None:
    _, chat = begin(tmp_path, AIMessage("and so on " * 3000))
    events, answer = stream(chat)
    assert "repeated itself" in answer.notices[0]
    assert sum(isinstance(event, Text) for event in events) < 200


def test_the_planner_uses_its_own_tools_when_it_takes_over(tmp_path: Path, image: Image) -> None:
    _, chat = begin(tmp_path, AIMessage(""), tools=build_tools())
    _, answer = stream(chat, images=[image])
    assert [one.tool for one in answer.evidence] == ["inspect_image"]
    assert "img-1" in answer.text
    _, again = stream(chat, "And what is it now?")
    assert again.state == "answered"


def test_what_a_model_announces_before_a_call_is_no_part_of_the_answer(tmp_path: Path, image: Image) -> None:
    announced = AIMessage("Let me look.", tool_calls=call("look", image_id="img-1", question="q").tool_calls)
    # Not streamed: words and calls come in one message.
    model = ScriptedModel(replies=[announced, AIMessage(SOUND)], disable_streaming=True)
    chat = Assistant(load_settings(home=tmp_path), model=model, tools=[build_look()]).chat()
    _, answer = stream(chat, images=[image])
    assert answer.text == SOUND
    assert [one.tool for one in answer.evidence] == ["look"]
    assert model.seen[1][-2].text == ""


def test_steps_calls_and_time_each_end_in_an_answer(tmp_path: Path, image: Image) -> None:
    _, chat = begin(tmp_path, *(call("look", image_id="img-1", question=f"q{n}") for n in range(2)))
    answer = stream(chat, images=[image])[1]
    assert answer.notices == (say("turn.steps_taken_over", steps=8),)
    assert "img-1" in answer.text
    assert answer.ungrounded == ()
    many = [
        {"id": f"c{n}", "name": "look", "args": {"image_id": "img-1", "question": f"q{n}"}} for n in range(60)
    ]
    _, chat = begin(tmp_path, AIMessage("", tool_calls=many), AIMessage(SOUND))
    assert stream(chat, images=[image])[1].text == SOUND
    gate = threading.Event()
    gate.set()
    _, chat = begin(tmp_path, AIMessage("one two three"), turn_timeout_s=1e-9)
    late = stream(chat)[1]
    assert late.state == "stopped"
    assert "time limit" in late.notices[0]


def test_what_the_model_wrote_is_checked_and_what_the_planner_wrote_is_not(
    tmp_path: Path, image: Image
) -> None:
    _, chat = begin(tmp_path, AIMessage("img-1 shows a 12 mm melanoma on the left arm."))
    _, answer = stream(chat, images=[image])
    assert [(one.text, one.kind) for one in answer.ungrounded] == [
        ("12 mm", "number"),
        ("melanoma", "label"),
        ("left", "laterality"),
    ]
    assert chat.history()[0].answer == answer


def test_evidence_of_an_early_turn_still_counts(tmp_path: Path, image: Image) -> None:
    model, chat = begin(
        tmp_path, call("look", image_id="img-1", question="a cyst"), AIMessage("Seen."), history_turns=2
    )
    stream(chat, images=[image])
    model.replies = [AIMessage("Fine.")]
    for _ in range(4):
        stream(chat, "Thanks")
    model.replies = [AIMessage("As seen on img-1: a cyst.")]
    assert stream(chat)[1].ungrounded == ()
