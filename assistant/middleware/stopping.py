"""End a turn when the user stops it or its time is up, before the next model or tool call.

Raising here ends the run; the turn keeps what there was. A single long call is not interrupted by
this file: models and tools that run long look at ``context.cancelled`` themselves.
"""

from __future__ import annotations

from typing import Any

from langchain.agents.middleware import AgentMiddleware
from langgraph.runtime import Runtime

from tools.context import CaseContext


class Stopped(Exception):  # noqa: N818 - not an error: the user asked for it
    """The user stopped the turn."""


class StopMiddleware(AgentMiddleware[Any, CaseContext, Any]):
    """Looks at ``context.cancelled`` before every model call."""

    def before_model(
        self,
        state: Any,  # noqa: ARG002 - langchain's signature
        runtime: Runtime[CaseContext],
    ) -> None:
        """Raise `Stopped` when the turn was cancelled."""
        if runtime.context.cancelled.is_set():
            raise Stopped
