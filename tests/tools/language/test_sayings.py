"""What Casebook says: what a file must hold, what a language must hold, and how fields are filled."""

from __future__ import annotations

import ast
import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

import tools.language.sayings as module
from prompts import SAYINGS
from store.errors import SetupError
from tests.rooms import files
from tools.language.retold import retell
from tools.language.sayings import (
    FIRST,
    in_a_row,
    languages,
    read_sayings,
    say,
    sayings,
    was_said,
    word,
)

LANGUAGE = 'decimal = ","\nthousands = "."\nquotes = "“”"\n'


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A language of one sentence."""
    (tmp_path / "language.toml").write_text(LANGUAGE, "utf-8")
    (tmp_path / "things.toml").write_text('size = "{image} misst {value:,.1f}"\n', "utf-8")
    return tmp_path


@pytest.fixture
def second(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """English once more, as the folder of another language that writes a decimal comma."""
    for name in (FIRST, "de"):
        shutil.copytree(SAYINGS / FIRST, tmp_path / name)
    (tmp_path / "de" / "language.toml").write_text(LANGUAGE, "utf-8")
    monkeypatch.setattr(module, "SAYINGS", tmp_path)
    for cached in (languages, sayings):
        cached.cache_clear()
    yield tmp_path / "de"
    monkeypatch.undo()
    for cached in (languages, sayings):
        cached.cache_clear()


def test_a_sentence_is_named_by_file_and_key_and_numbers_are_written_as_the_language_does(
    folder: Path,
) -> None:
    found = read_sayings(folder)
    assert found.fill("things.size", {"image": "img-1.5", "value": 1234.56}) == "img-1.5 misst 1.234,6"


@pytest.mark.parametrize(
    ("file", "text", "told"),
    [
        ("things", "size = 3", "valid string"),
        ("things", 'size = ""', "empty or has blanks"),
        ("things", 'size = " a"', "empty or has blanks"),
        ("things", 'size = "{0}"', "{0} is no name"),
        ("things", 'size = "{image.id}"', "{image.id} is no name"),
        ("things", 'size = "{Image}"', "{Image} is no name"),
        ("things", 'size = "{image"', "'}'"),
        ("things", 'a.b = "x"', "valid string"),
        ("things", "size", "things.toml are no TOML"),
        ("language", 'decimal = ","', "thousands"),
        ("language", 'decimal = ",,"\nthousands = "."\nquotes = "“”"', "decimal"),
        ("language", LANGUAGE + 'colour = "red"', "colour"),
    ],
)
def test_a_file_that_is_not_as_it_should_be_is_refused_with_the_reason(
    folder: Path, file: str, text: str, told: str
) -> None:
    (folder / f"{file}.toml").write_text(text, "utf-8")
    with pytest.raises(SetupError, match=re.escape(told)):
        read_sayings(folder)


def test_an_unknown_saying_a_missing_field_and_one_too_many_are_refused() -> None:
    assert say("kinds.those", images="img-1") == "img-1."
    for name, fields in (("kinds.nothing", {}), ("kinds.those", {}), ("kinds.yes", {"image": "img-1"})):
        with pytest.raises(ValueError, match=re.escape(name)):
            say(name, **fields)
    with pytest.raises(ValueError, match="no sayings in 'xx', only in"):
        say("kinds.yes", "xx")


def test_a_language_is_another_folder(second: Path) -> None:
    kinds = (second / "kinds.toml").read_text("utf-8")
    (second / "kinds.toml").write_text(kinds.replace('yes = "Yes."', 'yes = "Ja."'), "utf-8")
    assert languages() == ("de", "en")
    assert (say("kinds.yes"), say("kinds.yes", "de")) == ("Yes.", "Ja.")
    assert say("measures.value", "de", value=12.5, unit="%") == "12,5 %"
    assert was_said("kinds.yes", "So. Ja.") and not was_said("kinds.yes", "So. No.")


@pytest.mark.parametrize(
    ("before", "after", "told"),
    [
        ('yes = "Yes."\n', "", "de: 'kinds.yes' is missing"),
        ('yes = "Yes."\n', 'yes = "Ja."\nperhaps = "Kaum."\n', "de: 'kinds.perhaps' is missing or unknown"),
        ('those = "{images}."', 'those = "Diese."', "de: kinds.those: the field 'images'"),
        ('yes = "Yes."', 'yes = "Ja, {image}."', "de: kinds.yes: the field 'image'"),
    ],
)
def test_a_language_that_lacks_a_sentence_or_a_field_of_english_is_refused(
    second: Path, before: str, after: str, told: str
) -> None:
    kinds = (second / "kinds.toml").read_text("utf-8")
    assert before in kinds
    (second / "kinds.toml").write_text(kinds.replace(before, after), "utf-8")
    with pytest.raises(SetupError, match=re.escape(told)):
        sayings("de")


@pytest.mark.parametrize(
    ("names", "by", "said"),
    [
        ([], "and", ""),
        (["a"], "and", "a"),
        (["a", "b"], "or", "a or b"),
        (["a", "b", "c"], "and", "a, b and c"),
    ],
)
def test_names_stand_in_a_row(names: list[str], by: str, said: str) -> None:
    assert in_a_row(names, by=by) == said


def test_a_thing_without_a_word_of_its_own_keeps_its_name() -> None:
    assert (word("kinds", "CT"), word("parts", "little toe")) == ("CT", "little toe")


def test_a_sentence_is_found_again_with_anything_in_its_fields_or_with_what_is_given() -> None:
    text = f"First. {say('teaching.before', title='A card')} Last."
    assert was_said("teaching.before", text) and was_said("teaching.before", text, title="A card")
    assert not was_said("teaching.before", text, title="A car")
    assert not was_said("teaching.too", text)
    assert not was_said("teaching.before", " ".join(reversed(text.split(" "))))


@pytest.mark.parametrize("language", languages())
def test_every_language_that_is_shipped_is_whole(language: str) -> None:
    assert len(sayings(language).texts) > 200


def _calls() -> list[tuple[str, ast.Call]]:
    """Every call that says something, by the file that it is in."""
    sources = ((path.name, path.read_text("utf-8")) for path in files())
    saying = ((path, ast.parse(source)) for path, source in sources if "say(" in source)
    calls = ((path, one) for path, tree in saying for one in ast.walk(tree))
    named = [(path, one) for path, one in calls if isinstance(one, ast.Call)]
    return [
        (path, one) for path, one in named if getattr(one.func, "id", getattr(one.func, "attr", "")) == "say"
    ]


def test_every_saying_that_code_names_is_there_with_the_fields_that_code_fills() -> None:
    known = sayings(FIRST).fields
    checked = 0
    for path, call in _calls():
        name = call.args[0] if call.args else None
        keywords = {one.arg for one in call.keywords}
        if not isinstance(name, ast.Constant) or not isinstance(name.value, str):
            continue
        assert name.value in known, (path, name.value)
        if None not in keywords:
            assert keywords - {"language"} == known[name.value], (path, name.value)
        checked += 1
    assert checked > 100


def test_every_saying_is_used_or_is_a_word_for_something() -> None:
    source = "\n".join(path.read_text("utf-8") for path in files())
    written = set(re.findall(r"[\"']([a-z_]+\.[A-Za-z_]+)[\"']", source))
    begun = tuple(re.findall(r"f\"([a-z_]+\.[a-z_]*)\{", source))
    groups = {
        "kinds",
        "tools",
        "told",
        "library_tools",
        "values",
        "disclaimers",
        *re.findall(r"\bword\(\s*\"([a-z_]+)\"", source),
    }
    for name in sayings(FIRST).texts:
        assert name in written or name.startswith(begun) or name.partition(".")[0] in groups, name


@pytest.mark.parametrize("language", ["de", "es"])
@pytest.mark.parametrize("of", ["the slice", "the scanned part of the slice"])
def test_the_shares_of_a_slice_are_told_whole_in_the_language(language: str, of: str) -> None:
    names = ("air and lung", "fat", "soft tissue and fluid", "bone, contrast medium or metal")
    shares = [f"{share} % of {of} is {name}" for share, name in zip((52, 2, 43, 3), names, strict=True)]
    said = retell(f"By Hounsfield range, {', '.join(shares)}.", language)
    assert all(f"{share} %" in said for share in (52, 2, 43, 3))
    assert not re.search(r"\b(?:of|is|the|slice|fat|tissue)\b", said)


@pytest.mark.parametrize("language", ["de", "es"])
def test_a_sentence_that_begins_with_an_image_is_one_of_its_own(language: str) -> None:
    sure = "the pixel estimate is not clear: 0.80 for skin, 0.18 for neither radiology nor skin"
    text = (
        f"I cannot tell what kind of picture img-1 is, because {sure}. img-1 is a JPEG of 80×53 pixels. "
        "The technical checks found no problem."
    )
    assert not re.search(r"\b(?:the|neither|is|of|found)\b", retell(text, language))
