"""What a reading model said to a question is kept in an answer."""

from __future__ import annotations

from typing import Any

import pytest
from langchain_core.messages import AIMessage, HumanMessage, ToolMessage

from assistant.middleware.readers_word import loses_reader


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
    ("asked", "said", "text", "lost"),
    [
        (FRACTURE, [ONE], "The reading model says no. That may be wrong.", False),
        (FRACTURE, [ONE], "It sees no fracture on img-1.", False),
        (FRACTURE, [ONE], "one says of img-1: “No, there is no fracture.”", False),
        (FRACTURE, [ONE], "Yes, there is a fracture.", True),
        (FRACTURE, [ONE], "The reading model says no. I see a fracture, yes.", True),
        (FRACTURE, [ONE], "I cannot tell whether there is a fracture.", True),
        (FRACTURE, [ONE], "img-1 is a radiograph of a wrist.", True),
        (FRACTURE, [ONE, TWO], "one says no. two says yes.", False),
        (FRACTURE, [ONE, TWO], "Both say no.", True),
        (FRACTURE, [ONE, OTHER], "On img-1 no. On img-2 yes.", False),
        (FRACTURE, [ONE, OTHER], "On img-1 yes. On img-2 no.", True),
        (FRACTURE, [("img-1", "one", "Nice weather.")], "Nobody can say.", True),
        (FRACTURE, [("img-1", "one", "What a fine day.")], "Nobody can say.", False),
        (SIDE, [("img-1", "one", "left")], "The reading model says it is on the left.", False),
        (FRACTURE, [("img-1", "one", "What a fine day.")], "Nobody can say.", False),
        (SIDE, [("img-1", "one", "left")], "It is on the right.", True),
        ("What is it?", [("img-1", "one", "A wrist.")], "A hand.", True),
        ("What is it?", [("img-1", "one", "A wrist.")], "one calls it a wrist.", False),
        ("What is it?", [("img-1", "one", "A wrist, seen from the side.")], "A hand.", False),
    ],
)
def test_a_readers_yes_or_option_is_never_lost_or_turned(
    asked: str, said: list[tuple[str, str, str]], text: str, lost: bool
) -> None:
    question = HumanMessage(asked)
    assert loses_reader(text, [question, reading(asked, *said)]) is lost
    later = [question, reading(asked, *said), AIMessage("Fine."), HumanMessage(asked.upper())]
    assert loses_reader(text, later) is lost
    other = [question, reading(asked, *said), AIMessage("Fine."), HumanMessage("And how old is it?")]
    assert not loses_reader(text, other)
