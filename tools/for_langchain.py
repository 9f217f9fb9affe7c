"""Tools as LangChain's, for the loop of a language model and for agents of others."""

from __future__ import annotations

import types
from collections.abc import Callable
from typing import Any, get_type_hints

from langchain.tools import ToolRuntime
from langchain_core.tools import BaseTool, tool

from tools.context import HANDED, CaseContext, CaseTool

_arguments: dict[object, Any] = {}


def for_langchain(given: CaseTool) -> BaseTool:
    """A tool with a model of its arguments, for any agent whose context is a `CaseContext`.

    To work that model out takes milliseconds, so it is done once for each function in the source, however
    many assistants there are.
    """
    run = given.run
    known = (given.name, run.__doc__, run.__code__)
    make = tool(
        given.name,
        args_schema=_arguments.get(known),
        parse_docstring=True,
        response_format="content_and_artifact",
    )
    made: BaseTool = make(_handed(run))
    made.metadata = given.metadata
    _arguments[known] = made.args_schema
    return made


def _handed(run: Callable[..., Any]) -> Callable[..., Any]:
    """The same function, handed its turn by LangChain, which has all that a `ToolTurn` has."""
    same = types.FunctionType(run.__code__, run.__globals__, run.__name__, run.__defaults__, run.__closure__)
    same.__kwdefaults__, same.__doc__ = run.__kwdefaults__, run.__doc__
    same.__annotations__ = {**get_type_hints(run), HANDED: ToolRuntime[CaseContext]}
    return same
