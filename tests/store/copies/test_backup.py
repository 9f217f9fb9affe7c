"""A backup is whole, agrees with itself while others write, and comes back as it was."""

from __future__ import annotations

import json
import shutil
import sqlite3
import threading
from contextlib import closing
from pathlib import Path

import pytest

from assistant import Assistant
from assistant.__main__ import main
from store.cases.table import Row
from store.copies import backup as copying
from store.copies.backup import back_up
from store.copies.contents import CHATS, MANIFEST, chat_keys, read_manifest
from store.copies.restoring import restore
from store.errors import CaseError, SetupError
from store.pictures.image import Image
from store.records import Gate
from tests.inputs.case_library import mole

SKIN = Gate(domain="dermatology", modality="DMS", known_from="user")


def picture(seed: int) -> Image:
    return Image(mole(seed)[None], "PNG")


def fill(assistant: Assistant) -> str:
    """A chat with two images and a drawn picture, and a library of three cases; returns the chat's id."""
    chat = assistant.chat()
    chat.ask("Treat img-1 as dermoscopy. What is this?", [picture(1), picture(2)])
    chat.ask("Measure the lesion in img-1")
    for seed in range(3):
        assistant.library.add(picture(10 + seed), Row(0, Path("one"), "one", f"label {seed}"), SKIN)
    return chat.id


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """A Casebook folder that was used, and a backup of it; neither is changed by a test."""
    from assistant.settings import load_settings

    home, out = tmp_path_factory.mktemp("used"), tmp_path_factory.mktemp("backups") / "first"
    with Assistant(load_settings(home=home)) as assistant:
        fill(assistant)
        back_up(home, home / CHATS, out)
    return home, out


def all_of(folder: Path) -> dict[str, bytes]:
    kept = ("images", "pictures", "library/pictures")
    found = (path for top in kept for path in (folder / top).rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in found}


def test_a_backup_holds_every_file_that_is_referred_to_as_it_is(made: tuple[Path, Path]) -> None:
    home, out = made
    assert all_of(out) == all_of(home)
    manifest = read_manifest(out)
    assert manifest.counts["turns"] == 2
    assert manifest.counts["cases of casebook-skin-1"] == 3
    assert not manifest.lacking
    listed = {path.relative_to(out).as_posix() for path in out.rglob("*") if path.is_file()} - {MANIFEST}
    assert listed == set(manifest.files)


def test_what_is_restored_answers_as_before(
    made: tuple[Path, Path], home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    used, out = made
    assert main(["restore", str(out), "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["counts"] == read_manifest(out).counts
    assert all_of(home) == all_of(used)
    with Assistant() as assistant:
        (row,) = assistant.chats()
        assert len(assistant.chat(row.id).history()) == 2
        assert [one.image.pixels.any() for one in assistant.chat(row.id).images()] == [True, True]
        found = assistant.library.search(mole(11), "dermatology")
        assert len(found.matches) == 2  # all but itself
    assert not home.stat().st_mode & 0o077
    again = out.parent / "second"
    assert main(["backup", str(again), "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["counts"] == read_manifest(out).counts
    shutil.rmtree(again)


def test_nothing_is_overwritten(made: tuple[Path, Path], home: Path, tmp_path: Path) -> None:
    used, out = made
    with pytest.raises(CaseError, match="overwrites nothing"):
        restore(out, used)
    with pytest.raises(CaseError, match="overwrites nothing"):
        back_up(used, used / CHATS, out)
    with pytest.raises(CaseError, match="outside of it"):
        back_up(used, used / CHATS, used / "copy")
    with pytest.raises(CaseError, match="nothing to back up"):
        back_up(home, home / CHATS, tmp_path / "copy")


@pytest.mark.parametrize("what", ["changed", "gone", "listed outside", "no list", "other rows"])
def test_a_damaged_backup_restores_nothing(
    what: str, made: tuple[Path, Path], home: Path, tmp_path: Path
) -> None:
    bad = tmp_path / "bad"
    shutil.copytree(made[1], bad)
    victim = next((bad / "images").rglob("frame.png"))
    manifest = json.loads((bad / MANIFEST).read_text("utf-8"))
    if what == "changed":
        victim.write_bytes(victim.read_bytes()[:-1] + b"x")
    elif what == "gone":
        victim.unlink()
    elif what == "no list":
        (bad / MANIFEST).write_text("{}")
    else:
        if what == "other rows":
            manifest["counts"]["turns"] = 3
        else:
            manifest["files"]["../outside"] = manifest["files"].pop(CHATS)
        (bad / MANIFEST).write_text(json.dumps(manifest))
    with pytest.raises(CaseError):
        restore(bad, home)
    assert not home.exists() or not any(home.iterdir())


def test_a_chat_that_is_deleted_while_its_images_are_copied_is_not_half_in_the_backup(
    home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with Assistant() as assistant:
        first, second = assistant.chat(), assistant.chat()
        first.ask("What is this?", [picture(1)])
        second.ask("What is this?", [picture(2)])
        copied, left = copying.copied, [first.id]

        def copied_meanwhile(source: Path, target: Path) -> object:
            if left:
                assistant.delete(left.pop())
            return copied(source, target)

        monkeypatch.setattr(copying, "copied", copied_meanwhile)
        manifest = back_up(home, home / CHATS, tmp_path / "out")
    assert not left
    assert (manifest.counts["chats"], manifest.lacking) == (1, ())
    images, _ = chat_keys(tmp_path / "out" / CHATS)
    assert {path.parent.name for path in (tmp_path / "out" / "images").rglob("meta.json")} == images


def test_a_backup_made_while_questions_are_asked_is_whole(home: Path, tmp_path: Path) -> None:
    with Assistant() as assistant:
        chat = assistant.chat()
        chat.ask("What is this?", [picture(0)])
        over = threading.Event()

        def ask() -> None:
            for seed in range(1, 100):
                chat.ask("What is this?", [picture(seed)])
                if over.is_set():
                    return

        asking = threading.Thread(target=ask)
        asking.start()
        manifests = [back_up(home, home / CHATS, tmp_path / str(number)) for number in range(3)]
        over.set()
        asking.join()
    assert not any(one.lacking for one in manifests)
    for number, manifest in enumerate(manifests):
        restore(tmp_path / str(number), tmp_path / f"restored {number}")
        with closing(sqlite3.connect(tmp_path / f"restored {number}" / CHATS)) as db:
            assert db.execute("PRAGMA integrity_check").fetchone() == ("ok",)
            assert db.execute("SELECT COUNT(*) FROM images").fetchone()[0] == manifest.counts["images"]


def test_what_is_missing_or_damaged_is_named_and_the_rest_copied(home: Path, tmp_path: Path) -> None:
    with Assistant() as assistant:
        fill(assistant)
    drawn, case = next((home / "pictures").rglob("*.png")), next((home / "library/pictures").rglob("*.png"))
    drawn.unlink()
    case.write_bytes(b"no picture")
    manifest = back_up(home, home / CHATS, tmp_path / "out")
    assert set(manifest.lacking) == {one.relative_to(home).as_posix() for one in (drawn, case)}
    assert not set(manifest.lacking) & set(all_of(tmp_path / "out"))
    assert manifest.counts["turns"] == 2


def test_chats_in_another_database_are_not_said_to_be_backed_up(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("CASEBOOK_DATABASE_URL", "postgresql://localhost/casebook")
    assert main(["backup", str(tmp_path / "out")]) == 3
    assert "pg_dump" in capsys.readouterr().err
    assert not (tmp_path / "out").exists()


def test_a_folder_that_cannot_be_written_is_told_and_nothing_is_left(
    made: tuple[Path, Path], tmp_path: Path
) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(SetupError, match="not made"):
        back_up(made[0], made[0] / CHATS, tmp_path / "file" / "out")
