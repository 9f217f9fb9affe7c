"""What the chat model sees of a chat: a summary of its oldest turns, and the later ones as messages.

A turn is rendered once and for all: what it looks like while it is current is what it looks like in every
later turn, so that a model need not evaluate it again.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import Any

from langchain_core.messages import AIMessage, AnyMessage, HumanMessage, ToolCall, ToolMessage

from assistant.answers.answer import Answer, Evidence, ImageRef, Refused
from assistant.answers.marks import as_data
from assistant.memory.summary import Summary, kind_of
from store.chats.conversations import TurnRow
from tools.context import ChatImage, ImageTable
from tools.language.sayings import FIRST

KEY = "casebook"
PLANNERS_PAST = "past"
"""Under `KEY` of a question that a language model gets too: earlier turns as the planner knows them."""
SUMMARY_ID = "summary"
# Ours: all turns of a long chat, which what a language model writes is held against, or the latest of some.
_KEPT = 512
# Ours: the turns that some chats at once are shown of themselves.
_RENDERED = 256
_ADDED, _IMAGES, _READER = "[Added:", "[Images of this chat:", "[Answer with the reading model"
_SUMMARY, _UNDERSTOOD = "[Summary of turns", "I have read the summary."
_INTERRUPTED, _NO_ANSWER = "(This turn was interrupted before it was answered.)", "(No answer.)"
MARKS = (_ADDED, _IMAGES, _READER, _SUMMARY, _UNDERSTOOD, _INTERRUPTED, _NO_ANSWER)
"""What is said to models and never by one."""


def past_messages(
    turns: Sequence[TurnRow], images: ImageTable | None = None, attached: Sequence[str] = ()
) -> list[AnyMessage]:
    """Earlier turns as a chat model expects them: question, tool calls, tool answers, answer.

    A turn that was cut off contributes its question and a remark, so the conversation stays whole.

    Args:
        turns: the turns, the last of them being the one before the question.
        images: all images of the chat.
        attached: ids of those that came with the question.
    """
    table = images or ImageTable()
    there = _there_at(turns, len(table) - len(attached))
    messages: list[AnyMessage] = []
    for turn, count in zip(turns, there, strict=True):
        answer = kept_answer(turn.answer) if turn.answer else None
        refs = {ref.id: ref for ref in answer.images} if answer else {}
        known = {image.id: image for image in table} if turn.attached else {}
        added = [_described(known[one], refs.get(one)) if one in known else one for one in turn.attached]
        messages += _turn_messages(turn, tuple(added), count)
    return messages


def summary_messages(summary: Summary, chars: int) -> list[AnyMessage]:
    """The oldest turns as one question and answer of at most about `chars` characters; none without turns."""
    if not summary.upto:
        return []
    told = f"{_SUMMARY} 1 to {summary.upto} of this chat]\n{as_data(summary.text(chars))}"
    question = HumanMessage(told, id=SUMMARY_ID, additional_kwargs={KEY: {"question": "", "attached": []}})
    return [question, AIMessage(_UNDERSTOOD, id=f"{SUMMARY_ID}-answer")]


def question_message(
    question: str,
    attached: Sequence[str],
    images: ImageTable,
    reader: str | None = None,
    before: Sequence[str] | None = None,
    *,
    language: str = FIRST,
) -> HumanMessage:
    """The user's question with the images that came with it, as words for a model and data for the planner.

    Args:
        question: as typed.
        attached: ids of the images that came with it.
        images: all images of the chat.
        reader: the reading model that the user asked for by name.
        before: the latest questions, oldest first, where the messages before this may hold fewer.
        language: that of the answer.
    """
    rows = [image_row(image) for image in images]
    content = question + _note([_described(images.get(one)) for one in attached], len(images))
    if reader:
        content += f"\n{_READER} {reader}]"
    data = {"question": question, "attached": list(attached), "images": rows, "reader": reader}
    data["language"] = language
    data |= {"before": list(before)} if before is not None else {}
    return HumanMessage(content, additional_kwargs={KEY: data})


def image_ref(image: ChatImage) -> ImageRef:
    """An image as an answer names it."""
    gate = image.gate
    return ImageRef(image.id, gate.domain, gate.modality, gate.body_part, gate.known_from, gate.score)


def image_row(image: ChatImage) -> dict[str, Any]:
    """One image as plain data: id, gate, frame count, size, slice index; marks while it is in the viewer."""
    gate = image.gate.model_dump(mode="json", exclude={"kind", "image_id"})
    marks = {"marks": len(image.seen.marks)} if image.seen else {}
    return {"id": image.id, **gate, "index": image.index, **image.facts, **marks}


def _there_at(turns: Sequence[TurnRow], there: int) -> list[int]:
    """How many images the chat had at each turn: it has `there` after the last, and keeps them all."""
    counts = []
    for turn in reversed(turns):
        counts.append(there)
        there -= len(turn.attached)
    return counts[::-1]


@lru_cache(maxsize=_KEPT)
def kept_answer(text: str) -> Answer:
    """A stored answer; those of the last turns are asked for again and again."""
    return Answer.from_json(text)


@lru_cache(maxsize=_RENDERED)
def _turn_messages(turn: TurnRow, added: tuple[str, ...], there: int) -> tuple[AnyMessage, ...]:
    """A turn's messages; the same ones in every later turn, so nobody may change them."""
    answer = kept_answer(turn.answer) if turn.answer else None
    data = {"question": turn.question, "attached": list(turn.attached)}
    messages: list[AnyMessage] = [
        HumanMessage(turn.question + _note(added, there), additional_kwargs={KEY: data})
    ]
    if answer is None:
        messages.append(AIMessage(_INTERRUPTED))
    else:
        messages += [*_tool_messages(answer), AIMessage(answer.text or _NO_ANSWER)]
    for i, message in enumerate(messages):
        message.id = f"{turn.id}-{i}"  # the same in every later turn; LangGraph would make one up
    return tuple(messages)


def _note(added: Sequence[str], there: int) -> str:
    """What a question says of images: those that came with it, and which the chat has."""
    if there < 1:
        return ""
    ids = "img-1" if there == 1 else f"img-1 to img-{there}"
    new = f"\n{_ADDED} {as_data('; '.join(added))}]" if added else ""
    return f"\n{new}\n{_IMAGES} {ids}]"


def _described(image: ChatImage, ref: ImageRef | None = None) -> str:
    """An image in a line; as `ref` has it, where it has been taken for something else since."""
    gate = image.gate
    shown = ref or ImageRef(image.id, gate.domain, gate.modality, gate.body_part, gate.known_from, gate.score)
    frames = image.facts.get("frames", 1)
    return f"{image.id}: {kind_of(shown)}" + (f", {frames} slices" if frames > 1 else "")


def _tool_messages(answer: Answer) -> list[AnyMessage]:
    outcomes: list[Evidence | Refused] = [*answer.evidence, *answer.refused]
    by_call = {one.call_id: one for one in outcomes if one.call_id}
    steps = [[by_call[name] for name in step if name in by_call] for step in answer.steps]
    if not steps:  # stored before calls were: one after the other
        steps = [[one] for one in outcomes]
    messages: list[AnyMessage] = []
    for n, step in enumerate(step for step in steps if step):
        ids = [one.call_id or f"{answer.turn_id}-{n}" for one in step]
        calls = [_call(one, name) for one, name in zip(step, ids, strict=True)]
        messages.append(AIMessage("", tool_calls=calls))
        messages += [_tool_message(one, name) for one, name in zip(step, ids, strict=True)]
    return messages


def _call(one: Evidence | Refused, call_id: str) -> ToolCall:
    args = dict(one.args) or {"image_id": one.image_id}
    return {"id": call_id, "name": one.tool, "args": args, "type": "tool_call"}


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
