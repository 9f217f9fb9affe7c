"""What the chat model sees of earlier turns."""

from langchain_core.messages import AIMessage, HumanMessage, ToolMessage

from assistant.answers.answer import Answer, Evidence, ImageRef, Refused
from assistant.memory.messages import KEY, past_messages, question_message, summary_messages
from assistant.memory.summary import Summary
from store.chats.conversations import TurnRow
from store.records import Finding, Gate
from tools.context import ChatImage, ImageTable


def turn(answer, attached=()):
    text = answer.to_json() if answer else None
    return TurnRow("id", 1, "what is it?", attached, "answered", text, 0.0)


def test_a_past_turn_is_question_tool_calls_tool_answers_and_answer():
    finding = Finding(image_id="img-1", label="l", text="t", model="m").model_dump(mode="json")
    said = Evidence(
        "look", "img-1", "m", "1", 0.1, "It says.", (finding,), {"image_id": "img-1", "question": "q"}
    )
    answer = Answer("c", "t", "So it is.", evidence=(said,), refused=(Refused("measure", "img-1", "No."),))
    messages = past_messages([turn(answer, ("img-1",))])
    assert [type(m) for m in messages] == [
        HumanMessage,
        AIMessage,
        ToolMessage,
        AIMessage,
        ToolMessage,
        AIMessage,
    ]
    assert messages[1].tool_calls[0]["args"] == {"image_id": "img-1", "question": "q"}
    assert messages[2].tool_call_id == messages[1].tool_calls[0]["id"]
    assert messages[2].artifact["records"] == [finding]
    assert (messages[4].status, messages[4].content) == ("error", "No.")
    assert messages[5].text == "So it is."


def test_a_turn_that_was_cut_off_still_has_an_answer_message():
    messages = past_messages([turn(None)])
    assert isinstance(messages[-1], AIMessage)
    assert "interrupted" in messages[-1].text


def test_the_question_carries_the_images_as_words_and_as_data_but_never_pixels():
    gate = Gate(domain="radiology", modality="CT", body_part="chest", known_from="file header")
    image = ChatImage("img-1", "k", gate, lambda: None, 4, {"frames": 9, "width": 8, "height": 8})
    message = question_message("what is it?", ("img-1",), ImageTable([image]))
    assert "<data>img-1: CT, chest (file header), 9 slices</data>" in message.text
    assert message.additional_kwargs[KEY]["images"][0]["frames"] == 9
    assert len(str(message)) < 2000


def test_calls_that_were_made_together_stay_together_and_in_their_order():
    first = Evidence("look", "img-1", "m", "1", 0.1, "One.", args={"image_id": "img-1"}, call_id="a")
    second = Refused("look", "img-9", "No.", {"image_id": "img-9"}, "b")
    third = Evidence("look", "img-2", "m", "1", 0.1, "Two.", args={"image_id": "img-2"}, call_id="c")
    answer = Answer("c", "t", "So.", evidence=(third, first), refused=(second,), steps=(("a", "b"), ("c",)))
    messages = past_messages([turn(answer)])
    assert [[call["id"] for call in m.tool_calls] for m in messages if isinstance(m, AIMessage)] == [
        ["a", "b"],
        ["c"],
        [],
    ]
    assert [m.content for m in messages if isinstance(m, ToolMessage)] == ["One.", "No.", "Two."]


def test_a_question_is_rendered_later_as_it_was_when_it_was_asked():
    gate = Gate(domain="dermatology", modality="DMS", known_from="user")
    images = ImageTable([ChatImage(f"img-{n}", "k", gate, lambda: None) for n in (1, 2, 3)])
    ref = ImageRef("img-2", "dermatology", "DMS", None, "user", None)
    answer = Answer("c", "t", "So.", images=(ref,))
    asked = question_message("what is it?", ("img-2",), ImageTable([*images][:2]))
    later = past_messages([turn(answer, ("img-2",))], images, ("img-3",))
    assert later[0].text == asked.text
    assert later[0].text.endswith("[Images of this chat: img-1 to img-2]")


def test_a_chat_without_turns_has_no_summary():
    assert summary_messages(Summary(), 1000) == []
