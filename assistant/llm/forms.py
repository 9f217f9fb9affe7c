"""What a reply may be: a call of a tool that is there, on an image that is there, or words."""

from __future__ import annotations

from collections.abc import Sequence

from langchain_core.messages import AIMessage, BaseMessage, HumanMessage
from langchain_core.utils.json_schema import dereference_refs

from assistant.llm.grammar import Form, Schema, gbnf

KEY = "casebook"
"""Where a question carries its images as data; see ``assistant.memory.messages``."""

MOST_ITEMS = 20
MOST_CALLS = 4
"""Calls in one reply. Ours: more images than that are asked about in a further step."""

MOST_STEPS = 5
"""Replies with calls for one question; then the model must answer. Ours: below the loop's own limit."""

_KEPT = ("type", "enum", "const", "required")


def reply_form(messages: Sequence[BaseMessage], tools: Sequence[Schema], choice: str = "auto") -> Form:
    """What may be written next.

    Args:
        messages: the conversation; the last question names the images there are.
        tools: in OpenAI's format.
        choice: ``auto`` (calls or words), ``any`` (calls), ``none`` (words), or a tool's name. Where nothing
            can be called, because no image is there, words are all that is left.
    """
    ids, functions = image_ids(messages), [tool["function"] for tool in tools]
    wanted = [one for one in functions if choice in ("auto", "any", one["name"])]
    calls = tuple(call for one in wanted if (call := _call(one, ids)) is not None)
    if not calls or (choice == "auto" and _steps(messages) >= MOST_STEPS):
        return Form((), words=True, most=0)
    return Form(calls, words=choice == "auto", most=MOST_CALLS if choice in ("auto", "any") else 1)


def reply_grammar(messages: Sequence[BaseMessage], tools: Sequence[Schema], choice: str = "auto") -> str:
    """What may be written next, as `reply_form` has it, in GBNF with the rule ``root``."""
    return gbnf(reply_form(messages, tools, choice))


def image_ids(messages: Sequence[BaseMessage]) -> list[str] | None:
    """The images of the chat as its last question lists them; None where it has no list."""
    asked = next((one for one in reversed(messages) if isinstance(one, HumanMessage)), None)
    data = asked.additional_kwargs.get(KEY) if asked else None
    if not isinstance(data, dict) or "images" not in data:
        return None
    return [row["id"] for row in data["images"]]


def _steps(messages: Sequence[BaseMessage]) -> int:
    """Replies with calls since the question."""
    count = 0
    for message in reversed(messages):
        if isinstance(message, HumanMessage):
            break
        count += isinstance(message, AIMessage) and bool(message.tool_calls)
    return count


def _call(function: Schema, images: list[str] | None) -> Schema | None:
    """The schema of one call; None if it needs an image and there is none."""
    given = dereference_refs(function.get("parameters") or {"type": "object", "properties": {}})
    args = _bounded(given) if given.get("properties") else {"const": {}}
    if images is not None and "image_id" in args.get("properties", {}):
        if not images:
            return None
        args["properties"]["image_id"] = {"enum": images}
    properties = {"tool": {"const": function["name"]}, "args": args}
    return {"type": "object", "properties": properties, "required": ["tool", "args"]}


def _bounded(schema: Schema) -> Schema:
    """The schema without what only a check after decoding can hold, and with an end to every list."""
    kept: Schema = {key: schema[key] for key in _KEPT if key in schema}
    for key in ("anyOf", "oneOf", "allOf"):
        if key in schema:
            kept[key] = [_bounded(one) for one in schema[key]]
    if schema.get("properties"):
        kept["properties"] = {name: _bounded(one) for name, one in schema["properties"].items()}
    if isinstance(schema.get("items"), dict):
        kept |= {
            "items": _bounded(schema["items"]),
            "minItems": schema.get("minItems", 0),
            "maxItems": min(schema.get("maxItems", MOST_ITEMS), MOST_ITEMS),
        }
    elif kept.get("type") == "array":
        kept["items"] = {"type": "string"}
    return kept
