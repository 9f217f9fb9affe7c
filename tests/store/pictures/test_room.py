"""What all images and pictures take together has a limit, and nothing is removed to stay below it."""

from __future__ import annotations

from pathlib import Path

import pytest

from store.errors import CaseError
from store.pictures.room import Room, taken


def kept(folder: Path, size: int) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{len(list(folder.iterdir()))}.png"
    path.write_bytes(bytes(size))
    return path


def test_images_and_pictures_count_at_every_depth_and_nothing_else(tmp_path: Path) -> None:
    kept(tmp_path / "images/ab/key", 300)
    kept(tmp_path / "library/pictures/cd", 200)
    kept(tmp_path / "teaching/images/ef/key", 100)
    kept(tmp_path / "models", 1000)
    assert taken(tmp_path) == 600


def test_what_does_not_fit_is_refused_with_what_is_taken_and_nothing_is_removed(tmp_path: Path) -> None:
    old = kept(tmp_path / "images", 2**20)
    room = Room(tmp_path, 2 * 2**20)
    with pytest.raises(CaseError, match=r"take 1 MiB.* the 2 MiB .*CASEBOOK_KEPT_MB"):
        room.refuse_without(2**20 + 1)
    room.refuse_without(2**20)
    assert old.exists()


def test_what_was_let_in_before_counts(tmp_path: Path) -> None:
    room = Room(tmp_path, 1000)
    room.refuse_without(400)
    kept(tmp_path / "images", 400)
    room.refuse_without(400)
    kept(tmp_path / "images", 400)
    with pytest.raises(CaseError):
        room.refuse_without(400)


def test_room_that_was_made_counts_at_once(tmp_path: Path) -> None:
    old = kept(tmp_path / "images", 900)
    room = Room(tmp_path, 1000)
    with pytest.raises(CaseError):
        room.refuse_without(200)
    old.unlink()
    room.refuse_without(200)
