"""One turn: run the loop, report what happens as events, end with an `Answer`.

This file does not read files, does not draw, and does not store; ``assistant.chat`` does the last.
"""

from __future__ import annotations

import logging
import re
import time
import uuid
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar, cast

from langchain_core.messages import AIMessage, AIMessageChunk, AnyMessage

from assistant.answers.answer import Answer, AnswerState, Evidence, Refused
from assistant.answers.events import (
    Event,
    Failed,
    Finished,
    ReaderText,
    Retracted,
    Text,
    ToolFinished,
    ToolRefused,
    ToolStarted,
    Waiting,
)
from assistant.memory.messages import KEY, image_ref
from assistant.middleware.marks import BY_PLANNER, BY_RULES, SHOWN, WRITTEN, Stopped
from assistant.turn.loop import Loop
from store.errors import CasebookError
from tools.context import CaseContext
from tools.language.sayings import FIRST, say
from tools.models.installed_readers import TOOLS

_IMAGE_ID = re.compile(r"\bimg-\d+\b")
_READING = frozenset(TOOLS.values())
_LOG = logging.getLogger("casebook")
_OfACall = TypeVar("_OfACall", Evidence, Refused)


@dataclass
class _Draft:
    """What there is of the answer so far."""

    text: str = ""
    evidence: list[Evidence] = field(default_factory=list)
    refused: list[Refused] = field(default_factory=list)
    notices: list[str] = field(default_factory=list)
    state: AnswerState = "answered"
    called: dict[str, None] = field(default_factory=dict)
    steps: dict[tuple[str, ...], None] = field(default_factory=dict)
    reading: int = 0
    timed_out: bool = False
    written: bool = False
    by_planner: bool = False
    by_rules: bool = False
    language: str = FIRST

    def note_calls(self, message: AnyMessage) -> None:
        """Remember who speaks and the order in which tools were called; they finish in any order."""
        mark = message.additional_kwargs.get(KEY)
        self.by_planner |= mark == BY_PLANNER[KEY]
        self.by_rules |= mark == BY_RULES[KEY]
        if not isinstance(message, AIMessage) or not message.tool_calls:
            return
        self.steps[tuple(str(call["id"]) for call in message.tool_calls)] = None
        for call in message.tool_calls:
            self.called[str(call["id"])] = None

    def in_call_order(self, told: Sequence[_OfACall]) -> tuple[_OfACall, ...]:
        """What calls gave, in the order of the calls; they end in any."""
        order = {key: i for i, key in enumerate(self.called)}
        return tuple(sorted(told, key=lambda one: order.get(one.call_id, len(order))))

    def take(self, event: Event) -> None:
        if isinstance(event, Text):
            self.text += event.delta
        elif isinstance(event, Retracted):
            self._take_back(event.notice)
        elif isinstance(event, ToolStarted):
            self.reading += event.tool in _READING
        elif isinstance(event, ToolFinished):
            self.reading -= event.evidence.tool in _READING
            self.evidence.append(event.evidence)
        elif isinstance(event, ToolRefused):
            self.reading -= event.refused.tool in _READING
            self.refused.append(event.refused)

    def _take_back(self, notice: str) -> None:
        self.text = ""
        if notice:  # the planner goes on
            self.written = False
            self.notices.append(notice)

    def run_out(self, seconds: float) -> None:
        """The time is over. What the planner says is whole before a language model writes, and stands."""
        self.timed_out, self.by_planner = True, self.by_planner or self.written
        name = "turn.out_of_time" if self.written else "turn.timed_out"
        self.notices.append(say(name, self.language, seconds=seconds))

    def stop(self) -> None:
        """The turn was ended early: keep what a reading model had said, even if it was not quoted yet."""
        if self.timed_out and self.written:
            return
        self.state = "stopped"
        if not self.timed_out:
            self.notices.append(say("turn.stopped", self.language))
        if not self.text:
            self.text = "\n\n".join(
                one.content for one in self.in_call_order(self.evidence) if one.tool in _READING
            )


def run_turn(
    loop: Loop,
    context: CaseContext,
    messages: Callable[[], Sequence[AnyMessage]],
    *,
    attached: Sequence[str],
    timeout_s: float,
    notices: Sequence[str] = (),
) -> Iterator[Event]:
    """Run one turn.

    Args:
        loop: what answers.
        context: what the tools see.
        messages: makes earlier turns and the question.
        attached: ids of the images that came with the question.
        timeout_s: after this many seconds no further step is started.
        notices: what the answer must say of files that were left out, and of the chat model.

    Yields:
        Events in order; the last is always `Finished`.
    """
    draft = _Draft(notices=list(notices), language=context.language)
    try:
        for event in _steps(loop, context, messages, timeout_s, draft):
            draft.take(event)
            yield event
    except Stopped:
        draft.stop()
    except CasebookError as error:
        yield _fail(draft, Failed(str(error)))
    except Exception:  # noqa: BLE001 - the one place where a bug is caught: the turn ends, the chat lives on
        reference = uuid.uuid4().hex[:8]
        _LOG.exception("turn %s failed (reference %s)", context.turn_id, reference)
        reason = say("turn.failed", context.language, reference=reference)
        yield _fail(draft, Failed(reason, reference))
    yield Finished(_answer(context, draft, attached))


def _steps(
    loop: Loop,
    context: CaseContext,
    messages: Callable[[], Sequence[AnyMessage]],
    timeout_s: float,
    draft: _Draft,
) -> Iterator[Event]:
    deadline = time.monotonic() + timeout_s
    last: list[AnyMessage] = []
    for mode, payload in loop.steps(messages(), context):
        if time.monotonic() > deadline and not context.cancelled.is_set():
            context.cancelled.set()
            draft.run_out(timeout_s)
        # A reading model that is being stopped ends within a token and hands over what it said.
        if context.cancelled.is_set() and not draft.reading:
            raise Stopped
        if mode == "custom":
            yield from _custom(payload, draft)
        elif mode == "values":
            last = payload["messages"][-1:]
            draft.note_calls(last[0])
        elif isinstance(payload[0], AIMessageChunk) and not draft.written and payload[0].text:
            yield Text(str(payload[0].text))
    yield from _unstreamed(draft, last)


def _custom(payload: Any, draft: _Draft) -> Iterator[Event]:
    """What came on the custom stream: an event, or what middleware or a tool says as plain data."""
    if not isinstance(payload, dict):
        yield cast("Event", payload)
    elif payload == WRITTEN:
        draft.written = True
    elif payload["kind"] == SHOWN:
        yield from _shown(payload["text"], draft)
    elif payload["kind"] == "notice":
        draft.notices.append(payload["text"])
    elif payload["kind"] == "waits":
        yield Waiting(payload["text"])
    else:
        yield ReaderText(payload["reader"], payload["image_id"], payload["text"], payload["first"])


def _shown(text: str, draft: _Draft) -> Iterator[Event]:
    """A whole text in place of the one on the screen."""
    if text == draft.text:
        return
    if draft.text:
        yield Retracted()
    yield Text(text)


def _unstreamed(draft: _Draft, last: list[AnyMessage]) -> Iterator[Event]:
    """The final message of a model that does not stream, or that a call limit ended."""
    if not draft.text and last and isinstance(last[0], AIMessage) and last[0].text:
        yield Text(last[0].text)


def _fail(draft: _Draft, failed: Failed) -> Failed:
    draft.state = "failed"
    draft.notices.append(failed.reason)
    return failed


def _answer(context: CaseContext, draft: _Draft, attached: Sequence[str]) -> Answer:
    involved = {*attached, *(e.image_id for e in draft.evidence), *(r.image_id for r in draft.refused)}
    involved |= set(_IMAGE_ID.findall(draft.text))
    return Answer(
        chat_id=context.chat_id,
        turn_id=context.turn_id,
        text=draft.text.strip(),
        images=tuple(image_ref(image) for image in context.images if image.id in involved),
        evidence=draft.in_call_order(draft.evidence),
        refused=draft.in_call_order(draft.refused),
        notices=tuple(draft.notices),
        state=draft.state,
        steps=tuple(draft.steps),
        by_planner=draft.by_planner,
        by_rules=draft.by_rules,
        language=draft.language,
    )
