"""The tools of several assistants share the models of their arguments, and nothing else."""

from __future__ import annotations

import pytest
from langchain_core.tools import BaseTool
from langchain_core.utils.function_calling import convert_to_openai_tool

from tools import for_langchain as made
from tools.catalogue import build_tools
from tools.read_image import KINDS, TOOLS, build_reading_tool


def every_tool() -> list[BaseTool]:
    return [*build_tools(), *(made.for_langchain(build_reading_tool(None, domain)) for domain in KINDS)]


def test_the_model_of_the_arguments_is_worked_out_once_for_each_function() -> None:
    for first, second in zip(every_tool(), every_tool(), strict=True):
        assert first is not second
        assert first.func is not second.func
        assert first.args_schema is second.args_schema


def test_a_tool_made_again_is_described_as_the_first_was(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(made, "_arguments", {})
    first = [convert_to_openai_tool(tool) for tool in every_tool()]
    assert [convert_to_openai_tool(tool) for tool in every_tool()] == first
    assert all(told["function"]["description"] for told in first)


def test_one_function_that_is_described_in_two_ways_is_two_tools() -> None:
    told = {
        domain: convert_to_openai_tool(made.for_langchain(build_reading_tool(None, domain)))["function"]
        for domain in KINDS
    }
    for domain, kind in KINDS.items():
        assert told[domain]["name"] == TOOLS[domain]
        assert kind in told[domain]["description"]
