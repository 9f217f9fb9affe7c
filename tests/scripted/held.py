"""A chat model of any kind, held after its first word: what a test does meanwhile happens in the middle."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from langchain_core.language_models import BaseChatModel
from langchain_core.outputs import ChatGenerationChunk


class Held:
    """Replies of a class of models wait after their first word, and go on for good once they are let go.

    Args:
        kind: the class of the models.
        monkeypatch: undoes it at the end of the test.
        then: done at the first word, by the thread that reads it.
    """

    def __init__(
        self, kind: type[BaseChatModel], monkeypatch: pytest.MonkeyPatch, then: Callable[[], object] = bool
    ) -> None:
        self._begun, self._may_go_on = threading.Event(), threading.Event()
        stream = kind._stream

        def held(model: Any, *args: Any, **given: Any) -> Iterator[ChatGenerationChunk]:
            for piece in stream(model, *args, **given):
                yield piece
                if piece.text and not self._may_go_on.is_set():
                    then()
                    self._begun.set()
                    assert self._may_go_on.wait(60), "nobody let the model go on"

        monkeypatch.setattr(kind, "_stream", held)

    def wait(self) -> None:
        """Wait for the first word."""
        assert self._begun.wait(60), "the model wrote nothing"

    def go_on(self) -> None:
        """Let it write the rest."""
        self._may_go_on.set()
