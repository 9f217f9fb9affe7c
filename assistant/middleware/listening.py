"""Listen to a chat model while it writes, and end its reply early where it must end.

Three things end a reply: the user stops the turn (between two words), what is written goes round in circles,
or the model breaks off. Of a break only the exception's name goes on, for its words may hold anything. This
decides nothing else: ``assistant.middleware.failures`` says what follows, and ``StopMiddleware`` looks before
a call. A model that does not stream, and a tool, are not interrupted here.

A callback, because it hears exactly what comes from the model's own call. The built-in planner is only
stopped: its repetitions and its mistakes are Casebook's, and pass.
"""

from __future__ import annotations

import threading
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from langchain_core.callbacks import BaseCallbackHandler

from assistant.llm.endings import BrokeOffError
from assistant.middleware.circles import Circles
from assistant.middleware.marks import Stopped
from assistant.planning.planner import Planner
from store.errors import CasebookError

_PLANNER = Planner()._llm_type
_EVERY = 16


class Repeating(Exception):  # noqa: N818 - it ends a reply, it is nobody's mistake
    """What a model is writing goes round in circles."""


@dataclass
class _Reply:
    """A reply being written, looked at once in so many words."""

    new: list[str] = field(default_factory=list)
    read: Circles = field(default_factory=Circles)

    def goes_round(self, word: str) -> bool:
        self.new.append(word)
        if len(self.new) < _EVERY:
            return False
        text = "".join(self.new)
        self.new.clear()
        return self.read.add(text)


class Listener(BaseCallbackHandler):
    """Raises `Stopped`, `Repeating` or `BrokeOffError` out of a model's call.

    Args:
        cancelled: set when the turn is to end.
    """

    raise_error = True
    run_inline = True

    @property
    def ignore_chain(self) -> bool:
        """True: only models are listened to."""
        return True

    def __init__(self, cancelled: threading.Event) -> None:
        self._cancelled = cancelled
        self._replies: dict[UUID, _Reply] = {}

    def on_chat_model_start(self, *_: Any, run_id: UUID, **about: Any) -> None:
        """Begin a reply, unless it is the planner's."""
        if about.get("invocation_params", {}).get("_type") != _PLANNER:
            self._replies[run_id] = _Reply()

    def on_llm_new_token(self, token: Any, *_: Any, run_id: UUID, **__: Any) -> None:
        """Raise `Stopped` when the turn was cancelled, `Repeating` when the reply goes round in circles."""
        if self._cancelled.is_set():
            raise Stopped
        reply = self._replies.get(run_id)
        if reply is not None and isinstance(token, str) and reply.goes_round(token):
            raise Repeating

    def on_llm_end(self, *_: Any, run_id: UUID, **__: Any) -> None:
        """Forget the reply."""
        self._replies.pop(run_id, None)

    def on_llm_error(self, error: BaseException, *_: Any, run_id: UUID, **__: Any) -> None:
        """Forget the reply; raise `BrokeOffError` in place of a model's exception that is not Casebook's."""
        reply = self._replies.pop(run_id, None)
        meant = isinstance(error, (CasebookError, Repeating)) or not isinstance(error, Exception)
        if reply is not None and not meant:
            raise BrokeOffError(type(error).__name__) from error
