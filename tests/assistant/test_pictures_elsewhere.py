"""Images and pictures of a whole installation in an object store: kept, asked about, deleted, gone away."""

from __future__ import annotations

import shutil
import threading
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from assistant import Assistant, load_settings
from assistant.__main__ import main
from assistant.backup import back_up, restore
from assistant.doctor import report
from assistant.mending import find_faults
from store.cases.table import Row
from store.errors import CaseError, SetupError
from store.pictures.image import Image
from store.pictures.image_files import META
from store.pictures.objects import Objects
from store.records import Gate
from tests.inputs.case_library import mole

SKIN = Gate(domain="dermatology", modality="DMS", known_from="user")
MEASURE = "Treat img-1 as dermoscopy and measure it"


def picture(seed: int) -> Image:
    return Image(mole(seed)[None], "PNG")


def objects(far: Path) -> list[str]:
    return sorted(one.relative_to(far).parts[0] for one in far.rglob("*") if one.is_file())


@pytest.fixture
def far(tmp_path: Path) -> Path:
    return tmp_path / "far"


@pytest.fixture
def casebook(far: Path, home: Path) -> Iterator[Assistant]:
    with Assistant(load_settings(home=home, burned_in="off", pictures_url=f"file://{far}")) as assistant:
        yield assistant


def test_a_chat_and_a_case_lie_there_and_go_from_there_and_here(
    casebook: Assistant, far: Path, home: Path
) -> None:
    chat = casebook.chat()
    assert chat.ask(MEASURE, [picture(1)]).state == "answered"
    casebook.library.add(picture(10), Row(0, Path("one"), "one", "label"), SKIN)
    kinds = set(objects(far))
    assert kinds == {"casebook.id", "images", "library", "pictures"}
    assert not any((home / kind).exists() for kind in ("images", "pictures", "library/pictures"))
    shutil.rmtree(home / "cache")  # as on a machine that has seen nothing of it
    assert chat.ask("How large is it?").state == "answered"
    casebook.delete(chat.id)
    casebook.library.remove([case.id for _, case in casebook.library.newest()])
    assert objects(far) == ["casebook.id"]
    assert not [one for one in (home / "cache").rglob("*") if one.is_file()]


def test_a_picture_is_asked_for_where_it_was_put(casebook: Assistant, far: Path, home: Path) -> None:
    casebook.library.add(picture(10), Row(0, Path("one"), "one", "label"), SKIN)
    (case,) = casebook.library.cases()
    casebook.chat().ask(MEASURE, [picture(1)])
    (drawn,) = casebook.services.conversations.holding.pictures()
    for key, other in ((case.key, far / "pictures"), (drawn, far / "library")):
        shutil.rmtree(home / "cache")
        other.rename(far / "away")
        other.write_text("no folder")  # whoever asks there is told that the place is away
        assert casebook.picture(key).is_file()
        other.unlink()
        (far / "away").rename(other)


def test_an_image_that_comes_again_while_its_last_chat_goes_is_kept_whole(
    casebook: Assistant, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = casebook.chat(), casebook.chat()
    first.ask("what is this?", [picture(1)])
    half_sent, deleted, send, remove = threading.Event(), threading.Event(), Objects.send, Objects.remove
    asking = threading.Thread(target=second.ask, args=("what is this?", [picture(1)]))

    def send_in_time(own: Objects, path: Path, name: str) -> None:
        if path.name == META:
            half_sent.set()
            deleted.wait(20)
        send(own, path, name)

    def remove_in_time(own: Objects, name: str) -> None:
        remove(own, name)
        if name.endswith(META):
            asking.start()
            half_sent.wait(20)

    monkeypatch.setattr(Objects, "send", send_in_time)
    monkeypatch.setattr(Objects, "remove", remove_in_time)
    casebook.delete(first.id)
    deleted.set()
    asking.join(60)
    shutil.rmtree(home / "cache")
    (row,) = second.images()
    assert row.image.pixels.any()


def test_a_place_that_goes_away_in_a_turn_is_told_and_the_chat_goes_on_when_it_is_back(
    casebook: Assistant, far: Path
) -> None:
    chat = casebook.chat()
    chat.ask("Treat img-1 as dermoscopy", [picture(1)])
    far.rename(far.with_name("away"))
    far.write_text("no folder")
    answer = chat.ask("measure it")
    assert answer.state == "failed"
    assert any("cannot be reached, or broke off" in notice for notice in answer.notices)
    far.unlink()
    far.with_name("away").rename(far)
    assert chat.ask("measure it").state == "answered"


def test_a_chat_that_is_deleted_while_the_place_is_away_is_swept_later(
    casebook: Assistant, far: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    chat = casebook.chat()
    chat.ask(MEASURE, [picture(1)])
    far.rename(far.with_name("away"))
    far.write_text("no folder")
    with pytest.raises(SetupError, match="cannot be reached"):
        casebook.delete(chat.id)
    assert casebook.chats() == []
    far.unlink()
    far.with_name("away").rename(far)
    monkeypatch.setattr("assistant.turn.keeping._LEFT_OVER_S", -60.0)
    casebook.services.keeping.clear()
    assert objects(far) == ["casebook.id"]


@pytest.mark.process
def test_the_doctor_names_the_place_and_says_when_it_is_away(casebook: Assistant, far: Path) -> None:
    held = next(one for one in report(casebook.services) if one.name == "Images kept")
    assert (held.ok, held.of_machine) == (True, True)
    assert f"At file://{far}, which takes, gives and removes." in held.says
    shutil.rmtree(far)
    far.write_text("no folder")
    held = next(one for one in report(casebook.services) if one.name == "Images kept")
    assert held.ok is False
    assert "cannot be reached" in held.says


@pytest.mark.process
def test_what_was_kept_before_is_told_and_moved_when_asked(
    far: Path, home: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    with Assistant(load_settings(home=home, burned_in="off")) as before:
        chat = before.chat()
        chat.ask(MEASURE, [picture(1)])
        drawn = set(before.services.conversations.holding.pictures())
    assert drawn
    monkeypatch.setenv("CASEBOOK_PICTURES_URL", f"file://{far}")
    with Assistant() as now:
        (fault,) = find_faults(now.services)  # and nothing is said to be lost
        assert "lie in the Casebook folder, though CASEBOOK_PICTURES_URL names another" in fault.says
    main(["doctor", "--repair"])
    assert set(objects(far)) == {"casebook.id", "images", "pictures"}
    with Assistant() as now:
        assert find_faults(now.services) == []
        assert set(now.services.conversations.holding.pictures()) == drawn
        assert now.chat(chat.id).ask("How large is it?").state == "answered"


@pytest.mark.process
def test_the_doctor_says_of_an_empty_place_that_it_is_one_and_not_that_chats_are_to_be_deleted(
    casebook: Assistant, far: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    chat = casebook.chat()
    chat.ask(MEASURE, [picture(1)])
    drawn = casebook.services.conversations.holding.pictures()
    far.rename(far.with_name("away"))
    far.mkdir()  # as the folder below a disk that is not mounted
    monkeypatch.setenv("CASEBOOK_PICTURES_URL", f"file://{far}")
    with Assistant() as again:
        (fault,) = find_faults(again.services)
        assert (fault.mend, "There is nothing at" in fault.says) == (None, True)
    assert main(["doctor", "--repair"]) != 0
    told = capsys.readouterr()
    assert "There is nothing at" in told.out
    assert "delete these chats" not in told.out
    far.rmdir()
    far.with_name("away").rename(far)
    with Assistant() as again:
        assert find_faults(again.services) == []
        assert again.services.conversations.holding.pictures() == drawn
        assert again.chat(chat.id).ask("How large is it?").state == "answered"


@pytest.mark.process
def test_a_place_that_is_no_longer_set_is_told_while_it_has_what_is_shown(
    casebook: Assistant, far: Path, home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    casebook.chat().ask(MEASURE, [picture(1)])
    casebook.library.add(picture(10), Row(0, Path("one"), "one", "label"), SKIN)
    drawn = casebook.services.conversations.holding.pictures()
    assert main(["doctor", "--repair"]) != 0
    told = capsys.readouterr().out
    assert f"3 images and pictures are not in the Casebook folder: they were put at file://{far}" in told
    assert f"Set CASEBOOK_PICTURES_URL to file://{far} again, or copy what lies there" in told
    assert "delete these chats" not in told
    assert "library remove" not in told
    with Assistant() as here:
        assert here.services.conversations.holding.pictures() == drawn
        shutil.copytree(far, home, dirs_exist_ok=True)
        assert find_faults(here.services) == []


def test_a_folder_restored_from_a_copy_says_where_its_pictures_lie(
    casebook: Assistant, far: Path, tmp_path: Path
) -> None:
    casebook.chat().ask(MEASURE, [picture(1)])
    back_up(casebook.services, tmp_path / "copy.zip")
    restore(tmp_path / "copy.zip", tmp_path / "again")
    with Assistant(load_settings(home=tmp_path / "again")) as again:
        (fault,) = find_faults(again.services)
    assert f"were put at file://{far}, which CASEBOOK_PICTURES_URL names no longer" in fault.says


def test_no_copy_is_made_while_pictures_lie_where_none_is_looked_for(
    casebook: Assistant, far: Path, home: Path, tmp_path: Path
) -> None:
    casebook.chat().ask(MEASURE, [picture(1)])
    with Assistant(load_settings(home=home, burned_in="off")) as unset:
        with pytest.raises(CaseError, match=rf"were put at file://{far}, .* Set CASEBOOK_PICTURES_URL"):
            back_up(unset.services, tmp_path / "copy.zip")
        unset.chat().ask("Treat img-1 as dermoscopy", [picture(2)])
    with pytest.raises(
        CaseError, match=r"^1 images and pictures lie in the Casebook folder, .*doctor --repair"
    ):
        back_up(casebook.services, tmp_path / "copy.zip")
    assert not list(tmp_path.glob("*.zip"))
    (fault,) = find_faults(casebook.services)
    assert fault.mend is not None
    fault.mend()
    assert back_up(casebook.services, tmp_path / "copy.zip").chats == 2


def test_a_copy_says_what_it_does_not_hold_and_a_restored_folder_is_not_let_in(
    casebook: Assistant, far: Path, home: Path, tmp_path: Path
) -> None:
    casebook.chat().ask(MEASURE, [picture(1)])
    (home / "images").mkdir()
    (home / "images" / "deleted-long-ago").write_text("of before")
    archive = tmp_path / "copy.zip"
    held = back_up(casebook.services, archive)
    assert held.pictures_at == f"file://{far}"
    with zipfile.ZipFile(archive) as packed:
        assert not [
            name
            for name in packed.namelist()
            if name.startswith(("images", "pictures", "cache", "casebook.id"))
        ]
    assert restore(archive, tmp_path / "again").pictures_at == f"file://{far}"
    settings = load_settings(home=tmp_path / "again", burned_in="off", pictures_url=f"file://{far}")
    with Assistant(settings) as again:
        with pytest.raises(SetupError, match="another Casebook folder"):
            again.services.keeping.clear()
        assert len(objects(far)) > 1


def test_a_store_elsewhere_takes_a_word_of_its_own(home: Path) -> None:
    assert load_settings().pictures_place is None
    with pytest.raises(SetupError, match=r"pictures would leave this machine\. Set pictures_remote"):
        _ = load_settings(pictures_url="s3://bucket/folder").pictures_place
    assert load_settings(pictures_url="s3://b/f", pictures_remote=True).pictures_place == "s3://b/f"
