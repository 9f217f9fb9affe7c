"""Small files are replaced whole or not at all."""

import json
import os
import stat
from pathlib import Path

import pytest

from store.errors import SetupError
from store.whole_file import write_json, write_whole


@pytest.mark.parametrize("data", ["Grüße\n", b"\x89PNG\r\n\x00"])
def test_words_and_bytes_are_written_as_they_are_in_place_of_what_was_there(
    tmp_path: Path, data: str | bytes
) -> None:
    path = tmp_path / "file"
    path.write_text("what was there before, and longer")
    write_whole(path, data)
    assert path.read_bytes() == (data.encode() if isinstance(data, str) else data)
    assert list(tmp_path.iterdir()) == [path]


def test_what_was_there_is_still_there_when_the_disk_is_full(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_handle: int) -> None:
        raise OSError("disk full")

    path = tmp_path / "file"
    path.write_text("before")
    monkeypatch.setattr("os.fsync", full)
    with pytest.raises(OSError, match="disk full"):
        write_whole(path, "after")
    assert path.read_text() == "before"
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.process
@pytest.mark.skipif(os.name == "nt", reason="Windows keeps no such modes")
def test_only_its_owner_may_read_a_file(tmp_path: Path) -> None:
    write_whole(tmp_path / "file", "words")
    assert stat.S_IMODE((tmp_path / "file").stat().st_mode) == 0o600


def test_json_makes_its_folder_and_keeps_letters_as_they_are(tmp_path: Path) -> None:
    path = tmp_path / "new" / "file.json"
    write_json(path, {"für": [1]})
    assert json.loads(path.read_text("utf-8")) == {"für": [1]}
    assert "für" in path.read_text("utf-8")


def test_a_folder_that_cannot_be_made_is_said_with_what_to_do(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(SetupError, match="CASEBOOK_HOME"):
        write_json(tmp_path / "file" / "below.json", {})
