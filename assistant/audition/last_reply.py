"""What a language model wrote last, before anything was left out of it."""

from __future__ import annotations

from types import TracebackType
from typing import Any, Self

from langchain_core.callbacks import BaseCallbackHandler
from langchain_core.language_models import BaseChatModel
from langchain_core.outputs import LLMResult

from assistant.llm.thoughts import without_thoughts


class LastReply(BaseCallbackHandler):
    """Listens to a model for as long as it is entered.

    Attributes:
        words: its last words, without thoughts; empty where it wrote none.
    """

    def __init__(self, model: BaseChatModel) -> None:
        self._model, self._before = model, model.callbacks
        self.words = ""

    def __enter__(self) -> Self:
        self._model.callbacks = [self]
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._model.callbacks = self._before

    def on_llm_end(self, response: LLMResult, **_: Any) -> None:
        """A reply is whole."""
        self.words = without_thoughts(response.generations[0][0].text)
