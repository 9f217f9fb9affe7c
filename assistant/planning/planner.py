"""The built-in planner as a LangChain chat model that needs no weights."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from langchain_core.callbacks import CallbackManagerForLLMRun
from langchain_core.language_models import BaseChatModel
from langchain_core.messages import AIMessage, AIMessageChunk, BaseMessage
from langchain_core.outputs import ChatGeneration, ChatGenerationChunk, ChatResult
from langchain_core.tools import BaseTool
from pydantic import Field

from assistant.planning.next_step import NextStep, Planned


class Planner(BaseChatModel):
    """Chooses tools and words by rule.

    Attributes:
        step: decides, with the tools that were bound.
    """

    step: NextStep = Field(default_factory=NextStep)

    @property
    def _llm_type(self) -> str:
        return "casebook-planner"

    def bind_tools(
        self,
        tools: Sequence[dict[str, Any] | type | Callable[..., Any] | BaseTool],
        *,
        tool_choice: str | None = None,
        **kwargs: Any,
    ) -> Planner:
        """A planner that may call these tools; rules decide which, not `tool_choice`."""
        known = [tool for tool in tools if isinstance(tool, BaseTool)]
        return self.model_copy(update={"step": NextStep.among(known)})

    def _generate(
        self,
        messages: list[BaseMessage],
        stop: list[str] | None = None,
        run_manager: CallbackManagerForLLMRun | None = None,
        **kwargs: Any,
    ) -> ChatResult:
        return ChatResult(generations=[ChatGeneration(message=self._reply(messages))])

    def _stream(
        self,
        messages: list[BaseMessage],
        stop: list[str] | None = None,
        run_manager: CallbackManagerForLLMRun | None = None,
        **kwargs: Any,
    ) -> Iterator[ChatGenerationChunk]:
        reply = self._reply(messages)
        calls = [
            {
                "name": call["name"],
                "args": json.dumps(call["args"]),
                "id": call["id"],
                "index": i,
                "type": "tool_call_chunk",
            }
            for i, call in enumerate(reply.tool_calls)
        ]
        if calls:
            yield ChatGenerationChunk(message=AIMessageChunk(content="", tool_call_chunks=calls))
            return
        for piece in re.findall(r"\S*\s*", reply.text):
            if piece:
                chunk = ChatGenerationChunk(message=AIMessageChunk(content=piece))
                if run_manager:
                    run_manager.on_llm_new_token(piece, chunk=chunk)
                yield chunk

    def _reply(self, messages: list[BaseMessage]) -> AIMessage:
        return self.plan(messages).reply

    def plan(self, messages: Sequence[BaseMessage]) -> Planned:
        """The next message of a conversation, as `NextStep.after` gives it."""
        return self.step.after(messages)
