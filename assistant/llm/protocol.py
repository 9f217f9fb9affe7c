"""How tools are spoken of in plain text, so that every chat model can use them, whatever its template.

Tools are described in the system text, a call is one line of JSON, a result comes back as marked data in a
user message. Text is rendered the same way in every later turn, so a prompt begins with the one before it.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from langchain_core.messages import AIMessage, BaseMessage, SystemMessage, ToolMessage

from assistant.llm.control import harmless
from assistant.llm.spoken import Spoken
from prompts import render

RESULT_MARK, END_MARK = "[[result of", "[[end of result]]"
"""Around what a tool found."""

Schema = dict[str, Any]


@dataclass(frozen=True)
class Call:
    """A tool call as it was written."""

    tool: str
    args: dict[str, Any]


def spoken(messages: Sequence[BaseMessage], tools: Sequence[Schema] = ()) -> list[Spoken]:
    """The conversation in system, user and assistant messages; the last two strictly by turns.

    No message holds a token that a chat template would write between messages.

    Args:
        messages: as LangChain has them.
        tools: those that may be called, in OpenAI's format.
    """
    system = [str(message.text) for message in messages if isinstance(message, SystemMessage)]
    if tools:
        system.append(render("tool_calls", tools=describe(tools)))
    said: list[Spoken] = [Spoken("system", "\n\n".join(system))] if system else []
    for message in messages:
        if isinstance(message, SystemMessage):
            continue
        one = _one(message)
        if said and said[-1].role == one.role:
            said[-1] = Spoken(one.role, f"{said[-1].content}\n{one.content}")
        else:
            said.append(one)
    return [Spoken(one.role, harmless(one.content)) for one in said]


def describe(tools: Sequence[Schema]) -> str:
    """One line per tool; what an argument means is said where it first occurs."""
    told: set[str] = set()
    return "\n".join(_line(tool["function"], told) for tool in tools)


def mark(name: str, text: str) -> str:
    """`text` as data that came from the tool `name`; it cannot hold the closing mark."""
    broken = re.sub(r"\[(?=\[)", "[ ", text)
    return f"{RESULT_MARK} {name}]]\n{broken}\n{END_MARK}"


def written(calls: Sequence[Call]) -> str:
    """Calls as a model writes them."""
    return "\n".join(
        json.dumps({"tool": call.tool, "args": call.args}, ensure_ascii=False, separators=(",", ":"))
        for call in calls
    )


def read_calls(text: str) -> list[Call]:
    """The calls that `text` consists of, each once; none where anything else stands before them."""
    return list({written([call]): call for call in _calls(text)}.values())


def _calls(text: str) -> Iterator[Call]:
    decoder, at = json.JSONDecoder(), 0
    while start := re.compile(r"\s*(?=\{)").match(text, at):
        try:
            value, at = decoder.raw_decode(text, start.end())
        except ValueError:
            return
        if not isinstance(value.get("tool"), str) or not isinstance(value.get("args"), dict):
            return
        yield Call(value["tool"], value["args"])


def _one(message: BaseMessage) -> Spoken:
    if isinstance(message, ToolMessage):
        return Spoken("user", mark(message.name or "a tool", message.text))
    if not isinstance(message, AIMessage):
        return Spoken("user", message.text)
    calls = written([Call(call["name"], call["args"]) for call in message.tool_calls])
    return Spoken("assistant", "\n".join(part for part in (message.text, calls) if part))


def _line(function: Schema, told: set[str]) -> str:
    properties: Schema = function.get("parameters", {}).get("properties", {})
    args = ", ".join(f"{name}: {_kind(about)}" for name, about in properties.items())
    new = {
        name: about["description"]
        for name, about in properties.items()
        if about.get("description") and name not in told
    }
    told.update(new)
    meanings = "".join(f" {name}: {_flat(text)}" for name, text in new.items())
    return f"- {function['name']}({args}): {_flat(function.get('description', ''))}{meanings}"


def _kind(about: Schema) -> str:
    if "enum" in about:
        return " or ".join(json.dumps(value) for value in about["enum"])
    return str(about.get("type", "value"))


def _flat(text: str) -> str:
    return " ".join(text.split())
