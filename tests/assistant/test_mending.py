"""What was left behind is told, nothing is changed until asked, and afterwards nothing is left."""

from __future__ import annotations

import os
import shutil
import sqlite3
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest

from assistant import Assistant, load_settings
from assistant.__main__ import main
from assistant.mending import find_faults
from store.cases.ledger import Entries
from store.cases.table import Row
from store.errors import SetupError
from store.pictures.image import Image
from store.records import Gate
from tests.inputs.case_library import mole

SKIN = Gate(domain="dermatology", modality="DMS", known_from="user")


def picture(seed: int) -> Image:
    return Image(mole(seed)[None], "PNG")


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a chat of one image and a library of three cases."""
    folder = tmp_path_factory.mktemp("made") / "home"
    with Assistant(load_settings(home=folder, burned_in="off")) as assistant:
        chat = assistant.chat()
        chat.ask("Treat img-1 as dermoscopy and measure it", [picture(1)])
        for seed in range(3):
            assistant.library.add(picture(10 + seed), Row(0, Path("one"), "one", f"label {seed}"), SKIN)
    return folder


@pytest.fixture
def casebook(made: Path, home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Assistant]:
    """An installation in a copy of it. What others leave in the folder for temporary files is not seen."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    shutil.copytree(made, home)
    with Assistant() as assistant:
        yield assistant


def aged(path: Path) -> None:
    old = time.time() - 7200
    os.utime(path, (old, old))


def unheld_image(assistant: Assistant, home: Path) -> None:
    aged(home / "images" / (key := assistant.services.images.put(picture(5)))[:2] / key)


def unheld_picture(assistant: Assistant, _home: Path) -> None:
    aged(assistant.services.blobs.path(assistant.services.blobs.put(mole(6))))


def no_drawn_picture(_assistant: Assistant, home: Path) -> None:
    next((home / "pictures").rglob("*.png")).unlink()


def an_empty_chat(assistant: Assistant, home: Path) -> None:
    chat = assistant.chat()
    with closing(sqlite3.connect(home / "conversations.db")) as db, db:
        db.execute("UPDATE chats SET created_at = created_at - 7200 WHERE id = ?", (chat.id,))


def a_killed_reading(_assistant: Assistant, _home: Path) -> None:
    folder = Path(tempfile.mkdtemp(prefix="casebook-files-"))
    (folder / "source").write_bytes(b"with a name in its header")
    (folder / ".in-use").touch()


def half_a_file(_assistant: Assistant, home: Path) -> None:
    (home / "library" / ".state-x1").write_text("half")
    aged(home / "library" / ".state-x1")


def a_vector_only_in_the_index(assistant: Assistant, _home: Path) -> None:
    index = assistant.library.index
    graph = index._graphs.held("casebook-skin-1")
    assert graph is not None
    graph.put(["ff"], assistant.library.vectors("casebook-skin-1")[3][:1])


def a_case_only_in_the_table(assistant: Assistant, _home: Path) -> None:
    vectors = assistant.library.vectors("casebook-skin-1")[3]
    told = assistant.library.cases()[0].metadata()
    assistant.library.index._ledger.add("casebook-skin-1", Entries(["ff"], vectors[:1], [dict(told)]))


def a_picture_of_no_case(assistant: Assistant, _home: Path) -> None:
    aged(assistant.services.case_pictures.path(assistant.services.case_pictures.put(mole(7))))


def an_open_folder(_assistant: Assistant, home: Path) -> None:
    home.chmod(0o755)


FAULTS = [
    unheld_image,
    unheld_picture,
    no_drawn_picture,
    an_empty_chat,
    a_killed_reading,
    half_a_file,
    a_vector_only_in_the_index,
    a_case_only_in_the_table,
    a_picture_of_no_case,
    an_open_folder,
]


@pytest.mark.parametrize("break_it", FAULTS, ids=lambda fault: fault.__name__)
def test_what_was_left_behind_is_found_and_mended(
    break_it: Callable[[Assistant, Path], None], casebook: Assistant, home: Path
) -> None:
    assert find_faults(casebook.services) == []
    break_it(casebook, home)
    (fault,) = find_faults(casebook.services)
    assert len(find_faults(casebook.services)) == 1  # looking changes nothing
    assert fault.mend is not None
    fault.mend()
    assert find_faults(casebook.services) == []
    assert len(casebook.chats()) == 1
    assert casebook.library.count() == (4 if break_it is a_case_only_in_the_table else 3)


def test_what_only_a_person_can_mend_says_how(casebook: Assistant, home: Path) -> None:
    shutil.rmtree(next((home / "images").glob("??")))
    next((home / "library" / "pictures").rglob("*.png")).unlink()
    faults = find_faults(casebook.services)
    assert [fault.mend for fault in faults] == [None, None]
    assert casebook.chats()[0].id in faults[0].fix
    assert "casebook library remove" in faults[1].fix


def test_a_table_of_cases_that_is_gone_is_not_taken_for_an_empty_one(casebook: Assistant, home: Path) -> None:
    table = home / "library" / "cases.sqlite3"
    kept = table.read_bytes()
    table.unlink()
    for look in (casebook.library.newest, casebook.library.rebuild):
        with pytest.raises(SetupError, match="is gone"):
            look()
    faults = find_faults(casebook.services)
    assert all("is gone" in fault.says and fault.mend is None for fault in faults)
    assert len(faults) == 2  # nor are the cases' pictures taken for left over
    assert not table.exists()
    table.write_bytes(kept)
    assert casebook.library.count() == 3


@pytest.mark.process
def test_the_doctor_tells_first_and_mends_only_when_asked(
    home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    with Assistant() as assistant:
        an_empty_chat(assistant, home)
    assert main(["doctor"]) == 0
    assert "casebook doctor --repair" in capsys.readouterr().out
    with Assistant() as assistant:
        assert len(assistant.chats()) == 1
    assert main(["doctor", "--repair"]) == 0
    out, err = capsys.readouterr()
    assert err.index("1 chats are empty") < err.index("nothing is left behind")
    assert "1 chats are empty" not in out
    with Assistant() as assistant:
        assert assistant.chats() == []
