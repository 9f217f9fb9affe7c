"""End a turn when the user stops it or its time is up, before the next model or tool call.

Raising here ends the run; the turn keeps what there was. A single long call is not interrupted by
this file: models and tools that run long look at ``context.cancelled`` themselves.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from langchain.agents.middleware import AgentMiddleware, ModelRequest, ModelResponse

from assistant.middleware.marks import Stopped
from tools.context import CaseContext


class StopMiddleware(AgentMiddleware[Any, CaseContext, Any]):
    """Looks at ``context.cancelled`` before every model call."""

    def wrap_model_call(
        self, request: ModelRequest[Any], handler: Callable[[ModelRequest[Any]], ModelResponse[Any]]
    ) -> ModelResponse[Any]:
        """Raise `Stopped` when the turn was cancelled."""
        if request.runtime.context.cancelled.is_set():
            raise Stopped
        return handler(request)
