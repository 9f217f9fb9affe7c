"""The vocabulary: what its files may hold, what is refused, and how a concept is found by a name."""

from __future__ import annotations

import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from prompts import CONCEPTS, words_file
from store.errors import SetupError
from tests.child import ROOT
from tests.tools.language.numbers import numbers
from tools.language.sayings import FIRST, languages
from tools.language.vocabulary import (
    SENTENCES,
    Vocabulary,
    even,
    means,
    names,
    read_vocabulary,
    vocabulary,
)

_END = re.compile(r"[.!?](?=\s+[^\W\d_]|\s*$)")
GOOD = "macule = { also = ['flat spot'], means = 'A flat spot.', source = 'book' }\npapule = ['bump']"


def read(folder: Path, concepts: str, *, ambiguous: str = "", other: str = "") -> Vocabulary:
    head = 'domain = "dermatology"\n[concepts.morphology]\n'
    (folder / "sources.toml").write_text("[sources]\nbook = 'A book, 2020'", encoding="utf-8")
    (folder / "ambiguous.toml").write_text(f"[names]\n{ambiguous}", encoding="utf-8")
    (folder / "skin.toml").write_text(head + concepts, encoding="utf-8")
    (folder / "more.toml").write_text(head + other, encoding="utf-8")
    return read_vocabulary(folder)


def test_a_concept_has_its_names_its_kind_and_who_defines_it(tmp_path: Path) -> None:
    (macule,) = read(tmp_path, GOOD).find("Flat spots")
    assert (macule.id, macule.term, macule.kind, macule.domain) == (
        "macule", "macule", "morphology", "dermatology",
    )  # fmt: skip
    assert (macule.means, macule.source) == ("A flat spot.", "A book, 2020")


def test_a_concept_may_be_no_more_than_its_names(tmp_path: Path) -> None:
    (papule,) = read(tmp_path, GOOD).find("bump")
    assert (papule.term, papule.also, papule.means, papule.source) == ("papule", ("bump",), None, None)


def test_what_nothing_goes_by_finds_nothing(tmp_path: Path) -> None:
    assert read(tmp_path, GOOD).find("wheal") == []


@pytest.mark.parametrize(
    ("concepts", "said"),
    [
        pytest.param("a = { colour = 'red' }", "a.colour: Extra inputs", id="unknown key"),
        pytest.param("A_b = []", "should match pattern", id="an id that is none"),
        pytest.param("a = ['']", "at least 1 character", id="an empty name"),
        pytest.param("a = { means = 'Flat.' }", "one is missing", id="a definition without a source"),
        pytest.param("a = { source = 'book' }", "one is missing", id="a source without a definition"),
        pytest.param("a = { means = 'A. B. C.', source = 'book' }", "at most 2 sentences", id="too long"),
        pytest.param("a = { means = 'Flat', source = 'book' }", "ends with a full stop", id="no full stop"),
        pytest.param(
            "a = { means = 'Flat.', source = 'x' }", "sources.toml does not name", id="no such source"
        ),
        pytest.param("a = []\na = []", "are no TOML", id="an id twice in a file"),
        pytest.param("a = ['spot']\nb = ['Spots']", "'spot' belongs to a and b", id="a name claimed twice"),
        pytest.param("a = ['b']\nb = []", "'b' belongs to a and b", id="a term that is another's name"),
    ],
)
def test_what_a_file_may_not_hold_is_named(tmp_path: Path, concepts: str, said: str) -> None:
    with pytest.raises(SetupError, match=re.escape(said)):
        read(tmp_path, concepts)


def test_a_kind_that_nobody_knows_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SetupError, match=r"concepts\.colour"):
        read(tmp_path, "a = []\n[concepts.colour]\nb = []")


def test_an_id_in_two_files_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SetupError, match=r"skin.toml .* 'a' is twice"):
        read(tmp_path, "a = []", other="a = []")


def test_a_name_may_be_shared_where_that_is_said(tmp_path: Path) -> None:
    shared = read(tmp_path, "a = ['spot']\nb = ['spot']", ambiguous="spot = ['b', 'a']")
    assert [one.id for one in shared.find("spots")] == ["a", "b"]


@pytest.mark.parametrize(
    ("ambiguous", "said"),
    [
        ("spot = ['a', 'c']", "'spot' belongs to a and b"),
        ("spot = ['a']", "at least 2"),
        ("spot = ['a', 'b']\nbump = ['a', 'b']", "'bump', which only one concept or none goes by"),
    ],
)
def test_what_is_shared_is_listed_whole(tmp_path: Path, ambiguous: str, said: str) -> None:
    with pytest.raises(SetupError, match=re.escape(said)):
        read(tmp_path, "a = ['spot']\nb = ['spot']\nc = []", ambiguous=ambiguous)


def test_a_source_file_that_is_missing_is_named(tmp_path: Path) -> None:
    with pytest.raises(SetupError, match=r"sources\.toml cannot be read"):
        read_vocabulary(tmp_path)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Oedema", "edemas"), ("naevi", "nevi"), ("haemorrhages", "Hemorrhage"), ("metastases", "metastasis"),
        ("opacities", "opacity"), ("masses", "mass"), ("blue-white veil", "blue white veil"),
        ("Kerley's lines", "Kerley line"), ("tumours", "tumor"), ("keratoses", "keratosis"),
        ("abscesses", "abscess"), ("Hampton’s hump", "Hampton hump"),
    ],
)  # fmt: skip
def test_spelling_number_and_marks_make_no_other_name(one: str, other: str) -> None:
    assert even(one) == even(other)


@pytest.mark.parametrize(
    ("one", "other"), [("T2", "T2*"), ("mass", "mas"), ("us", "u"), ("psoriasis", "psoriasi")]
)
def test_names_that_differ_stay_apart(one: str, other: str) -> None:
    assert even(one) != even(other)


def test_the_vocabulary_covers_both_fields_and_names_its_sources() -> None:
    concepts = vocabulary().concepts.values()
    defined = [one for one in concepts if one.means]
    assert len(concepts) >= 800
    assert len(defined) >= 300
    assert {one.domain for one in concepts} == {"radiology", "dermatology", "both"}
    assert all(one.source for one in defined)
    assert SENTENCES == 2


def test_every_source_is_used_by_a_definition() -> None:
    named = tomllib.loads((CONCEPTS / "sources.toml").read_text(encoding="utf-8"))["sources"]
    assert set(named.values()) == {one.source for one in vocabulary().concepts.values() if one.source}


def test_no_two_concepts_have_the_same_definition() -> None:
    said = [one.means for one in vocabulary().concepts.values() if one.means]
    assert len(said) == len(set(said))


@pytest.mark.parametrize("language", [one for one in languages() if one != FIRST])
def test_every_definition_is_there_in_another_language_under_a_name_of_its_own(language: str) -> None:
    defined = {one.id for one in vocabulary().concepts.values() if one.means}
    assert set(means(language)) == defined
    assert defined <= set(names(language))
    assert len(set(means(language).values())) == len(defined)


@pytest.mark.parametrize("language", [one for one in languages() if one != FIRST])
def test_a_definition_in_another_language_holds_every_sentence_and_every_number(language: str) -> None:
    for one, told in means(language).items():
        english = vocabulary().concepts[one].means
        assert english
        assert len(_END.findall(told)) == len(_END.findall(english)), told
        assert numbers(told) == numbers(english), told


@pytest.mark.parametrize("language", [one for one in languages() if one != FIRST])
def test_a_name_in_another_language_is_of_one_concept(language: str) -> None:
    all_of = [name.casefold() for known in names(language).values() for name in known]
    assert len(all_of) == len(set(all_of))


@pytest.mark.process
def test_nothing_is_read_before_it_is_asked_for() -> None:
    code = (
        "import tools.language.glossary, assistant.planning.planner, tools.language.vocabulary as v;"
        "assert v.vocabulary.cache_info().currsize == 0"
    )
    assert subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=False).returncode == 0


@pytest.mark.parametrize(
    ("said", "term"),
    [
        ("haemangioma of the liver", "hepatic haemangioma"),
        ("hemangiomas of the liver", "hepatic haemangioma"),
        ("liver haemangioma", "hepatic haemangioma"),
        ("hepatic cavernous haemangioma", "hepatic haemangioma"),
        ("atrophy of the kidney", "renal atrophy"),
        ("embolism of the lung", "pulmonary embolism"),
    ],
)
def test_what_is_in_a_part_of_the_body_goes_by_the_name_with_its_adjective(said: str, term: str) -> None:
    assert term in [one.term for one in vocabulary().find(said)]


def test_every_term_with_an_adjective_of_a_part_is_found_as_that_of_the_part() -> None:
    parts = tomllib.loads(words_file("adjectives").read_text(encoding="utf-8"))["parts"]
    tried = [
        (f"{what} of the {part}", one)
        for part, adjectives in parts.items()
        for one in vocabulary().concepts.values()
        for first, _, what in [one.term.partition(" ")]
        if what and first in adjectives
    ]
    assert len(tried) > 40
    for said, one in tried:
        assert one in vocabulary().find(said) or even(said) in vocabulary().named, said


def test_what_is_in_no_part_of_the_body_has_no_other_name() -> None:
    for said in (
        "haemangioma of the bicycle",
        "haemangioma of",
        "of the liver",
        "liver",
        "sign of the times",
    ):
        assert vocabulary().find(said) == [vocabulary().concepts["liver"]] * (said == "liver")
