"""The whole ear: every example of a rule is heard as its intent, and no phrases are written in Python."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from typing import get_args

import pytest

from assistant.planning.words import Intent, intent_of, order
from tests.rooms import ROOT
from tools.language.header_topics import topics
from tools.language.rules import rules

ROOMS = ("assistant/planning",)
LISTENING = [path for room in ROOMS for path in sorted((ROOT / room).glob("*.py")) if path.name[:4] != "say_"]
CHECKING = ROOT / "assistant" / "grounding"
# Their patterns are made of what a chat holds, or are word endings.
MADE = frozenset({"cases.py", "compared.py", "units.py"})
LISTENING += [path for path in sorted(CHECKING.glob("*.py")) if path.name not in MADE]
# What an answer is made for without any words of its own asking for it.
UNHEARD = {"matches", "declined", "unclear", "teach", "level", "over", "talk", "region"}
FEW = 3
"""English words in a regular expression from which on it is a list of phrases."""
_SIGNS = re.compile(r"\\[bwWsSd]|\(\?|\|")
_NO_WORDS = re.compile(r"\\[A-Za-z]|\(\?[a-zA-Z<>-]*|\[[^\]]*\]")


def examples() -> Iterator[tuple[str, str]]:
    """Every intent with the examples of its rules; a topic of the header is heard as the header."""
    for place in order():
        names = [*topics(), place.intent] if place.intent == "header" else [place.intent]
        for name in names:
            yield from ((place.intent, one) for row in rules(place.file).rules[name] for one in row.hears)


@pytest.mark.parametrize(("intent", "example"), [*examples()])
def test_the_ear_hears_each_example_as_the_intent_whose_rule_it_stands_with(
    intent: str, example: str
) -> None:
    # What a file states of how it was acquired is a question of its header, whatever else asks for it.
    also = {"facts": "header", "what_is": "header"}.get(intent, intent)
    assert intent_of(example)[0] in (intent, also)


def test_each_intent_that_words_ask_for_has_its_place_in_the_order() -> None:
    placed = [(place.intent, place.file) for place in order()]
    assert len(placed) == len({*placed})
    assert {intent for intent, _ in placed} == {*get_args(Intent)} - UNHEARD


def test_each_topic_of_the_header_has_its_rules() -> None:
    assert {*topics()} == {*rules("header").rules} - {"header"}


def phrases(source: str) -> Iterator[str]:
    """Regular expressions with several English words in a source text."""
    tree = ast.parse(source)
    said = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    said |= {id(part) for node in ast.walk(tree) if isinstance(node, ast.JoinedStr) for part in node.values}
    for node in ast.walk(tree):
        text = written_in(node) if id(node) not in said else ""
        words = {*re.findall(r"[a-z]{2,}", _NO_WORDS.sub(" ", text))}
        if _SIGNS.search(text) and len(words) >= FEW:
            yield text


def written_in(node: ast.AST) -> str:
    """The text of a string, without what is put into it."""
    parts = node.values if isinstance(node, ast.JoinedStr) else [node]
    return "".join(
        str(one.value) for one in parts if isinstance(one, ast.Constant) and type(one.value) is str
    )


@pytest.mark.parametrize("path", LISTENING, ids=lambda path: path.name)
def test_no_list_of_phrases_is_written_in_python(path: Path) -> None:
    assert [*phrases(path.read_text(encoding="utf-8"))] == []


@pytest.mark.parametrize(
    "source",
    [
        'x = re.compile(r"\\b(?:cat|dog|cow)s?\\b")',
        'x = rf"\\b(?:{y}|cat|dog)\\b (?:cow)"',
        'x = {"animal": ("cat|dog|cow",)}',
    ],
)
def test_a_list_of_phrases_in_python_is_found(source: str) -> None:
    assert [*phrases(source)]


def test_prose_and_patterns_without_words_are_no_list_of_phrases() -> None:
    assert not [*phrases('"""Cat | dog | cow."""\nx = r"^\\W*(?:cat|dog)"\ny = "cats, dogs and cows"')]
