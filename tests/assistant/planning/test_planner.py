"""The planner inside the real loop, with its tools replaced by ones that say they were called."""

from langchain_core.messages import AIMessage, HumanMessage, ToolMessage
from langchain_core.tools import tool

from assistant.memory.messages import KEY
from assistant.planning.plan import make_tasks
from assistant.planning.planner import Planner
from tests.scripted.chat_model import build_look
from tools.for_langchain import for_langchain


def human(question, images=(), attached=()):
    rows = [{"id": i, "domain": "radiology", "modality": "CT", "known_from": "file header"} for i in images]
    data = {"question": question, "attached": list(attached), "images": rows}
    return HumanMessage(question, additional_kwargs={KEY: data})


def test_a_tool_marked_as_reading_a_domain_is_called_with_image_and_question():
    reader = for_langchain(build_look())
    reader.metadata = {"reads": "radiology"}
    reply = Planner().bind_tools([reader]).invoke([human("any fracture?", ["img-1"], ["img-1"])])
    (made,) = reply.tool_calls
    assert (made["name"], made["args"]) == ("look", {"image_id": "img-1", "question": "any fracture?"})


def test_a_tool_that_is_not_bound_is_never_called():
    reply = Planner().bind_tools([]).invoke([human("what is this?", ["img-1"], ["img-1"])])
    assert reply.tool_calls == []
    assert reply.text


def test_what_streams_is_what_is_returned_at_once():
    planner = Planner().bind_tools([])
    question = [human("what can you do?")]
    streamed = "".join(chunk.text for chunk in planner.stream(question))
    assert streamed == planner.invoke(question).text


def test_any_tool_choice_is_accepted():
    for choice in (None, "auto", "any", "look", {"type": "function", "function": {"name": "look"}}):
        assert Planner().bind_tools([for_langchain(build_look())], tool_choice=choice).step.tool_names == {
            "look"
        }


def test_it_answers_after_its_tools_have():
    reader = for_langchain(build_look())
    reader.metadata = {"reads": "radiology"}
    planner = Planner().bind_tools([reader])
    question = human("any fracture?", ["img-1"], ["img-1"])
    call = planner.invoke([question])
    finding = {
        "kind": "finding",
        "image_id": "img-1",
        "label": "x",
        "text": "No fracture is seen.",
        "model": "look 1",
    }
    artifact = {"kind": "evidence", "image_id": "img-1", "model": "look 1", "records": [finding]}
    said = ToolMessage("said", tool_call_id=call.tool_calls[0]["id"], name="look", artifact=artifact)
    reply = planner.invoke([question, call, said])
    assert reply.tool_calls == []
    assert reply.text == "look 1 says of img-1: “No fracture is seen.”"


def test_a_conversation_without_a_question_does_not_break_it():
    assert isinstance(Planner().invoke([AIMessage("odd")]), AIMessage)


def test_what_a_question_asks_for_is_decided_once_in_a_turn(monkeypatch):
    from assistant.planning import decided

    asked = []
    monkeypatch.setattr(decided, "make_tasks", lambda talk: asked.append(talk) or make_tasks(talk))
    planner = Planner().bind_tools([_inspecting()])
    question = human("is that really a CT of the abdomen, decided once?", ["img-1"], ["img-1"])
    call = planner.invoke([question])
    seen = [question, call, ToolMessage("seen", tool_call_id=call.tool_calls[0]["id"], name="inspect_image")]
    assert planner.invoke(seen).text
    assert len(asked) == 1
    assert asked[0].results == ()


def test_it_is_decided_again_once_an_image_is_taken_for_something_else(monkeypatch):
    from assistant.planning import decided

    asked = []
    monkeypatch.setattr(decided, "make_tasks", lambda talk: asked.append(talk) or make_tasks(talk))
    planner = Planner().bind_tools([_inspecting()])
    question = human("what is it, decided twice?", ["img-1"], ["img-1"])
    call = planner.invoke([question])
    gate = {
        "kind": "gate",
        "image_id": "img-1",
        "domain": "dermatology",
        "modality": "XC",
        "known_from": "user",
    }
    artifact = {
        "kind": "evidence",
        "image_id": "img-1",
        "records": [gate | {"body_part": None, "score": None}],
    }
    said = ToolMessage("so", tool_call_id=call.tool_calls[0]["id"], name="treat_image_as", artifact=artifact)
    planner.invoke([question, call, said])
    assert [one.image("img-1").domain for one in asked] == ["radiology", "dermatology"]


def _inspecting():
    @tool
    def inspect_image(image_id: str, question: str) -> str:
        """Inspect an image."""
        return f"{image_id} {question}"

    return inspect_image
