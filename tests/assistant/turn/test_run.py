"""One turn of the loop, with a scripted model and a trivial tool."""

import threading

import pytest
from langchain_core.messages import AIMessage

from assistant.answers.disclaimers import general
from assistant.answers.events import Failed, Finished, Retracted, Text, ToolFinished, ToolRefused, ToolStarted
from assistant.memory.messages import question_message
from assistant.turn.agent import MAX_MODEL_CALLS, build_agent
from assistant.turn.run import run_turn
from store.pictures.blobs import BlobStore
from tests.scripted.chat_model import ScriptedModel, build_look, call
from tools.context import CaseContext, ImageTable

SAID = "A cyst was seen."


@pytest.fixture
def context(tmp_path):
    return CaseContext("chat", "turn", "what?", ImageTable(), BlobStore(tmp_path), lambda: None)


def run(context, replies, *, tools=None, timeout_s=30.0, gate=None):
    model = ScriptedModel(replies=replies, gate=gate)
    agent = build_agent(model, tools or [build_look()])
    messages = [question_message(context.question, (), context.images)]
    return model, run_turn(agent, context, lambda: messages, attached=(), timeout_s=timeout_s)


def test_events_come_in_the_order_a_reader_sees_them(context):
    _, events = run(context, [call("look", image_id="img-1", question="a cyst"), AIMessage(SAID)])
    events = list(events)
    kinds = [type(event) for event in events]
    assert kinds == [Text, ToolStarted, ToolFinished, Retracted, Text, Finished]


def test_the_answer_is_the_text_that_streamed_with_what_the_tools_said(context):
    _, events = run(context, [call("look", image_id="img-1", question="a cyst"), AIMessage(SAID)])
    events = list(events)
    answer = events[-1].answer
    shown = events[max(i for i, e in enumerate(events) if isinstance(e, Retracted)) :]
    assert answer.text == "".join(e.delta for e in shown if isinstance(e, Text)).strip() == SAID
    (one,) = answer.evidence
    assert (one.tool, one.image_id, one.content, dict(one.args)["question"]) == (
        "look",
        "img-1",
        "Looked at img-1.",
        "a cyst",
    )
    assert one.records[0]["kind"] == "finding"


def test_a_refusal_goes_back_to_the_model_and_into_the_answer(context):
    model, events = run(context, [call("look", image_id="img-0", question="q"), AIMessage("It could not.")])
    events = list(events)
    assert [type(e) for e in events[:3]] == [Text, ToolStarted, ToolRefused]
    assert events[-1].answer.refused[0].reason == "There is no image img-0."
    assert model.seen[1][-1].content == "<data>There is no image img-0.</data>"


def test_evidence_is_in_the_order_of_the_calls_whichever_tool_ends_first(context):
    calls = [
        {"id": str(i), "name": "look", "args": {"image_id": f"img-{i}", "question": "q"}} for i in range(1, 9)
    ]
    for _ in range(5):
        _, events = run(context, [AIMessage("", tool_calls=calls), AIMessage("done")])
        answer = list(events)[-1].answer
        assert [one.image_id for one in answer.evidence] == [f"img-{i}" for i in range(1, 9)]


def test_a_bug_ends_the_turn_with_a_reference_and_without_its_words(context, logged):
    _, events = run(context, [call("look", image_id="img-bug", question="q"), AIMessage("never")])
    events = list(events)
    failed = next(e for e in events if isinstance(e, Failed))
    answer = events[-1].answer
    assert answer.state == "failed"
    assert failed.reference and failed.reference in logged[-1].getMessage()
    assert "Jane Doe" not in str(answer)
    assert general() in answer.disclaimers


def test_stop_keeps_what_there_was(context):
    gate = threading.Event()
    _, events = run(context, [AIMessage("one two three four five six seven")], gate=gate)
    got = []
    gate.set()
    for event in events:
        got.append(event)
        if isinstance(event, Text):
            context.cancelled.set()
    answer = got[-1].answer
    assert answer.state == "stopped"
    assert answer.text == "".join(event.delta for event in got if isinstance(event, Text))
    assert "seven" not in answer.text
    assert "stopped" in answer.notices[0]


def test_stop_before_a_tool_means_the_tool_never_runs(context):
    context.cancelled.set()
    _, events = run(context, [call("look", image_id="img-1", question="q"), AIMessage("x")])
    events = list(events)
    assert not any(isinstance(e, ToolFinished) for e in events)
    assert events[-1].answer.state == "stopped"


def test_a_turn_over_its_time_is_ended_and_says_so(context):
    _, events = run(context, [AIMessage("a b c d")], timeout_s=0.0)
    answer = list(events)[-1].answer
    assert answer.state == "stopped"
    assert "time limit" in answer.notices[0]


def test_a_model_that_only_calls_tools_is_ended_by_the_call_limit(context):
    model, events = run(context, [call("look", image_id="img-1", question="q")])
    assert isinstance(list(events)[-1], Finished)
    assert len(model.seen) == MAX_MODEL_CALLS


def test_a_tool_the_model_invents_does_not_end_the_turn(context):
    _, events = run(context, [call("no_such_tool", image_id="img-1"), AIMessage("Then not.")])
    assert list(events)[-1].answer.state == "answered"


def test_an_answer_says_whether_the_planner_gave_it_because_the_model_failed(context):
    looked = call("look", image_id="img-1", question="a cyst")
    for replies, by_planner in (([looked, AIMessage(SAID)], False), ([AIMessage("")], True)):
        _, events = run(context, replies)
        assert list(events)[-1].answer.by_planner is by_planner
