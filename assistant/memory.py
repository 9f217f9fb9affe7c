"""What the chat model sees of a chat: recent turns as messages, and the images as a table.

Only the last few turns are read, so a turn costs the same in a long chat as in a short one.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from langchain_core.messages import AIMessage, AnyMessage, HumanMessage, ToolMessage

from assistant.answer import Answer, Evidence, Refused
from store.conversations import TurnRow
from tools.context import ChatImage, ImageTable

KEY = "casebook"


def past_messages(turns: Iterable[TurnRow]) -> list[AnyMessage]:
    """Earlier turns as a chat model expects them: question, tool calls, tool answers, answer.

    A turn that was cut off contributes its question and a remark, so the conversation stays whole.
    """
    messages: list[AnyMessage] = []
    for turn in turns:
        of_turn = _turn_messages(turn)
        for i, message in enumerate(of_turn):
            message.id = f"{turn.id}-{i}"  # the same in every later turn; LangGraph would make one up
        messages += of_turn
    return messages


def question_message(
    question: str, attached: Sequence[str], images: ImageTable, reader: str | None = None
) -> HumanMessage:
    """The user's question with the table of images, as words for a model and as data for the planner.

    Args:
        question: as typed.
        attached: ids of the images that came with it.
        images: all images of the chat.
        reader: the reading model that the user asked for by name.
    """
    rows = [image_row(image) for image in images]
    table = "\n".join(_line(row) for row in rows)
    content = f"{question}\n\n[Images of this chat]\n{table}" if rows else question
    if reader:
        content += f"\n\n[Answer with the reading model {reader}]"
    data = {"question": question, "attached": list(attached), "images": rows, "reader": reader}
    return HumanMessage(content, additional_kwargs={KEY: data})


def image_row(image: ChatImage) -> dict[str, Any]:
    """One image as plain data: id, gate, frame count, size, slice index."""
    gate = image.gate.model_dump(mode="json", exclude={"kind", "image_id"})
    return {"id": image.id, **gate, "index": image.index, **image.facts}


def _turn_messages(turn: TurnRow) -> list[AnyMessage]:
    question = _human(turn.question, turn.attached)
    if turn.answer is None:
        return [question, AIMessage("(This turn was interrupted before it was answered.)")]
    answer = Answer.from_json(turn.answer)
    return [question, *_tool_messages(answer), AIMessage(answer.text or "(No answer.)")]


def _human(question: str, attached: Sequence[str]) -> HumanMessage:
    data = {"question": question, "attached": list(attached)}
    note = f"\n\n[Added: {', '.join(attached)}]" if attached else ""
    return HumanMessage(question + note, additional_kwargs={KEY: data})


def _line(row: dict[str, Any]) -> str:
    kind = row["modality"] or row["domain"]
    part = f", {row['body_part']}" if row["body_part"] else ""
    slices = f", slice {row['index'] + 1} of {row['frames']}" if row.get("frames", 1) > 1 else ""
    return f"{row['id']}: {kind}{part}{slices} ({row['known_from']})"


def _tool_messages(answer: Answer) -> list[AnyMessage]:
    outcomes: list[Evidence | Refused] = [*answer.evidence, *answer.refused]
    messages: list[AnyMessage] = []
    for i, one in enumerate(outcomes):
        call_id = f"{answer.turn_id}-{i}"
        args = dict(one.args) if isinstance(one, Evidence) else {"image_id": one.image_id}
        messages.append(AIMessage("", tool_calls=[{"id": call_id, "name": one.tool, "args": args}]))
        messages.append(_tool_message(one, call_id))
    return messages


def _tool_message(one: Evidence | Refused, call_id: str) -> ToolMessage:
    if isinstance(one, Refused):
        return ToolMessage(one.reason, tool_call_id=call_id, name=one.tool, status="error")
    artifact = {
        "kind": "evidence",
        "image_id": one.image_id,
        "model": one.model,
        "revision": one.revision,
        "records": [dict(record) for record in one.records],
    }
    return ToolMessage(one.content, tool_call_id=call_id, name=one.tool, artifact=artifact)
