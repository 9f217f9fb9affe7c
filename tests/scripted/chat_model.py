"""A scripted chat model and a trivial tool: they stand in for a language model in tests of the loop."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from typing import Any

from langchain_core.language_models import BaseChatModel
from langchain_core.messages import AIMessage, AIMessageChunk, BaseMessage
from langchain_core.outputs import ChatGeneration, ChatGenerationChunk, ChatResult
from pydantic import Field

from store.errors import ToolUseError
from store.records import Finding
from tools.context import CaseTool, ToolTurn, case_tool, evidence


class ScriptedModel(BaseChatModel):
    """Plays its replies in order, again and again; keeps what it was given."""

    replies: list[AIMessage]
    seen: list[list[BaseMessage]] = Field(default_factory=list)
    gate: Any = None

    @property
    def _llm_type(self) -> str:
        return "scripted"

    def bind_tools(self, tools: Any, **_: Any) -> ScriptedModel:
        return self

    def _next(self, messages: list[BaseMessage]) -> AIMessage:
        self.seen.append(list(messages))
        return self.replies[(len(self.seen) - 1) % len(self.replies)]

    def _generate(self, messages: list[BaseMessage], *_: Any, **__: Any) -> ChatResult:
        return ChatResult(generations=[ChatGeneration(message=self._next(messages).model_copy())])

    def _stream(self, messages: list[BaseMessage], *_: Any, **__: Any) -> Iterator[ChatGenerationChunk]:
        reply = self._next(messages)
        if reply.tool_calls:
            chunks = [
                {"name": c["name"], "args": _dump(c["args"]), "id": f"{c['id']}-{len(self.seen)}", "index": i}
                for i, c in enumerate(reply.tool_calls)
            ]
            yield ChatGenerationChunk(message=AIMessageChunk(content="", tool_call_chunks=chunks))
            return
        for word in reply.text.split(" "):
            if self.gate is not None:
                self.gate.wait(10)
            yield ChatGenerationChunk(message=AIMessageChunk(content=word + " "))


def _dump(args: dict[str, Any]) -> str:
    import json

    return json.dumps(args)


def call(name: str, **args: Any) -> AIMessage:
    """A reply that calls one tool."""
    return AIMessage("", tool_calls=[{"id": "c", "name": name, "args": args}])


def build_look(wait: threading.Event | None = None) -> CaseTool:
    """A tool that says it looked; refuses ``img-0``; breaks on ``img-bug``; waits if told to."""

    @case_tool
    def look(image_id: str, question: str, runtime: ToolTurn) -> tuple[str, dict[str, Any]]:
        """Look at an image.

        Args:
            image_id: the image.
            question: the question.
            runtime: given by the loop.
        """
        if wait is not None:
            wait.wait(10)
        if image_id == "img-0":
            raise ToolUseError("There is no image img-0.")
        if image_id == "img-bug":
            raise RuntimeError("Jane Doe's file broke")
        finding = Finding(image_id=image_id, label="seen", text=question, score=0.5, model="look")
        return evidence(f"Looked at {image_id}.", [finding], image_id=image_id, model="look", revision="1")

    return look
