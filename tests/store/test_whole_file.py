"""Small files are replaced whole or not at all."""

import errno
import json
import os
import stat
from contextlib import nullcontext
from pathlib import Path

import numpy as np
import pytest

from store.errors import SetupError
from store.pictures.blobs import BlobStore
from store.pictures.image import Image
from store.pictures.image_store import ImageStore
from store.whole_file import writable, write_json, write_whole
from tools.files.workplace import workplace


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


@pytest.mark.parametrize("code", [errno.ENOSPC, errno.EROFS, errno.EACCES, errno.EIO])
def test_whatever_keeps_the_folder_from_being_written_is_said_with_what_to_do(code: int) -> None:
    with pytest.raises(SetupError, match="Make room, or set CASEBOOK_HOME"), writable():
        raise OSError(code, os.strerror(code))


def refused(*_: object, **__: object) -> str:
    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


@pytest.mark.parametrize("maker", ["mkstemp", "mkdtemp"])
def test_a_full_disk_is_a_sentence_for_pictures_images_and_readings(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, maker: str
) -> None:
    monkeypatch.setattr(f"tempfile.{maker}", refused)
    pixels = np.zeros((4, 4, 3), np.uint8)
    with pytest.raises(SetupError, match="full") if maker == "mkstemp" else nullcontext():
        BlobStore(tmp_path / "pictures").put(pixels)
    with pytest.raises(SetupError, match="full") if maker == "mkdtemp" else nullcontext():
        ImageStore(tmp_path / "images").put(Image(pixels[None], "PNG"))
    with pytest.raises(SetupError, match="TMPDIR") if maker == "mkdtemp" else nullcontext(), workplace():
        pass
