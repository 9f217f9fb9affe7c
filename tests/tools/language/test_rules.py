"""Rules over words: each row hears its examples, and a file that is wrong is refused with the place."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from prompts import words_file
from store.errors import SetupError
from tests.child import environment
from tests.rooms import ROOT
from tools.language.lists import Heard, read_file
from tools.language.rules import RuleFile, filled, heard, rules, shared, written

FILES = sorted(
    path.stem
    for path in words_file("order", "hearing").parent.glob("*.toml")
    if path.stem not in ("order", "pieces")
)
NAMES = [(file, name) for file in FILES for name in rules(file).rules]


@pytest.mark.parametrize(("file", "name"), NAMES, ids=lambda part: part)
def test_each_row_hears_its_examples_and_not_what_is_close_to_them(file: str, name: str) -> None:
    for row, pattern in zip(rules(file).rules[name], written(file)[name], strict=True):
        ear = re.compile(pattern, re.I)
        assert [one for one in row.hears if not ear.search(one)] == [], row.says
        assert [one for one in row.misses if ear.search(one)] == [], row.says


def asked_for() -> Iterator[tuple[str, str]]:
    """Every (file, name) that a source file asks the rules for by name."""
    for path in (*(ROOT / "assistant").rglob("*.py"), *(ROOT / "tools" / "language").glob("*.py")):
        source = path.read_text(encoding="utf-8")
        for node in ast.walk(ast.parse(source)) if "heard" in source else ():
            if isinstance(node, ast.Call) and ast.unparse(node.func) == "heard":
                words = [part.value for part in node.args if isinstance(part, ast.Constant)]
                if len(words) == 2:
                    yield str(words[0]), str(words[1])


def test_the_code_asks_for_rules_that_there_are() -> None:
    asked = {*asked_for()}
    assert len(asked) > 40
    assert asked <= {*NAMES}


def test_every_piece_of_a_file_is_in_one_of_its_patterns() -> None:
    for file in FILES:
        held = rules(file)
        patterns = " ".join(
            [*held.pieces.values(), *(row.says for rows in held.rules.values() for row in rows)]
        )
        assert [piece for piece in held.pieces if f"{{{piece}}}" not in patterns] == [], file


def test_what_any_row_hears_the_name_hears_and_case_is_ignored() -> None:
    greeting = heard("talk", "greeting")
    assert greeting.search("HELLO")
    assert not greeting.search("hello, is this a fracture?")


def test_pieces_are_put_in_place_with_the_pieces_that_they_name() -> None:
    pieces = {"animal": "cat|{big}", "big": "lion"}
    assert filled(r"\b{animal}s{0,2}\b", pieces, "zoo") == r"\b(?:cat|(?:lion))s{0,2}\b"
    with pytest.raises(SetupError, match=r"zoo\.toml name \{fish\}, which is no piece"):
        filled("{fish}", pieces, "zoo")


def test_the_findings_are_a_piece_of_every_file() -> None:
    assert re.search(shared()["findings"], "a pneumothorax")


def test_a_pattern_that_is_none_is_refused_with_its_name() -> None:
    with pytest.raises(SetupError, match=r"rules for noise of talk\.toml are no regular expression"):
        Heard(lambda: "(", "noise of talk.toml").search("a noise")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[[rules.a]]\nsays = 'x'", "rules.a.0.hears: Field required"),
        ("[[rules.a]]\nsays = 'x'\nhears = []", "rules.a.0.hears: Tuple should have at least 1"),
        ("[[rules.a]]\nsays = ''\nhears = ['x']", "rules.a.0.says: String should have at least 1"),
        ("[[rules.a]]\nsays = 'x'\nhears = ['x']\nmisses = ['y']", "rules.a.0.misses: Extra inputs"),
        ("[rules]\na = []", "rules.a: Tuple should have at least 1"),
        ("[pieces]\na = 'x'", "rules: Field required"),
        ("[pieces]\nA = 'x'\n[[rules.a]]\nsays = 'x'\nhears = ['x']", "pieces.A"),
    ],
)
def test_a_file_of_rules_that_is_wrong_is_refused_with_the_place(
    tmp_path: Path, text: str, said: str
) -> None:
    path = tmp_path / "noise.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(SetupError, match=said.replace(".", r"\.")):
        read_file(RuleFile, path)


def test_a_pattern_is_made_once_and_not_before_it_is_used() -> None:
    made = []
    ear = Heard(lambda: made.append(1) or "cat")
    assert not made
    assert ear.pattern == "cat"
    assert "compiled" not in vars(ear)
    assert ear.search("a CAT")
    assert ear.sub("dog", "a cat") == "a dog"
    assert made == [1]


READS = """
import pathlib
read, plain = [], pathlib.Path.read_text
pathlib.Path.read_text = lambda path, *args, **more: read.append(path.suffix) or plain(path, *args, **more)
import assistant.turn.run, assistant.planning.planner
print(read.count(".toml"))
"""


@pytest.mark.process
def test_no_words_are_read_when_the_planner_is_imported() -> None:
    done = subprocess.run(
        [sys.executable, "-c", READS], check=True, capture_output=True, text=True, env=environment()
    )
    assert done.stdout.strip() == "0"
