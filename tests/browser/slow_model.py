"""A scripted chat model that takes its time, so that a turn can be watched, left and stopped."""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import Any

from langchain_core.language_models import BaseChatModel
from langchain_core.messages import AIMessage, AIMessageChunk, BaseMessage
from langchain_core.outputs import ChatGeneration, ChatGenerationChunk, ChatResult

WORDS = 300
PAUSE_S = 0.1


class SlowFakeModel(BaseChatModel):
    """Says "word-1 word-2 …", ten a second, for half a minute."""

    @property
    def _llm_type(self) -> str:
        return "slow-fake"

    def bind_tools(self, tools: Any, **kwargs: Any) -> SlowFakeModel:
        return self

    def _generate(self, messages: list[BaseMessage], *args: Any, **kwargs: Any) -> ChatResult:
        return ChatResult(generations=[ChatGeneration(message=AIMessage("not streamed"))])

    def _stream(
        self, messages: list[BaseMessage], *args: Any, **kwargs: Any
    ) -> Iterator[ChatGenerationChunk]:
        for n in range(1, WORDS + 1):
            time.sleep(PAUSE_S)
            yield ChatGenerationChunk(message=AIMessageChunk(content=f"word-{n} "))
