"""Letters without which a pattern is not found: looking for them first changes nothing that is heard."""

from __future__ import annotations

import random
import re
from collections.abc import Iterator

import pytest
import rtoml

from prompts import words_file
from tools.language.lists import Heard
from tools.language.needed import may_hold, needed_by
from tools.language.rules import rules, written

FILES = [
    path.stem
    for path in sorted(words_file("order", "hearing").parent.glob("*.toml"))
    if path.stem not in ("order", "pieces")
]


@pytest.mark.parametrize(
    ("pattern", "needed"),
    [
        (r"(?:next|final) slices?\b", {" slice"}),
        (r"\bwhat(?:.?s| is) (?:this|that)\b", {"what"}),
        (r"Ränder|margins?|ab+c", {"ränder", "margin", "ab"}),
        (r"(?P<left>left|linke[rs])-?(?P<hand>hand)", {"left", "linke"}),
        (r"(?:lung|bone){1,2} (?:window){0,1}", {"lung", "bone"}),
        (r"(?s:x.*y|zz)", {"x", "zz"}),
        (r"a\.b", {"a"}),
        (r"img-\d+", {"img-"}),
        (r"\w+", set()),
        (r"(?:a|b)?", set()),
        (r"lung|\d+", set()),
        (r"(?=lung)\w+(?<!s)", set()),
        (r"(?P<a>lung)(?P=a)", set()),
        (r"(?(1)a|b)lung", set()),
        (r"ſpot", set()),
        (r"(lung", set()),
    ],
)
def test_what_a_pattern_needs_is_read_from_how_it_is_written(pattern: str, needed: set[str]) -> None:
    assert needed_by(pattern) == needed


def test_letters_are_looked_for_in_any_case_and_not_where_others_may_be_the_same() -> None:
    needed = needed_by("ÄHNLICH|skin")
    assert may_hold("Ähnlich?", needed)
    assert not may_hold("“lung”", needed)
    assert re.search("skin", "ſKIN", re.I)
    assert may_hold("ſKIN", needed)


@pytest.mark.parametrize("file", FILES)
def test_every_rule_may_be_in_all_that_it_hears(file: str) -> None:
    for name, rows in rules(file).rules.items():
        needed = needed_by("|".join(written(file)[name]))
        assert [one for row in rows for one in row.hears if not may_hold(one, needed)] == [], name


def test_what_holds_no_needed_letters_is_not_heard() -> None:
    messages = random.Random(1).sample([*_messages()], 400)
    for file in FILES:
        for name, rows in written(file).items():
            needed, ear = needed_by("|".join(rows)), re.compile("|".join(rows), re.I)
            assert [one for one in messages if not may_hold(one, needed) and ear.search(one)] == [], name


def _messages() -> Iterator[str]:
    for path in sorted(words_file("read", "intents").parent.glob("*.toml")):
        for texts in rtoml.loads(path.read_text(encoding="utf-8"))["said"].values():
            yield from texts


def test_patterns_at_random_are_not_found_where_their_needed_letters_are_not() -> None:
    dice, empty = random.Random(2), 0
    for _ in range(4000):
        pattern = _any_pattern(dice, 2)
        needed = needed_by(pattern)
        empty += not needed
        for _ in range(8):
            text = "".join(dice.choices("abcABC ", k=dice.randint(0, 4)))
            assert may_hold(text, needed) or not re.search(pattern, text, re.I), (pattern, text)
    assert empty < 3000


def _any_pattern(dice: random.Random, depth: int) -> str:
    return "|".join(
        "".join(_any_part(dice, depth) for _ in range(dice.randint(1, 3)))
        for _ in range(dice.choice((1, 1, 2, 3)))
    )


def _any_part(dice: random.Random, depth: int) -> str:
    kind = dice.random()
    if depth and kind < 0.4:
        opening = dice.choice(("(?:", "(", "(?=", "(?!", "(?i:", "(?:"))
        part = f"{opening}{_any_pattern(dice, depth - 1)})"
        return part + dice.choice(
            ("", "", "?", "??", "{0,2}", "{,1}?", "{1,2}", *(["*?", "+?", "+"] * (depth < 2)))
        )
    if kind < 0.55:
        part = dice.choice((r"\w", "[ab]", "[^a]", ".", r"[\]b]", r"\("))
    elif kind < 0.6:
        return dice.choice((r"\b", "^", "$"))
    else:
        part = "".join(dice.choices("abcA", k=dice.randint(1, 3)))
    return part + dice.choice(("", "", "", "?", "*", "+", "{0,2}", "{1,2}", "{2}", "{,2}", "??", "+?"))


def test_a_pattern_is_not_compiled_for_a_text_that_cannot_hold_it() -> None:
    ear = Heard(lambda: "cats?")
    text = "a dog"
    assert (ear.search(text), ear.match(text), ear.fullmatch(text)) == (None, None, None)
    assert ([*ear.finditer(text)], ear.findall(text), ear.split(text)) == ([], [], [text])
    assert (ear.sub("lion", text), ear.subn("lion", text)) == (text, (text, 0))
    assert "compiled" not in vars(ear)
    assert ear.subn("lion", "a cat") == ("a lion", 1)
    assert ear.split("dog cat dog") == ["dog ", " dog"]
    assert "compiled" in vars(ear)
    assert not ear.search(text)
