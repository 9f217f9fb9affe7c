"""What Casebook says stands in ``prompts/sayings``: the code that answers holds no English sentence."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.rooms import ROOT, name
from tools.language.sayings import FIRST, sayings

ROOMS = ("planning", "answers", "pages", "turn", "middleware", "llm", "settings_for_models.py")
FILES = sorted(
    path
    for room in (ROOT / "assistant" / one for one in ROOMS)
    for path in (room.glob("*.py") if room.is_dir() else [room])
)
# Three words in a row, or two and a mark that ends a sentence.
_SENTENCE = re.compile(r"(?:[A-Za-z’']+[,;:]? ){2}[A-Za-z’']+|[A-Za-z’']{2,} [a-z’' ]{2,}[.?!…]")
_CALLED = re.compile(r"_LOG\.|re\.|cast$|\w+Error$|super\(\)\.__init__$")
_PATTERN = re.compile(r"\\[bdswWDS]|\(\?|\|")
# What is written for browsers, ASGI and language models, each a line of code or a rule of its own.
_NOT_SAID = (
    "<script>",
    "<aside",
    "Max-Age=",
    ":material/",
    "not served here",
    "Not run: this turn has used up its tool calls",
    "Not run again: you have just made this very call",
    "Not run: only the user's own order changes",
    "'self'",
    "side not named",
)
# What whoever runs the machine is told by commands and errors, in English like them.
_TO_THE_OPERATOR = (
    "It may call tools and phrase answers",
    "It may only phrase what the built-in planner found",
    "It is not used; the built-in planner answers",
    "It was not auditioned yet.",
    "casebook llm audition",
    "casebook models pull",
    "The built-in planner: it chooses",
    "It is first asked in a chat.",
    "It is loaded when it is first asked.",
    "A trial in a process of its own went well",
    "Safe settings are in force",
    "Close what else uses this machine",
    "Try another GGUF file",
    "it took too long",
    "its server ended the reply early",
    "chat model server",
    "[[end of result]]",
    "CASEBOOK_LLM_KEY",
    "is too busy. Ask again later.",
    "Check CASEBOOK_LLM_SERVER",
    "Set CASEBOOK_LLM_SERVER to the address itself.",
    "Its own log says why.",
    "Text and faces in the pixels of these pictures were not looked for",
    "Text or faces were found in the pixels of",
    "casebook privacy FILE --clean-pixels",
)


def told(source: str) -> Iterator[str]:
    """Texts of English words that a file would say: no docstring, error, log line, pattern or name."""
    tree = ast.parse(source)
    left_out = {id(part) for node in ast.walk(tree) for part in _silent(node)}
    for node in ast.walk(tree):
        if id(node) in left_out:
            continue
        if isinstance(node, ast.JoinedStr):
            text = "".join(str(one.value) if isinstance(one, ast.Constant) else "{}" for one in node.values)
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            text = node.value
        else:
            continue
        if _is_sentence(text):
            yield text


def _silent(node: ast.AST) -> Iterator[ast.AST]:
    """What of a node is said to nobody: docstrings, errors, log lines, and parts of a longer text."""
    if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
        yield node.value
    elif isinstance(node, ast.Raise) or (
        isinstance(node, ast.Call) and _CALLED.match(ast.unparse(node.func))
    ):
        yield from ast.walk(node)
    elif isinstance(node, ast.JoinedStr):
        yield from node.values


def _is_sentence(text: str) -> bool:
    if (
        _PATTERN.search(text)
        or any(mark in text for mark in (*_NOT_SAID, *_TO_THE_OPERATOR))
        or f"header.{text}" in sayings(FIRST).texts
    ):
        return False
    return _SENTENCE.search(text) is not None


@pytest.mark.parametrize("path", FILES, ids=name)
def test_code_that_answers_holds_no_english_sentence(path: Path) -> None:
    assert not list(told(path.read_text("utf-8")))


@pytest.mark.parametrize(
    "source",
    [
        'def f():\n    return "I cannot tell from that."',
        'def f(n):\n    return f"There are {n} images in this chat."',
        'TEXT = "Ask again"\nMORE = ("I cannot measure " "this picture")',
        'st.button("Show all chats", key="x")',
        'def f():\n    return "Not now."\n',
    ],
)
def test_a_sentence_in_code_is_noticed(source: str) -> None:
    assert list(told(source))


@pytest.mark.parametrize(
    "source",
    [
        '"""A file that says something."""',
        'def f():\n    """Say it to nobody."""\n    raise ValueError("This is no such thing at all.")',
        '_LOG.warning("the turn %s has failed", 1)',
        're.compile("what is this thing")',
        'PATTERN = r"\\bwhat is (?:this|that) thing"',
        'say("chat.no_image_to_compare", image="img-1")',
        'def f():\n    return UnusableError("The model does not run here.")',
        'KEY = "scale caution"',
    ],
)
def test_what_is_said_to_nobody_is_no_sentence(source: str) -> None:
    assert not list(told(source))
