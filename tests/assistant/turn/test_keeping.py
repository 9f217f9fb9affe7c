"""References come before bytes: a deleted chat takes nothing from others and leaves nothing."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from filelock import FileLock

from assistant import Assistant
from assistant.teaching.removing import clear
from assistant.turn import keeping
from store.errors import CaseError
from store.pictures.image import Image
from store.pictures.image_store import ImageStore
from tests.inputs.case_library import mole


def picture(seed: int) -> Image:
    return Image(mole(seed)[None], "PNG")


@pytest.fixture
def casebook() -> Iterator[Assistant]:
    with Assistant() as assistant:
        yield assistant


def kept_files(home: Path, folder: str) -> list[Path]:
    return [path for path in (home / folder).rglob("*") if path.suffix in (".png", ".json", ".npy")]


def test_an_image_that_another_chat_is_just_taking_in_stays(
    casebook: Assistant, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = casebook.chat(), casebook.chat()
    images = [picture(seed) for seed in range(4)]
    first.ask("what is this?", images)
    intake = casebook.services.intake
    take = type(intake).take

    def take_while_the_other_goes(*given: object) -> object:
        taken = take(*given)  # type: ignore[arg-type]
        casebook.delete(first.id)
        return taken

    monkeypatch.setattr(type(intake), "take", take_while_the_other_goes)
    second.ask("what is this?", images)
    assert all(one.image.pixels.any() for one in second.images())
    assert len(second.images()) == 4


def test_a_picture_that_is_drawn_for_a_deleted_chat_is_not_kept(casebook: Assistant, home: Path) -> None:
    chat = casebook.chat()
    pictures = casebook.services.keeping.pictures_of(chat.id)
    pictures.put(np.zeros((4, 4), np.uint8))
    casebook.delete(chat.id)
    assert kept_files(home, "pictures") == []
    with pytest.raises(CaseError, match="deleted"):
        pictures.put(np.ones((4, 4), np.uint8))
    assert kept_files(home, "pictures") == []


def test_nobody_waits_while_what_is_kept_is_listed(
    casebook: Assistant, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    chat, services, listed = casebook.chat(), casebook.services, list[str]()
    older = ImageStore.older

    def older_unlocked(own: ImageStore, seconds: float) -> list[str]:
        with FileLock(home / "keeping.lock", timeout=0):  # raises where somebody holds it
            listed.extend(older(own, seconds))
        return listed

    monkeypatch.setattr(ImageStore, "older", older_unlocked)
    monkeypatch.setattr(keeping, "_LEFT_OVER_S", -60.0)
    key = services.images.put(picture(1))
    services.keeping.clear()
    services.keeping.delete_old(time.time())
    services.keeping.delete_empty()
    clear(services)
    assert listed[:1] == [key]
    assert services.images.keys() == set()
    assert casebook.chats() == []
    casebook.delete(casebook.chat().id)
    assert chat.id not in (row.id for row in casebook.chats())


def test_an_image_that_is_taken_hold_of_after_the_listing_stays(
    casebook: Assistant, monkeypatch: pytest.MonkeyPatch
) -> None:
    chat, services = casebook.chat(), casebook.services
    older = ImageStore.older

    def older_then_asked(own: ImageStore, seconds: float) -> list[str]:
        found = older(own, seconds)
        monkeypatch.setattr(ImageStore, "older", older)
        chat.ask("what is this?", [picture(1)])
        return found

    monkeypatch.setattr(ImageStore, "older", older_then_asked)
    monkeypatch.setattr(keeping, "_LEFT_OVER_S", -60.0)
    key = services.images.put(picture(1))
    services.keeping.clear()
    assert services.images.keys() == {key}


def test_a_picture_that_two_chats_drew_goes_with_the_last(casebook: Assistant, home: Path) -> None:
    chats = [casebook.chat(), casebook.chat()]
    for chat in chats:
        casebook.services.keeping.pictures_of(chat.id).put(np.zeros((4, 4), np.uint8))
    casebook.delete(chats[0].id)
    assert len(kept_files(home, "pictures")) == 1
    casebook.delete(chats[1].id)
    assert kept_files(home, "pictures") == []


def test_what_nobody_holds_is_swept_when_it_is_old_and_not_before(casebook: Assistant, home: Path) -> None:
    s = casebook.services
    old, new = s.images.put(picture(1)), s.images.put(picture(2))
    drawn = s.blobs.put(np.zeros((4, 4), np.uint8))
    held = casebook.chat()
    held.ask("what is this?", [picture(3)])
    hours_ago = time.time() - 7200
    for path in [home / "images" / key[:2] / key for key in (old, held.images()[0].key)]:
        os.utime(path, (hours_ago, hours_ago))
    os.utime(s.blobs.path(drawn), (hours_ago, hours_ago))
    casebook.delete(casebook.chat().id)
    for key in (old,):
        with pytest.raises(CaseError):
            s.images.get(key)
    assert s.images.get(new).pixels.any()
    assert held.images()[0].image.pixels.any()
    assert kept_files(home, "pictures") == []


def test_a_full_disk_keeps_no_image_from_being_removed(
    casebook: Assistant, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    chat = casebook.chat()
    chat.ask("what is this?", [picture(1)])

    def full(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "rename", full)
    casebook.delete(chat.id)
    assert kept_files(home, "images") == []


def test_a_folder_kept_busy_by_another_process_is_a_sentence(
    casebook: Assistant, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(keeping, "_LOCK_TIMEOUT_S", 0.05)
    chat = casebook.chat()
    with FileLock(home / "keeping.lock"), pytest.raises(CaseError, match="busy"):
        casebook.delete(chat.id)
    assert [row.id for row in casebook.chats()] == [chat.id]
