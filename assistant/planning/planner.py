"""The built-in planner: a LangChain chat model that needs no weights.

It reads the conversation, decides which tools to call on which images with the user's question, and
composes the answer from the tools' records. Rules and a trained ear decide; nothing is generated. It
understands English, German and Spanish, and what it does not understand it says.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from langchain_core.callbacks import CallbackManagerForLLMRun
from langchain_core.language_models import BaseChatModel
from langchain_core.messages import AIMessage, AIMessageChunk, BaseMessage
from langchain_core.outputs import ChatGeneration, ChatGenerationChunk, ChatResult
from langchain_core.tools import BaseTool
from pydantic import Field

from assistant.planning.calls import calls_for
from assistant.planning.compose import compose
from assistant.planning.conversation import read_conversation
from assistant.planning.decided import decided
from assistant.planning.glossed import in_english


@dataclass(frozen=True)
class Planned:
    """The planner's next message, calls or the answer, and whether a language model may go on from it."""

    reply: AIMessage
    has_room: bool


class Planner(BaseChatModel):
    """Chooses tools and words by rule.

    Attributes:
        readers: reading tools by domain, found among the bound tools: a tool whose
            ``metadata["reads"]`` is a domain is given that domain's images and the user's question.
        tool_names: what may be called.
    """

    readers: dict[str, str] = Field(default_factory=dict)
    tool_names: frozenset[str] = frozenset()

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
        readers = {
            str(tool.metadata["reads"]): tool.name
            for tool in known
            if tool.metadata and "reads" in tool.metadata
        }
        return self.model_copy(
            update={"readers": readers, "tool_names": frozenset(tool.name for tool in known)}
        )

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
        """The next message of a conversation.

        Args:
            messages: past turns, the last question, and what tools have answered to it so far.
        """
        talk = in_english(read_conversation(messages, self.readers))
        tasks, room = decided(talk)
        calls = [call for call in calls_for(tasks, talk) if call.tool in self.tool_names]
        if not calls:
            return Planned(AIMessage(compose(tasks, talk)), room)
        at = len(talk.results)
        made = [
            {"id": f"call-{len(talk.past)}-{at + i}", "name": call.tool, "args": call.args}
            for i, call in enumerate(calls)
        ]
        return Planned(AIMessage("", tool_calls=made), room)
