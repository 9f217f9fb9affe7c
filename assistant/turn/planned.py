"""The built-in planner's loop: its calls, their results, its answer. It needs no graph and no language model.

It gives the steps that ``assistant.turn.agent`` gives with the planner as its model, in the same order.
"""

from __future__ import annotations

import contextvars
import queue
from collections.abc import Generator, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from langchain_core.messages import AIMessage, AnyMessage, ToolCall, ToolMessage

from assistant.middleware.called import once, told
from assistant.middleware.marks import TOO_MANY_TOOL_CALLS, Stopped
from assistant.planning.next_step import NextStep
from assistant.turn.most import MAX_MODEL_CALLS, MAX_TOOL_CALLS
from store.errors import ToolUseError
from tools.context import HANDED, CaseContext, CaseTool, ToolTurn
from tools.language.sayings import say

_ENDED = object()


class PlannerLoop:
    """The planner and its tools.

    Args:
        tools: what it may call.
    """

    def __init__(self, tools: Sequence[CaseTool]) -> None:
        self._next = NextStep.among(tools)
        self._tools = {tool.name: tool for tool in tools}

    def steps(self, messages: Sequence[AnyMessage], context: CaseContext) -> Iterator[tuple[str, Any]]:
        """Answer the last message; see ``assistant.turn.loop``.

        Raises:
            Stopped: the turn was stopped.
        """
        so_far, called = [*messages], 0
        for _ in range(MAX_MODEL_CALLS):
            if context.cancelled.is_set():
                raise Stopped
            reply = self._next.after(so_far).reply
            so_far.append(reply)
            yield "values", {"messages": so_far}
            if not reply.tool_calls:
                return
            allowed = max(MAX_TOOL_CALLS - called, 0)
            results = yield from self._run(reply.tool_calls[:allowed], context)
            so_far += [*results, *map(_refused, reply.tool_calls[allowed:])]
            called += len(reply.tool_calls)
            yield "values", {"messages": so_far}
        so_far.append(AIMessage(say("turn.too_many_steps", context.language)))
        yield "values", {"messages": so_far}

    def _run(
        self, calls: Sequence[ToolCall], context: CaseContext
    ) -> Generator[tuple[str, Any], None, list[ToolMessage]]:
        """Run calls side by side; what they tell comes as it is told."""
        if not calls:
            return []
        said: queue.SimpleQueue[Any] = queue.SimpleQueue()
        turn = ToolTurn(context, said.put)
        with ThreadPoolExecutor(len(calls), "casebook-tool") as pool:
            running = [pool.submit(contextvars.copy_context().run, self._result, one, turn) for one in calls]
            for one in running:
                one.add_done_callback(lambda _: said.put(_ENDED))
            left = len(running)
            while left:
                event = said.get()
                if event is _ENDED:
                    left -= 1
                else:
                    yield "custom", event
        return [one.result() for one in running]

    def _result(self, call: ToolCall, turn: ToolTurn) -> ToolMessage:
        tool = self._tools[call["name"]]
        return told(
            call, turn, lambda: once(call, tool.metadata, turn.context, lambda: _call(tool, call, turn))
        )


def _call(tool: CaseTool, call: ToolCall, turn: ToolTurn) -> ToolMessage:
    try:
        content, artifact = tool.run(**call["args"], **{HANDED: turn})
    except ToolUseError as error:
        return ToolMessage(str(error), tool_call_id=call["id"], name=call["name"], status="error")
    return ToolMessage(content, artifact=artifact, tool_call_id=call["id"], name=call["name"])


def _refused(call: ToolCall) -> ToolMessage:
    return ToolMessage(TOO_MANY_TOOL_CALLS, tool_call_id=call["id"], name=call["name"], status="error")
