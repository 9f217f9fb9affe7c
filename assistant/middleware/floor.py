"""The planner is the floor: it decides first, whatever language model is set.

It makes its calls at once, and its answer is on the screen before a language model has begun. The model is
asked only where the question leaves room for it (``assistant.planning.room``); it finds the planner's calls
with their results in the conversation, may call more tools, and writes. Of what it writes the user sees what
the evidence carries (``worded``) in the place of the planner's answer, or nothing: then the planner's answer
stands, with the reason; what the model's calls gave, or why one was refused, is no part of it. What a model
writes is not shown while it is being written.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Sequence
from typing import Any

from langchain.agents.middleware import AgentMiddleware, ModelRequest, ModelResponse
from langchain_core.messages import AIMessage, AnyMessage, HumanMessage
from langchain_core.tools import BaseTool

from assistant.llm.tool_model import ToolTextModel
from assistant.memory.messages import KEY
from assistant.middleware.failures import CALL, heard, is_cut_off
from assistant.middleware.marks import BY_PLANNER, BY_RULES, PLANNED, SHOWN, WRITTEN
from assistant.middleware.taking_over import by_planner, is_planners, language_of, planners_own
from assistant.middleware.worded import finished, worded
from assistant.planning.planner import Planner
from store.errors import CasebookError
from tools.language.sayings import say


class FloorMiddleware(AgentMiddleware[Any, Any, Any]):
    """Asks the planner before a language model, and shows of the model's words what is carried.

    Args:
        may_call: whether the language model is offered tools.
    """

    def __init__(self, *, may_call: bool = True) -> None:
        super().__init__()
        self._may_call = may_call

    def wrap_model_call(
        self, request: ModelRequest[Any], handler: Callable[[ModelRequest[Any]], ModelResponse[Any]]
    ) -> ModelResponse[Any]:
        """The planner's calls or answer, or the model's."""
        if isinstance(request.model, Planner):
            return handler(request)
        if is_planners(request.messages):
            return by_planner(request, handler)
        tools = [tool for tool in request.tools if isinstance(tool, BaseTool)]
        planned = Planner().bind_tools(tools).plan(planners_own(request.messages))
        if planned.reply.tool_calls:
            return _marked(planned.reply, PLANNED)
        _show(request, planned.reply.text)
        if not planned.has_room and not _has_begun(request.messages):
            return _marked(planned.reply, BY_RULES)
        return _asked(request if self._may_call else request.override(tools=[]), handler, planned.reply)


def _asked(
    request: ModelRequest[Any], handler: Callable[[ModelRequest[Any]], ModelResponse[Any]], floor: AIMessage
) -> ModelResponse[Any]:
    """The language model's calls or carried words; else the planner's answer, and why."""
    request.runtime.stream_writer(WRITTEN)
    language = language_of(request)
    try:
        found = heard(request, handler)
    except CasebookError as error:
        return _stands(request, floor, say("turn.unusable", language, error=error))
    if isinstance(found, AIMessage) and found.tool_calls:
        if not request.tools:
            return _stands(request, floor, say("turn.taken_over", language, what=say(CALL, language)))
        return ModelResponse(result=[found])
    cut = isinstance(found, AIMessage) and is_cut_off(found)
    if isinstance(found, AIMessage):
        if cut:
            found = found.model_copy(update={"content": finished(found.text)})
        found = worded(found, floor.text, request.messages, request.runtime.context)
    if isinstance(found, str):
        return _stands(request, floor, say("turn.taken_over", language, what=found))
    _show(request, found.text)
    if cut:
        _notice(request, _cut_off(request))
    return ModelResponse(result=[found])


def _stands(request: ModelRequest[Any], floor: AIMessage, notice: str) -> ModelResponse[Any]:
    _notice(request, notice)
    return _marked(floor, BY_PLANNER)


def _marked(message: AIMessage, mark: dict[str, dict[str, str]]) -> ModelResponse[Any]:
    return ModelResponse(result=[message.model_copy(update={"additional_kwargs": dict(mark)})])


def _show(request: ModelRequest[Any], text: str) -> None:
    request.runtime.stream_writer({"kind": SHOWN, "text": text})


def _notice(request: ModelRequest[Any], text: str) -> None:
    request.runtime.stream_writer({"kind": "notice", "text": text})


def _cut_off(request: ModelRequest[Any]) -> str:
    if isinstance(request.model, ToolTextModel):
        return say("turn.cut_off", language_of(request), tokens=request.model.max_tokens)
    return say("turn.cut_off_by_its_own", language_of(request))


def _has_begun(messages: Sequence[AnyMessage]) -> bool:
    """Whether the language model has called a tool since the question."""
    since = itertools.takewhile(lambda one: not isinstance(one, HumanMessage), reversed(messages))
    return any(isinstance(one, AIMessage) and one.additional_kwargs.get(KEY) != PLANNED[KEY] for one in since)
