"""Name the exception with which a chat model broke off, without its words: they may hold anything.

A callback, because it hears exactly what comes from the model's own call. It does not decide what follows;
``assistant.middleware.failures`` does. The planner's mistakes are Casebook's, and pass.
"""

from __future__ import annotations

from typing import Any
from uuid import UUID

from langchain_core.callbacks import BaseCallbackHandler

from assistant.llm.endings import BrokeOffError
from assistant.middleware.failures import Repeating
from assistant.planning.planner import Planner
from store.errors import CasebookError

_PLANNER = Planner()._llm_type


class NameBreaks(BaseCallbackHandler):
    """Raises `BrokeOffError` in place of an exception that is not Casebook's own."""

    raise_error = True
    run_inline = True

    @property
    def ignore_chain(self) -> bool:
        """True: only models are listened to."""
        return True

    def __init__(self) -> None:
        self._planner: set[UUID] = set()

    def on_chat_model_start(self, *_: Any, run_id: UUID, **about: Any) -> None:
        """Note whether it is the planner that begins."""
        if about.get("invocation_params", {}).get("_type") == _PLANNER:
            self._planner.add(run_id)

    def on_llm_error(self, error: BaseException, *_: Any, run_id: UUID, **__: Any) -> None:
        """Raise `BrokeOffError` for a model's exception."""
        meant = isinstance(error, (CasebookError, Repeating)) or not isinstance(error, Exception)
        if run_id not in self._planner and not meant:
            raise BrokeOffError(type(error).__name__) from error
