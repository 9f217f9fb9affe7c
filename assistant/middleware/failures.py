"""Recognise an answer that is none, ask for it once more, and then let the built-in planner answer.

The planner answers at once after what asking again does not mend, and where the language model turns out not
to run on this machine.

Recognised are a loop (also while it is being written), an empty answer, a refusal without a reason, a prompt
or an earlier answer recited, broken characters, a tool call written out as an answer, a reader's answer lost
or turned round, and a model that broke off. What was streamed of such an answer is taken back, and so are
thoughts. An answer that was cut off at a limit is kept and said to be. Whether a sound answer is true is not
asked here; see ``assistant.grounding``.
"""

from __future__ import annotations

import json
import logging
import re
from collections.abc import Callable, Sequence
from typing import Any

from langchain.agents.middleware import AgentMiddleware, ModelRequest, ModelResponse
from langchain_core.messages import AIMessage, AnyMessage, HumanMessage, ToolMessage
from langchain_core.utils.function_calling import convert_to_openai_tool

from assistant.answers.events import Retracted
from assistant.llm.endings import LENGTH, BrokeOffError
from assistant.llm.loading import UnusableError
from assistant.llm.protocol import describe
from assistant.llm.thoughts import is_late, without_thoughts
from assistant.llm.tool_model import ToolTextModel
from assistant.log import places_of
from assistant.middleware.circles import is_loop
from assistant.middleware.listening import Repeating
from assistant.middleware.readers_word import loses_reader
from assistant.middleware.recited import is_recited, is_said_before
from assistant.middleware.taking_over import by_planner, is_planners, language_of
from assistant.planning.planner import Planner
from prompts import render
from tools.language.sayings import say

WRITTEN = {"kind": "written"}
"""On the custom stream: what follows is written by a language model, and is to be checked."""

LOOP, EMPTY, REFUSAL = "turn.loop", "turn.empty", "turn.refusal"
LEAK, BROKEN, CALL = "turn.leak", "turn.broken", "turn.call"
SAME, LOST = "turn.same", "turn.lost"
"""What may be wrong with a model's message, by the names of the sayings that tell it."""

FINAL = frozenset({LOOP, LEAK, SAME, LOST})
"""After these the model is not asked again: what it reads would be the same, and so is what it writes."""

_LOG = logging.getLogger("casebook")
# Ours: a refusal is short; a long answer that contains such a phrase says something besides.
_SHORT = 500
_BOILERPLATE = re.compile(
    r"as an? (?:ai|artificial|large language|language model)|"
    r"\b(?:i am|i['’]m) (?:sorry|afraid|unable|not able)\b[^.]*\b(?:assist|help|provide|view|see|analy[sz]e|"
    r"interpret|diagnos\w+|comply|fulfil\w*|do that)\b|"
    r"\b(?:i can(?:not|['’]t)|i (?:am|['’]m) (?:unable|not able) to) (?:assist|help|comply|fulfil\w*|provide "
    r"medical|view|see|analy[sz]e|interpret) (?:with |images|pictures|that|this|advice|any)",
    re.I,
)
_CALLS = re.compile(
    r"^\s*(?:```\w*\s*)?(?:<\|?tool_calls?\|?>|\[TOOL_CALLS\]|[\[{]\s*(?:[{]\s*)?\"(?:name|tool|tool_name|function|"
    r"arguments|args|parameters|tool_calls)\"\s*:)"
)
_BAD = re.compile("[\ufffd\x00-\x08\x0e-\x1f\ud800-\udfff]")


class FailureMiddleware(AgentMiddleware[Any, Any, Any]):
    """Asks once more for an answer that is none, and then the built-in planner."""

    def wrap_model_call(
        self, request: ModelRequest[Any], handler: Callable[[ModelRequest[Any]], ModelResponse[Any]]
    ) -> ModelResponse[Any]:
        """Call the model until there is an answer, at most twice; then the planner."""
        if isinstance(request.model, Planner):
            return handler(request)
        if is_planners(request.messages):
            return by_planner(request, handler)
        emit = request.runtime.stream_writer
        emit(WRITTEN)
        try:
            return self._asked(request, handler)
        except UnusableError as error:
            emit(Retracted(say("turn.unusable", language_of(request), error=error)))
            return by_planner(request, handler)

    def _asked(
        self, request: ModelRequest[Any], handler: Callable[[ModelRequest[Any]], ModelResponse[Any]]
    ) -> ModelResponse[Any]:
        emit = request.runtime.stream_writer
        seen: list[str] = []
        for again in (False, True):
            response, failure = _try(_reminded(request) if again else request, handler, request)
            if response is not None and failure is None:
                return _told(response, request)
            emit(Retracted())
            seen.append(_said(failure, language_of(request)))
            if failure in FINAL:
                break
        emit(Retracted(_notice(seen, language_of(request))))
        return by_planner(request, handler)


def _said(failure: str | BrokeOffError | None, language: str) -> str:
    """What went wrong, in words that go on after "The language model"."""
    if isinstance(failure, BrokeOffError):
        return say("turn.broke_off", language, kind=failure.kind)
    return say(str(failure), language)


def _notice(seen: Sequence[str], language: str) -> str:
    if len(seen) == 1:
        return say("turn.taken_over_at_once", language, what=seen[0])
    if seen[0] == seen[1]:
        return say("turn.taken_over", language, what=seen[0])
    return say("turn.taken_over_twice", language, what=seen[0], then=seen[1])


def _try(
    attempt: ModelRequest[Any],
    handler: Callable[[ModelRequest[Any]], ModelResponse[Any]],
    asked: ModelRequest[Any],
) -> tuple[ModelResponse[Any] | None, str | BrokeOffError | None]:
    """The response, and what is wrong with it."""
    try:
        response = handler(attempt)
    except Repeating:
        return None, LOOP
    except BrokeOffError as error:
        _LOG.warning("The language model broke off:\n%s", "\n".join(places_of(error)))
        return None, error
    last = response.result[-1]
    if not isinstance(last, AIMessage):
        return response, None
    if (words := without_thoughts(last.text)) != last.text:
        if is_late(last.text):
            asked.runtime.stream_writer(Retracted())
        last = response.result[-1] = last.model_copy(update={"content": words})
    return response, failure_of(last, _told_to(asked), asked.messages)


def _told_to(request: ModelRequest[Any]) -> str:
    """What a model reads besides the conversation: the system text, and what the tools are for."""
    tools = describe([convert_to_openai_tool(tool) for tool in request.tools])
    return f"{request.system_message.text if request.system_message else ''}\n{tools}"


def _told(response: ModelResponse[Any], request: ModelRequest[Any]) -> ModelResponse[Any]:
    """A sound response: its calls alone, or its words with what has to be said of them."""
    last = response.result[-1]
    if not isinstance(last, AIMessage):
        return response
    emit = request.runtime.stream_writer
    if last.tool_calls and last.text:
        # What a model announces before it has looked is no part of the answer.
        emit(Retracted())
        response.result[-1] = last.model_copy(update={"content": ""})
    if not last.tool_calls and last.response_metadata.get("finish_reason") == LENGTH:
        text = say("turn.cut_off_by_its_own", language_of(request))
        if isinstance(request.model, ToolTextModel):
            text = say("turn.cut_off", language_of(request), tokens=request.model.max_tokens)
        emit({"kind": "notice", "text": text})
    return response


def failure_of(message: AIMessage, told: str, asked: Sequence[AnyMessage]) -> str | None:
    """What is wrong with a model's message, by the name of a saying; None if nothing.

    Args:
        message: calls of tools, or an answer.
        told: the system text, and what the tools are for.
        asked: the conversation that the message goes on with.
    """
    text = message.text.strip()
    if message.tool_calls:
        return None
    checks: tuple[tuple[str, bool], ...] = (
        (EMPTY, not re.search(r"\w", text)),
        (BROKEN, bool(_BAD.search(text))),
        (CALL, is_written_call(text)),
        (LOOP, is_loop(text)),
        (LEAK, is_recited(text, told)),
        (SAME, is_said_before(text, asked)),
        (REFUSAL, is_refusal(text) and not _has_reason(asked)),
        (LOST, loses_reader(text, asked)),
    )
    return next((failure for failure, found in checks if found), None)


def is_refusal(text: str) -> bool:
    """Whether a text is nothing but a standing phrase of declining."""
    return len(text) < _SHORT and bool(_BOILERPLATE.search(text))


def is_written_call(text: str) -> bool:
    """Whether a text is a tool call, or the beginning of one, in JSON or a template's own tokens."""
    if _CALLS.match(text):
        return True
    try:
        return isinstance(json.loads(text), dict | list)
    except ValueError:
        return False


def _has_reason(asked: Sequence[AnyMessage]) -> bool:
    """Whether a tool refused since the question: then declining has a reason."""
    since = asked[max(i for i, one in enumerate(asked) if isinstance(one, HumanMessage)) :]
    return any(isinstance(one, ToolMessage) and one.status == "error" for one in since)


def _reminded(request: ModelRequest[Any]) -> ModelRequest[Any]:
    """The request with a remark at its end, in the question itself or after what the tools said."""
    remark, last = render("retry"), request.messages[-1]
    question = next(one for one in reversed(request.messages) if isinstance(one, HumanMessage))
    if last is question:
        content = f"{question.text}\n\n{remark}"
        return request.override(
            messages=[*request.messages[:-1], question.model_copy(update={"content": content})]
        )
    # The images go with the last message of the user; see ``assistant.memory.messages``.
    added = HumanMessage(remark, additional_kwargs=question.additional_kwargs)
    return request.override(messages=[*request.messages, added])
