"""The grammar a reply is decoded under, in GBNF, the notation of llama.cpp.

JSON comes out without spaces, and every string has an end.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

MOST_CHARS = 200
"""Longest text an argument may have. Ours: a question in full, and an end to a model that finds none."""

# What may be printed: no control characters, no halves of characters (surrogates), no private ones.
_PRINTED = r"\u00A0-\uD7FF\uF900-\uFFFC\U00010000-\U0001FFFF"
_WORDS = rf"""answer ::= [!-z|}}~{_PRINTED}] [\n\t -~{_PRINTED}]*"""
_OWN_RULES = {
    "space": '""',
    "char": rf"""[ !#-\x5B\x5D-~{_PRINTED}] | "\\" ["\\/n]""",
    "string": rf'"\"" char{{0,{MOST_CHARS}}} "\"" space',
}
Schema = dict[str, Any]


@dataclass(frozen=True)
class Form:
    """What may be written next.

    Attributes:
        calls: schemas of the calls there may be.
        words: whether it may be words instead.
        most: calls in one reply.
    """

    calls: tuple[Schema, ...]
    words: bool
    most: int


def gbnf(form: Form) -> str:
    """The grammar of a form, with the rule ``root``; llama-cpp-python writes the rules of calls."""
    if not form.calls:
        return f"root ::= [ \\n]? answer\n{_WORDS}\n"
    rules = [
        f"root ::= [ \\n]? (calls{' | answer' if form.words else ''})",
        f'calls ::= call ("\\n" call){{0,{form.most - 1}}}',
        *([_WORDS] if form.words else []),
        *_rules({"oneOf": form.calls}),
    ]
    return "\n".join(rules) + "\n"


def _rules(schema: Schema) -> list[str]:
    """The schema's rules with ``call`` on top."""
    from llama_cpp.llama_grammar import json_schema_to_gbnf

    rules = []
    for line in json_schema_to_gbnf(json.dumps(schema)).splitlines():
        name, _, body = line.partition(" ::= ")
        rules.append(f"{'call' if name == 'root' else name} ::= {_OWN_RULES.get(name, body)}")
    return rules
