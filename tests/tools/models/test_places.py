"""Where a system's files are: given, set, or pulled."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import pytest

from store.errors import SetupError
from tools.models.hub.pulled import (
    Pulled,
    PulledFile,
    Repository,
    check_files,
    read_pulled,
    sha256_of,
    write_pulled,
)
from tools.models.places import LOCAL, find_place, folder_bytes, is_set_up
from tools.models.systems.cards import SYSTEMS

RADIOGRAPHER = SYSTEMS["radiographer"]


@pytest.fixture
def pulled(tmp_path: Path, home: Path) -> Pulled:
    """The record of an adapter and its base, with their files."""
    repositories = []
    for role in ("checkpoint", "base"):
        folder = tmp_path / "cache" / role
        folder.mkdir(parents=True)
        (folder / "model.safetensors").write_bytes(role.encode())
        file = PulledFile("model.safetensors", len(role), sha256_of(folder / "model.safetensors"))
        repositories.append(
            Repository(f"a/{role}", role, "main", f"commit-{role}", folder, was_there=False, files=(file,))
        )
    made = Pulled("radiographer", complete=True, repositories=tuple(repositories))
    write_pulled(made, home)
    return made


def test_a_record_comes_back_as_it_was_written(pulled: Pulled, home: Path) -> None:
    assert read_pulled("radiographer", home) == pulled
    assert read_pulled("pubmedclip", home) is None


def test_what_was_pulled_is_found_with_its_commit(pulled: Pulled, home: Path) -> None:
    place = find_place(RADIOGRAPHER, home)
    assert (place.path, place.base) == tuple(one.folder for one in pulled.repositories)
    assert place.revision == "commit-checkpoint"
    assert is_set_up(RADIOGRAPHER, home)


def test_a_folder_given_wins_over_what_was_pulled(pulled: Pulled, home: Path, tmp_path: Path) -> None:
    place = find_place(RADIOGRAPHER, home, path=tmp_path)
    assert (place.path, place.revision, place.pulled) == (tmp_path, LOCAL, None)
    assert (place.base, place.base_revision) == (None, None)  # whole weights need none
    (tmp_path / "adapter_config.json").write_text("{}")
    place = find_place(RADIOGRAPHER, home, path=tmp_path)
    assert (place.base, place.base_revision) == (pulled.repositories[1].folder, "commit-base")


def test_another_base_can_be_put_under_a_pulled_adapter(pulled: Pulled, home: Path, tmp_path: Path) -> None:
    place = find_place(RADIOGRAPHER, home, base=tmp_path)
    assert (place.path, place.base) == (pulled.checkpoint.folder, tmp_path)
    assert (place.revision, place.base_revision) == ("commit-checkpoint", LOCAL)


def test_a_tilde_in_a_folder_means_the_users(
    home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    (tmp_path / "weights").mkdir()
    assert find_place(RADIOGRAPHER, home, path=Path("~/weights")).path == tmp_path / "weights"
    assert is_set_up(RADIOGRAPHER, home, path=Path("~/weights"))


def test_a_system_that_is_nowhere_says_how_to_get_it(home: Path) -> None:
    assert not is_set_up(RADIOGRAPHER, home)
    with pytest.raises(SetupError, match=r"22 GB.*casebook models pull radiographer.*RADIOGRAPHER_PATH"):
        find_place(RADIOGRAPHER, home)
    with pytest.raises(SetupError, match="size not published"):
        find_place(SYSTEMS["derm-foundation"], home)


def test_before_the_packages_are_there_they_come_before_a_large_pull(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tools.models.places.missing_packages", lambda _: ["torch", "peft"])
    with pytest.raises(SetupError, match=r"First install .*torch, peft.*: make models .*Then pull it \("):
        find_place(RADIOGRAPHER, home)
    monkeypatch.setattr("tools.models.places.missing_packages", lambda _: [])
    with pytest.raises(SetupError, match=r"not here\. Pull it \("):
        find_place(RADIOGRAPHER, home)


@pytest.mark.parametrize("what", ["path", "base"])
def test_a_folder_that_is_not_there_names_its_option_and_setting(what: str, home: Path) -> None:
    given = {what: Path("/nowhere/at/all")}
    with pytest.raises(SetupError, match=f"nowhere.*--{what}.*CASEBOOK_DERM_CAPTIONER_{what.upper()}"):
        find_place(SYSTEMS["derm-captioner"], home, **given)
    assert not is_set_up(RADIOGRAPHER, home, path=Path("/nowhere/at/all"))


def test_a_pull_that_was_cut_off_is_not_taken_for_whole(pulled: Pulled, home: Path) -> None:
    write_pulled(dataclasses.replace(pulled, complete=False), home)
    assert not is_set_up(RADIOGRAPHER, home)
    with pytest.raises(SetupError, match="Go on with: casebook models pull radiographer"):
        find_place(RADIOGRAPHER, home)
    with pytest.raises(SetupError, match="Go on with: casebook models pull radiographer"):
        check_files(dataclasses.replace(pulled, complete=False), home)


@pytest.mark.parametrize("what", ["gone", "cut short"])
def test_files_that_left_the_cache_are_missed(what: str, pulled: Pulled, home: Path) -> None:
    weights = pulled.checkpoint.folder / "model.safetensors"
    weights.unlink() if what == "gone" else weights.write_bytes(b"c")
    assert not is_set_up(RADIOGRAPHER, home)
    for look in (lambda: find_place(RADIOGRAPHER, home), lambda: check_files(pulled, home)):
        with pytest.raises(SetupError, match=r"model\.safetensors.*casebook models pull radiographer"):
            look()


def test_a_file_of_the_same_size_but_other_bytes_is_noticed_and_will_be_pulled_again(
    pulled: Pulled, home: Path
) -> None:
    check_files(pulled, home)
    (pulled.checkpoint.folder / "model.safetensors").write_bytes(b"CHECKPOINT")
    with pytest.raises(SetupError, match="hash"):
        check_files(pulled, home)
    after = read_pulled("radiographer", home)
    assert after is not None
    assert not after.complete
    assert [len(one.files) for one in after.repositories] == [0, 1]


@pytest.mark.parametrize("text", ["{", "{}", '{"complete": true, "repositories": []}', "[1]"])
def test_a_broken_record_says_which_file_to_delete(text: str, home: Path) -> None:
    (home / "models").mkdir(parents=True)
    (home / "models" / "radiographer.json").write_text(text)
    with pytest.raises(SetupError, match=r"models/radiographer\.json.*casebook models pull radiographer"):
        read_pulled("radiographer", home)
    assert not is_set_up(RADIOGRAPHER, home)


def test_a_record_that_cannot_be_written_is_told(pulled: Pulled, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(SetupError, match="CASEBOOK_HOME"):
        write_pulled(pulled, tmp_path / "file")


def test_the_bytes_of_a_folder_are_those_behind_its_links(tmp_path: Path) -> None:
    (tmp_path / "blob").write_bytes(b"x" * 10)
    (tmp_path / "snapshot" / "deep").mkdir(parents=True)
    (tmp_path / "snapshot" / "deep" / "weights").symlink_to(tmp_path / "blob")
    assert folder_bytes(tmp_path / "snapshot") == 10
