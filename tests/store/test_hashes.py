"""Files are told apart by what is in them, and read again only where they were written to."""

from __future__ import annotations

import os
import time
from pathlib import Path

import pytest

from store import hashes
from store.hashes import file_digest, folder_digest


def settled(path: Path, content: bytes, *, at: float) -> Path:
    """A file that was written a while ago."""
    path.write_bytes(content)
    os.utime(path, (at, at))
    return path


@pytest.fixture(autouse=True)
def nothing_read() -> None:
    hashes._once.cache_clear()


def reads() -> int:
    return hashes._once.cache_info().misses


def test_a_file_is_read_once_until_it_is_written_to(tmp_path: Path) -> None:
    path = settled(tmp_path / "weights", b"one", at=1e9)
    first = file_digest(path)
    assert first.startswith("3 bytes, SHA-256 ")
    assert (file_digest(path), reads()) == (first, 1)
    settled(path, b"two", at=1e9 + 1)
    assert file_digest(path) != first
    assert reads() == 2


def test_a_file_that_was_just_written_is_read_again(tmp_path: Path) -> None:
    path, now = tmp_path / "weights", time.time()
    first = file_digest(settled(path, b"one", at=now))
    with path.open("r+b") as file:
        file.write(b"two")
    os.utime(path, (now, now))
    assert file_digest(path) != first


@pytest.mark.parametrize("at", [0, 500, 1999])
def test_other_weights_in_a_large_file_are_noticed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, at: int
) -> None:
    monkeypatch.setattr(hashes, "_WHOLE", 1000)
    monkeypatch.setattr(hashes, "_BLOCK", 100)
    content = bytearray(2000)
    first = file_digest(settled(tmp_path / "weights", bytes(content), at=1e9))
    assert "blocks" in first
    content[at] = 1
    assert file_digest(settled(tmp_path / "weights", bytes(content), at=2e9)) != first


def test_a_folder_is_known_by_the_names_and_contents_of_its_files(tmp_path: Path) -> None:
    folder = tmp_path / "adapter"
    (folder / "deep").mkdir(parents=True)
    settled(folder / "deep" / "a", b"one", at=1e9)
    first = folder_digest(folder)
    assert folder_digest(folder) == first
    (folder / "deep" / "a").rename(folder / "deep" / "b")
    second = folder_digest(folder)
    settled(folder / "deep" / "b", b"two", at=1e9 + 1)
    assert len({first, second, folder_digest(folder)}) == 3
