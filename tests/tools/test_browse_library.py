"""`browse_library`: counts, lists and lots of a real library."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from store.cases.library import Library
from store.errors import ToolUseError
from store.pictures.blobs import BlobStore
from store.records import Holdings, LibraryCase, parse_record
from tests.inputs.case_library import library, read, unknown
from tests.inputs.teaching_library import write_teaching_cases
from tools.browse_library import browse


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """12 moles of three labels, then 3 scans."""
    root = tmp_path_factory.mktemp("library")
    for table in write_teaching_cases(tmp_path_factory.mktemp("sets")):
        library(root).import_csv(table, read, unknown)
    return root


def ask(root: Path, clause: str, turn: str = "t") -> tuple[str, Holdings, list[LibraryCase]]:
    said, records = browse(library(root), clause, turn)
    assert [parse_record(one.model_dump(mode="json")) for one in records] == records
    holdings: Any = records[0]
    return said, holdings, [one for one in records if isinstance(one, LibraryCase)]


def test_cases_are_counted_by_label_and_by_collection(root: Path) -> None:
    said, holdings, shown = ask(root, "how many cases are there?")
    assert said.startswith("The case library holds 15 cases.")
    assert "4 “nevus”" in said
    assert holdings.labels == {"nevus": 4, "angioma": 4, "melanoma": 4, "normal": 2, "fracture": 1}
    assert sorted(holdings.collections.values()) == [3, 12]
    assert not shown


@pytest.mark.parametrize(
    ("clause", "labels", "size"),
    [
        ("only melanomas", {"melanoma"}, 4),
        ("show me moles", {"nevus"}, 4),
        ("list everything but the naevi", {"angioma", "melanoma", "normal", "fracture"}, 11),
        ("only CTs", {"normal", "fracture"}, 3),
        ("show the skin cases", {"nevus", "angioma", "melanoma"}, 12),
    ],
)
def test_cases_are_chosen_by_words_for_label_kind_and_collection(
    root: Path, clause: str, labels: set[str], size: int
) -> None:
    _, holdings, shown = ask(root, clause)
    assert set(holdings.labels) == labels
    assert holdings.size == size
    assert {one.label for one in shown} <= labels
    assert all(BlobStore(root / "pictures").path(one.key).is_file() for one in shown)


def test_a_random_choice_states_its_seed_and_can_be_made_again(root: Path) -> None:
    said, holdings, shown = ask(root, "five random skin cases", "one turn")
    assert len(shown) == 5
    assert f"with seed {holdings.seed}" in said
    again = ask(root, f"five random skin cases with seed {holdings.seed}", "another turn")[2]
    assert again == shown
    assert ask(root, "five random skin cases", "a third turn")[2] != shown


def test_the_newest_come_first(root: Path) -> None:
    shown = ask(root, "the newest cases")[2]
    assert {one.label for one in shown[:3]} == {"normal", "fracture"}
    assert shown[0].label == "normal"


def test_more_are_asked_for_than_there_are(root: Path) -> None:
    assert len(ask(root, "show 9 melanomas")[2]) == 4


def test_what_no_case_fits_is_answered_with_the_labels_there_are(root: Path) -> None:
    for clause in ("only psoriasis", "only unicorns", "how many ultrasounds"):
        said, holdings, shown = ask(root, clause)
        assert said.startswith("No case of the library fits")
        assert "“melanoma”" in said
        assert (holdings.size, shown) == (0, [])


def test_words_that_chose_nothing_are_told_beside_those_that_did(root: Path) -> None:
    said, _, shown = ask(root, "melanomas of sailors")
    assert "goes by “sailors”" in said
    assert {one.label for one in shown} == {"melanoma"}


def test_an_empty_library_says_how_cases_come_in(tmp_path: Path) -> None:
    empty = Library(tmp_path / "library", BlobStore(tmp_path / "pictures"))
    with pytest.raises(ToolUseError, match="casebook library import"):
        browse(empty, "how many cases?", "t")
