"""Files of words: what they may hold, and what is said of those that hold something else."""

from __future__ import annotations

import importlib
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

from prompts import words_file
from store.errors import SetupError
from tools.language import glosses, teaching_cards
from tools.language.findings import Findings
from tools.language.lists import EACH, Patterns, Whole, Words, read, read_file, whole

ROOT = Path(__file__).parents[3]
FILES = sorted(words_file("findings").parent.glob("*.toml"))

_READ = re.compile(r'\bread\((\w+), "(\w+)"(?:, "(\w+)")?\)')


class Colours(Words):
    warm: Patterns
    cold: Patterns


def written(folder: Path, text: str) -> Path:
    path = folder / "colours.toml"
    path.write_text(text, encoding="utf-8")
    return path


def test_a_file_of_words_is_read_as_it_is_written(tmp_path: Path) -> None:
    found = read_file(Colours, written(tmp_path, "warm = ['red', 'orange\\w*']\ncold = ['blue']"))
    assert found.warm == ("red", "orange\\w*")
    assert whole(found.warm).findall("RED, oranges and infrared") == ["RED", "oranges"]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        pytest.param("warm = ['red']\ncold = ['blue']\nhot = ['red']", "hot: Extra inputs", id="unknown key"),
        pytest.param("warm = ['red']", "cold: Field required", id="missing key"),
        pytest.param("warm = ['red', 'red']\ncold = ['blue']", "twice in one list: red", id="twice"),
        pytest.param("warm = ['red']\nwarm = ['red']\ncold = ['blue']", "are no TOML", id="a key twice"),
        pytest.param("warm = []\ncold = ['blue']", "warm: Tuple should have at least 1", id="empty list"),
        pytest.param("warm = ['']\ncold = ['blue']", "warm.0: Value error, a pattern is empty", id="empty"),
        pytest.param("warm = [' red']\ncold = ['blue']", "blanks around it", id="blank"),
        pytest.param("warm = ['re(d']\ncold = ['blue']", "'re(d' is no regular expression", id="bad pattern"),
        pytest.param("warm = ['(red)']\ncold = ['blue']", "has a group that captures", id="captures"),
        pytest.param("warm = ['r?']\ncold = ['blue']", "matches nothing at all", id="matches nothing"),
        pytest.param("warm = [1]\ncold = ['blue']", "warm.0: Input should be a valid string", id="a number"),
        pytest.param("warm = 'red'\ncold = ['blue']", "warm: Input should be a valid tuple", id="no list"),
        pytest.param("warm = ['red'\n", "are no TOML", id="no TOML"),
    ],
)
def test_what_a_file_may_not_hold_is_named(tmp_path: Path, text: str, said: str) -> None:
    with pytest.raises(SetupError, match=re.escape(said)) as caught:
        read_file(Colours, written(tmp_path, text), EACH)
    assert "colours.toml" in str(caught.value)


class Moved(Words):
    up: Whole


@pytest.mark.parametrize("pattern", ["re(d", "(red)", "r?"])
def test_a_pattern_among_others_is_tried_by_itself_only_where_that_is_wished(
    tmp_path: Path, pattern: str
) -> None:
    path = written(tmp_path, f"up = ['higher', '{pattern}']")
    assert read_file(Moved, path).up.pattern == rf"(?<!\w)(?:higher|{pattern})(?!\w)"
    with pytest.raises(SetupError, match=re.escape(repr(pattern))):
        read_file(Moved, path, EACH)


def shipped() -> Iterator[tuple[type[Words], Path]]:
    """What each file of words may hold, as the code that reads it says."""
    for source in (*(ROOT / "tools" / "language").glob("*.py"), *(ROOT / "assistant").rglob("*.py")):
        name = ".".join(source.relative_to(ROOT).with_suffix("").parts)
        for kind, file, folder in _READ.findall(source.read_text(encoding="utf-8")):
            yield vars(importlib.import_module(name))[kind], words_file(file, folder or "language")
    for path in words_file("de", "glosses").parent.glob("*.toml"):
        yield glosses._Gloss, path
    for path in words_file("questions", "teaching").parent.glob("*.toml"):
        yield teaching_cards._Questions if path.stem == "questions" else teaching_cards._File, path


def test_every_pattern_that_is_there_stands_by_itself() -> None:
    read_of = [path for kind, path in shipped() if read_file(kind, path, EACH)]
    assert {*FILES} <= {*read_of}


def test_a_file_that_is_missing_is_named() -> None:
    with pytest.raises(SetupError, match=r"colours\.toml cannot be read"):
        read(Colours, "colours")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[findings]\na = { written = ['x'], colour = 'red' }", "findings.a.colour: Extra inputs"),
        ("[findings]\na = { written = ['x'], of = 'surgery' }", "findings.a.of: Input should be"),
        ("[findings]\na = { asked = ['x'] }", "findings.a.written: Field required"),
        (
            "[findings]\na = { written = ['x'] }\nb = { written = ['y', 'x'] }",
            "'x' is written for 'a' and for 'b'",
        ),
    ],
)
def test_a_finding_has_its_own_words_and_known_keys(tmp_path: Path, text: str, said: str) -> None:
    with pytest.raises(SetupError, match=re.escape(said)):
        read_file(Findings, written(tmp_path, f"asking = ['wrong']\nending = ['x']\n{text}"))


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_every_list_that_is_there_is_read_by_somebody(path: Path) -> None:
    assert tomllib.loads(path.read_text(encoding="utf-8"))
    readers = [*(ROOT / "tools" / "language").glob("*.py"), *(ROOT / "assistant").rglob("*.py")]
    assert any(f', "{path.stem}")' in source.read_text(encoding="utf-8") for source in readers)
