"""Recognise a language model's answer that is none.

Recognised are a loop (also while it is being written), an empty answer, a refusal without a reason, a prompt
or an earlier answer recited, broken characters, a tool call written out as an answer, and a model that broke
off. Thoughts are taken out. Whether a sound answer is true is not asked here; see ``worded``.
"""

from __future__ import annotations

import json
import logging
import re
from collections.abc import Callable, Sequence
from typing import Any

from langchain.agents.middleware import ModelRequest, ModelResponse
from langchain_core.messages import AIMessage, AnyMessage, HumanMessage, ToolMessage
from langchain_core.utils.function_calling import convert_to_openai_tool

from assistant.llm.endings import LENGTH, BrokeOffError
from assistant.llm.protocol import describe
from assistant.llm.thoughts import without_thoughts
from assistant.log import places_of
from assistant.middleware.circles import is_loop
from assistant.middleware.listening import Repeating
from assistant.middleware.recited import is_recited, is_said_before
from assistant.middleware.taking_over import language_of
from tools.language.sayings import say

LOOP, EMPTY, REFUSAL = "turn.loop", "turn.empty", "turn.refusal"
LEAK, BROKEN, CALL = "turn.leak", "turn.broken", "turn.call"
SAME = "turn.same"
"""What may be wrong with a model's message, by the names of the sayings that tell it."""

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


def heard(
    request: ModelRequest[Any], handler: Callable[[ModelRequest[Any]], ModelResponse[Any]]
) -> AIMessage | str:
    """The language model's calls, or its words without thoughts; or what went wrong, in words.

    Raises:
        UnusableError: the model does not run on this machine.
    """
    language = language_of(request)
    try:
        response = handler(request)
    except Repeating:
        return say(LOOP, language)
    except BrokeOffError as error:
        _LOG.warning("The language model broke off:\n%s", "\n".join(places_of(error)))
        return say("turn.broke_off", language, kind=error.kind)
    last = response.result[-1]
    if not isinstance(last, AIMessage):
        return say(EMPTY, language)
    if last.tool_calls:
        # What a model announces before it has looked is no part of the answer.
        return last.model_copy(update={"content": ""})
    last = last.model_copy(update={"content": without_thoughts(last.text)})
    failure = failure_of(last, _told_to(request), request.messages)
    return last if failure is None else say(failure, language)


def is_cut_off(message: AIMessage) -> bool:
    """Whether an answer ended at a limit."""
    return message.response_metadata.get("finish_reason") == LENGTH


def _told_to(request: ModelRequest[Any]) -> str:
    """What a model reads besides the conversation: the system text, and what the tools are for."""
    tools = describe([convert_to_openai_tool(tool) for tool in request.tools])
    return f"{request.system_message.text if request.system_message else ''}\n{tools}"


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
