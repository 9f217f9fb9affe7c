"""Everything in one file while Casebook runs, and a new folder from it."""

from __future__ import annotations

import json
import shutil
import threading
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from filelock import FileLock

from assistant import Assistant, load_settings
from assistant.__main__ import main
from assistant.backup import back_up, clear_left_over, left_over, restore
from store.errors import CaseError, SetupError
from store.held_folder import held
from store.pictures.image import Image
from store.teaching.case import CaseImage, TeachingCase
from tests.inputs.case_library import mole
from tools.privacy.secret import Secret

LIST = "casebook-backup.json"
Capsys = pytest.CaptureFixture[str]


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a chat over a picture that was measured, and a library case."""
    folder = tmp_path_factory.mktemp("used") / "home"
    with Assistant(load_settings(home=folder, burned_in="off")) as assistant:
        chat = assistant.chat()
        chat.ask("treat it as dermoscopy and save it as naevus", [Image(mole(7)[None], "PNG")])
        chat.ask("measure it")
        key = assistant.services.teaching.images.put(Image(mole(8)[None], "PNG"))
        assistant.services.teaching.cases.add(
            assistant.owner, TeachingCase(diagnosis="naevus", images=(CaseImage(key=key),))
        )
    return folder


@pytest.fixture
def used(made: Path, home: Path) -> Path:
    """A copy of it for one test."""
    shutil.copytree(made, home)
    return home


def restored(archive: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    home = archive.parent / "restored"
    restore(archive, home)
    monkeypatch.setenv("CASEBOOK_HOME", str(home))
    return home


def test_chats_pictures_and_cases_come_back(
    used: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with Assistant() as assistant:
        (before,) = assistant.chats()
        turns = [turn.answer.to_dict() for turn in assistant.chat(before.id).history() if turn.answer]
        held = back_up(assistant.services, tmp_path / "copy.zip")
    assert (held.chats, held.cases) == (1, 1)
    restored(tmp_path / "copy.zip", monkeypatch)
    with Assistant() as assistant:
        (after,) = assistant.chats()
        chat = assistant.chat(after.id)
        assert [turn.answer.to_dict() for turn in chat.history() if turn.answer] == turns
        assert "asymmetry" in chat.ask("what is its asymmetry?").text
        (case,) = assistant.services.library.cases()
        assert (case.label, assistant.services.library.count()) == ("naevus", 1)
        assert assistant.services.case_pictures.path(case.key).stat().st_size
        taught = assistant.services.teaching
        (kept,) = taught.cases.cases(assistant.owner)
        assert taught.images.get(kept.case.images[0].key).size == (96, 96)


def test_what_is_written_meanwhile_is_whole_in_the_copy_or_not_there(
    used: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    done = threading.Event()

    def write() -> None:
        with Assistant() as other:
            for n in range(6):
                other.chat().ask("what is this?", [Image(mole(20 + n)[None], "PNG")])
        done.set()

    writer = threading.Thread(target=write)
    writer.start()
    with Assistant() as assistant:
        copies = [back_up(assistant.services, tmp_path / f"{n}.zip") for n in range(3)]
    writer.join()
    assert done.is_set()
    assert [one.chats for one in copies] == sorted(one.chats for one in copies)
    for n, copy in enumerate(copies):
        home = tmp_path / f"home-{n}"
        restore(tmp_path / f"{n}.zip", home)
        monkeypatch.setenv("CASEBOOK_HOME", str(home))
        with Assistant() as assistant:
            rows = assistant.services.conversations.chats(None)
            assert len(rows) == copy.chats
            for row in rows:
                for image in assistant.services.conversations.images(row.id):
                    assert {image.key} <= assistant.services.images.keys()


def test_the_copy_holds_no_index_and_no_lock_and_only_its_owner_may_read_it(
    used: Path, tmp_path: Path
) -> None:
    with Assistant() as assistant:
        back_up(assistant.services, tmp_path / "copy.zip")
    names = zipfile.ZipFile(tmp_path / "copy.zip").namelist()
    assert not [one for one in names if "lock" in one or "index" in one or "/." in one or one.startswith(".")]
    assert (tmp_path / "copy.zip").stat().st_mode & 0o077 == 0
    assert not [*used.glob(".backup-*")]


def test_keys_and_accepted_licences_come_back(
    used: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (used / "models").mkdir(exist_ok=True)
    (used / "models" / "licences.json").write_text("{}")
    before = Secret.of(used).uid("1.2.3")
    with Assistant() as assistant:
        back_up(assistant.services, tmp_path / "copy.zip")
    home = restored(tmp_path / "copy.zip", monkeypatch)
    assert Secret.of(home).uid("1.2.3") == before
    assert (home / "models" / "licences.json").read_text() == "{}"


def test_a_copy_that_is_being_made_is_nothing_left_over(home: Path) -> None:
    (home / ".backup-1").mkdir(parents=True)
    with FileLock(home / "backup.lock"):
        clear_left_over(home)
        assert left_over(home) == []
    assert (home / ".backup-1").is_dir()
    assert left_over(home) == [home / ".backup-1"]
    clear_left_over(home)
    assert not (home / ".backup-1").exists()


def test_what_a_killed_copy_left_is_removed_by_the_next(used: Path, tmp_path: Path) -> None:
    left = used / ".backup-killed" / "images"
    left.mkdir(parents=True)
    with Assistant() as assistant:
        back_up(assistant.services, tmp_path / "copy.zip")
    assert not left.parent.exists()


def test_what_a_killed_copy_left_beside_its_file_is_removed_by_the_next(used: Path, tmp_path: Path) -> None:
    left, other = tmp_path / ".copy.zip-killed", tmp_path / ".another.zip-killed"
    left.touch()
    other.touch()
    with Assistant() as assistant:
        back_up(assistant.services, tmp_path / "copy.zip")
    assert not left.exists()
    assert other.exists()


def test_what_a_killed_restore_left_is_told_and_goes_but_never_from_one_that_runs(
    used: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with Assistant() as assistant:
        back_up(assistant.services, tmp_path / "copy.zip")
    killed, running = (tmp_path / f".casebook-restored-{name}" for name in ("killed", "running"))
    for one in (killed, running):
        one.mkdir()
        (one / ".in-use").touch()
    with held(running):
        home = restored(tmp_path / "copy.zip", monkeypatch)
        assert running.exists()
        assert not killed.exists()
    assert left_over(home) == [running]
    assert not (home / ".in-use").exists()
    clear_left_over(home)
    assert not running.exists()


def test_a_restore_killed_before_its_index_was_made_finds_all_cases(
    used: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with Assistant() as assistant:
        back_up(assistant.services, tmp_path / "copy.zip")
    home = restored(tmp_path / "copy.zip", monkeypatch)
    shutil.rmtree(home / "library" / "index")
    with Assistant() as assistant:
        assert assistant.library.count() == 1
        assert [info.size for info in assistant.library.collections()] == [1]


def test_nothing_is_written_over(used: Path, tmp_path: Path) -> None:
    there = tmp_path / "copy.zip"
    there.write_text("mine")
    with Assistant() as assistant, pytest.raises(CaseError, match="not there"):
        back_up(assistant.services, there)
    assert there.read_text() == "mine"
    there.unlink()
    with Assistant() as assistant:
        back_up(assistant.services, there)
    with pytest.raises(CaseError, match="not empty"):
        restore(there, used)


def _other_bytes(files: dict[str, bytes], picture: str) -> None:
    files[picture] = files[picture][:-1] + b"x"


def _a_file_less(files: dict[str, bytes], picture: str) -> None:
    del files[picture]


def _a_file_more(files: dict[str, bytes], _: str) -> None:
    files["more.txt"] = b"x"


def _a_name_outside(files: dict[str, bytes], _: str) -> None:
    about = json.loads(files[LIST])
    about["files"]["../outside.txt"] = "x"
    files |= {"../outside.txt": b"x", LIST: json.dumps(about).encode()}


def _another_format(files: dict[str, bytes], _: str) -> None:
    files[LIST] = json.dumps(json.loads(files[LIST]) | {"format": 99}).encode()


def _no_list(files: dict[str, bytes], _: str) -> None:
    del files[LIST]


BROKEN = (_other_bytes, _a_file_less, _a_file_more, _a_name_outside, _another_format, _no_list)


@pytest.mark.parametrize("broken", BROKEN)
def test_a_copy_that_is_not_whole_makes_no_folder(
    used: Path, tmp_path: Path, broken: Callable[[dict[str, bytes], str], None]
) -> None:
    good, bad = tmp_path / "good.zip", tmp_path / "bad.zip"
    with Assistant() as assistant:
        back_up(assistant.services, good)
    held = zipfile.ZipFile(good)
    files = {name: held.read(name) for name in held.namelist()}
    broken(files, next(name for name in files if name.startswith("images/") and name.endswith(".png")))
    with zipfile.ZipFile(bad, "w") as out:
        for name, data in files.items():
            out.writestr(name, data)
    _refused(bad, tmp_path)


def test_a_file_that_was_cut_or_is_another_makes_no_folder(used: Path, tmp_path: Path) -> None:
    good, bad = tmp_path / "good.zip", tmp_path / "bad.zip"
    with Assistant() as assistant:
        back_up(assistant.services, good)
    for data in (good.read_bytes()[:-200], b"not a copy", b""):
        bad.write_bytes(data)
        _refused(bad, tmp_path)


def _refused(copy: Path, tmp_path: Path) -> None:
    with pytest.raises(CaseError, match="copy"):
        restore(copy, tmp_path / "new" / "home")
    assert not [*(tmp_path / "new").iterdir()]
    assert not (tmp_path / "outside.txt").exists()


@pytest.mark.parametrize("url", ["postgresql+psycopg://nobody@127.0.0.1:1/none", "sqlite:///elsewhere.db"])
def test_chats_that_are_kept_elsewhere_are_for_tools_of_that_database(
    url: str, home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CASEBOOK_DATABASE_URL", url)
    from assistant.build import Services
    from assistant.settings import load_settings

    with pytest.raises(SetupError, match="pg_dump"):
        back_up(Services(load_settings()), tmp_path / "copy.zip")


def test_the_commands_say_what_they_copied(
    used: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Capsys
) -> None:
    copy = tmp_path / "copy.zip"
    assert main(["backup", str(copy)]) == 0
    assert "1 chat, 1 library case, " in capsys.readouterr().out
    monkeypatch.setenv("CASEBOOK_HOME", str(tmp_path / "new"))
    assert main(["restore", str(copy)]) == 0
    assert "1 chat, 1 library case, " in capsys.readouterr().out
    assert main(["restore", str(copy)]) == 2
    assert "not empty" in capsys.readouterr().err
    assert main(["chats", "list", "--all"]) == 0


def test_a_copy_whose_tables_cannot_be_read_is_told_in_words(
    used: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def as_on_a_full_disk(_path: Path, to: Path) -> None:
        to.parent.mkdir(parents=True, exist_ok=True)
        to.write_bytes(b"")

    monkeypatch.setattr("assistant.backup._copy_database", as_on_a_full_disk)
    with (
        Assistant() as assistant,
        pytest.raises(SetupError, match="cannot be copied: it is damaged or its disk"),
    ):
        back_up(assistant.services, tmp_path / "copy.zip")
    assert not (tmp_path / "copy.zip").exists()
