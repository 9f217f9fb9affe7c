"""What the page may import."""

from __future__ import annotations

from pathlib import Path

import pytest

from assistant.pages.import_place import import_place
from assistant.settings import load_settings
from store.errors import CaseError


@pytest.fixture
def place(tmp_path: Path) -> Path:
    """A folder that the operator named, in it the Casebook folder, beside it other people's files."""
    folder = tmp_path / "teaching"
    (folder / "moles" / "naevus").mkdir(parents=True)
    (folder / "moles" / "table.csv").touch()
    (folder / "home" / "images" / "ab").mkdir(parents=True)
    (folder / "home" / "table.csv").touch()
    (folder / "table.csv").touch()
    (tmp_path / "private").mkdir()
    (tmp_path / "private" / "table.csv").touch()
    (folder / "way").symlink_to(tmp_path / "private")
    (folder / "images").symlink_to(folder / "home" / "images")
    return folder


def test_tables_and_folders_below_are_taken_whole_or_from_there(place: Path) -> None:
    for typed in ("moles", " moles/table.csv ", str(place / "moles" / "naevus"), "moles/../moles"):
        assert import_place(typed, [place.parent / "none", place], place / "home").exists()


NOT_GIVEN = [
    "",
    ".",
    "..",
    "../private",
    "../private/table.csv",
    "way",
    "way/table.csv",
    "/etc/passwd",
    "/",
    "~",
]
NOT_GIVEN += ["home", "home/images", "home/images/ab", "home/table.csv", "images", "table.csv", "moles/none"]
NOT_GIVEN += ["x\0", "a" * 5000]


@pytest.mark.parametrize("typed", NOT_GIVEN)
def test_all_else_gets_one_sentence_that_does_not_tell_what_is_there(place: Path, typed: str) -> None:
    with pytest.raises(CaseError, match="no such table or folder among") as told:
        import_place(typed, [place], place / "home")
    assert str(place) not in str(told.value)
    with pytest.raises(CaseError) as missing:
        import_place("certainly not there", [place], place / "home")
    assert str(missing.value) == str(told.value)


def test_without_a_named_folder_nothing_is_imported(place: Path) -> None:
    assert load_settings().import_places == ()
    with pytest.raises(CaseError):
        import_place(str(place / "moles"), (), place / "home")


def test_several_folders_are_named_in_one_setting() -> None:
    assert load_settings(import_folders="/a: /b c :").import_places == (Path("/a"), Path("/b c"))
