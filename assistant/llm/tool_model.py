"""A LangChain chat model that calls tools by Casebook's own protocol; subclasses write the text.

Words are streamed as they come; a call is handed over once it is whole. An empty chunk comes for every step
without words, so that whoever reads can stop a model that is still busy with the prompt.
"""

from __future__ import annotations

import json
import uuid
from abc import abstractmethod
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from langchain_core.callbacks import CallbackManagerForLLMRun
from langchain_core.language_models import BaseChatModel, LanguageModelInput
from langchain_core.language_models.chat_models import generate_from_stream
from langchain_core.messages import AIMessage, AIMessageChunk, BaseMessage, ToolCallChunk
from langchain_core.outputs import ChatGenerationChunk, ChatResult
from langchain_core.runnables import Runnable
from langchain_core.tools import BaseTool
from langchain_core.utils.function_calling import convert_to_openai_tool
from pydantic import PrivateAttr

from assistant.llm.endings import LENGTH, STOP, Ended
from assistant.llm.hearing import Heard
from assistant.llm.protocol import Call, Schema

Tools = Sequence[dict[str, Any] | type | Callable[..., Any] | BaseTool]
Choice = str | bool | dict[str, Any] | None


class ToolTextModel(BaseChatModel):
    """A chat model that writes text.

    Attributes:
        max_tokens: of an answer in words.
        temperature: 0 takes the likeliest token every time.
    """

    max_tokens: int = 1024
    temperature: float = 0.0
    _thinks: bool = PrivateAttr(default=False)

    @abstractmethod
    def check(self) -> str:
        """Look whether the model can be used, without loading it here or asking a server to write.

        Returns:
            What there is to say of how it runs, in a sentence; empty if nothing.

        Raises:
            CaseError: it does not answer in time.
            SetupError: it cannot be used.
        """

    @abstractmethod
    def _pieces(
        self, messages: list[BaseMessage], tools: Sequence[Schema], choice: str
    ) -> Iterator[str | Ended | None]:
        """The text of a reply in pieces; None for a step without one, and `Ended` where it has to be told."""

    def _stops(self) -> tuple[str, ...]:
        """Texts that end a reply, besides the model's own end."""
        return ()

    def _most_pieces(self) -> int:
        """Pieces of an answer in words after which no more are taken."""
        return self.max_tokens

    def bind_tools(
        self, tools: Tools, *, tool_choice: Choice = None, **kwargs: Any
    ) -> Runnable[LanguageModelInput, AIMessage]:
        """The model with tools.

        Args:
            tools: anything LangChain takes for a tool.
            tool_choice: None or ``auto`` (calls or words), ``any`` (calls), ``none`` (words), a tool's name,
                or OpenAI's dict with one.
            kwargs: passed on; unknown ones are not looked at.

        Raises:
            ValueError: no tool has this name.
        """
        schemas = [convert_to_openai_tool(tool) for tool in tools]
        choice = _choice(tool_choice, [schema["function"]["name"] for schema in schemas])
        return self.bind(tools=schemas, tool_choice=choice, **kwargs)

    def _generate(
        self,
        messages: list[BaseMessage],
        stop: list[str] | None = None,
        run_manager: CallbackManagerForLLMRun | None = None,
        **kwargs: Any,
    ) -> ChatResult:
        return generate_from_stream(self._stream(messages, stop, run_manager, **kwargs))

    def _stream(
        self,
        messages: list[BaseMessage],
        stop: list[str] | None = None,
        run_manager: CallbackManagerForLLMRun | None = None,
        *,
        tools: Sequence[Schema] = (),
        tool_choice: str = "auto",
        **_: Any,
    ) -> Iterator[ChatGenerationChunk]:
        may_call = bool(tools) and tool_choice != "none"
        heard = Heard((*self._stops(), *(stop or ())), may_call=may_call, thinks=self._thinks)
        count, finish = 0, STOP
        for piece in self._pieces(messages, tools, tool_choice):
            if isinstance(piece, Ended):
                finish = piece.reason
                break
            count += piece is not None
            yield _told(_words(heard.take(piece or "")), run_manager)
            if heard.ended:
                break
            # A call ends by itself, and half of one would be of no use.
            if not heard.calling and count >= self._most_pieces():
                finish = LENGTH
                break
        words, calls = heard.rest()
        self._thinks = heard.thinks
        yield _told(_words(words, calls, finish), run_manager)


def _choice(given: Choice, names: Sequence[str]) -> str:
    if isinstance(given, dict):
        given = str(given.get("function", given).get("name"))
    if given in (None, False, "auto"):
        return "auto"
    if given in (True, "any", "required"):
        return "any"
    if given != "none" and given not in names:
        raise ValueError(f"No tool is called {given!r}; there are {', '.join(names) or 'none'}.")
    return str(given)


def _words(text: str, calls: Sequence[Call] = (), finish: str | None = None) -> AIMessageChunk:
    chunks = [
        ToolCallChunk(
            name=call.tool,
            args=json.dumps(call.args),
            id=f"call-{uuid.uuid4().hex[:12]}",
            index=i,
            type="tool_call_chunk",
        )
        for i, call in enumerate(calls)
    ]
    about = {"finish_reason": finish} if finish else {}
    return AIMessageChunk(content=text, tool_call_chunks=chunks, response_metadata=about)


def _told(message: AIMessageChunk, run_manager: CallbackManagerForLLMRun | None) -> ChatGenerationChunk:
    chunk = ChatGenerationChunk(message=message)
    if run_manager:
        run_manager.on_llm_new_token(message.text, chunk=chunk)
    return chunk
