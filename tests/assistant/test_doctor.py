"""The doctor: what works, what is missing, how to get it. It never claims what it has not tried."""

from __future__ import annotations

import json
import re
import socket
from collections.abc import Iterator
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

import pytest

from assistant import Assistant
from assistant.__main__ import main
from assistant.build import Services
from assistant.doctor import TRANSFER_SYNTAXES, Check, report
from assistant.llm import child
from assistant.settings import Settings, load_settings
from store.errors import CaseError, SetupError
from tests.gguf.files import random_model
from tests.scripted import trial_child
from tests.servers.chat_server import ChatServer
from tools.models.systems.cards import SYSTEMS


@pytest.fixture
def services() -> Iterator[Services]:
    made = Services(load_settings())
    yield made
    made.close()


def one(services: Services, name: str) -> Check:
    """The check called `name`."""
    (found,) = [check for check in report(services) if check.name == name]
    return found


@pytest.mark.process
def test_a_fresh_installation_works(services: Services) -> None:
    checks = report(services)
    assert not [check for check in checks if check.ok is False]
    assert {check.name for check in checks if check.ok} >= {
        "Python",
        "Packages",
        "Folder",
        "DICOM",
        "Chat model",
    }


@pytest.mark.process
def test_everything_that_is_not_fine_says_how_to_mend_it(services: Services) -> None:
    assert all(check.fix or check.name in SYSTEMS for check in report(services) if not check.ok)


@pytest.mark.process
def test_the_five_systems_are_named_and_none_is_claimed_to_work(services: Services) -> None:
    checks = {check.name: check for check in report(services)}
    for name, system in SYSTEMS.items():
        assert checks[name].ok is None
        assert system.checkpoint in checks[name].says
        assert "It is not set up." in checks[name].says
        assert checks[name].fix == f"casebook models pull {name}"


@pytest.mark.process
def test_a_missing_package_is_named(services: Services, monkeypatch: pytest.MonkeyPatch) -> None:
    def without_nibabel(name: str) -> str:
        if name == "nibabel":
            raise PackageNotFoundError(name)
        return "0.0.1" if name == "numpy" else version(name)

    monkeypatch.setattr("assistant.doctor.importlib.metadata.version", without_nibabel)
    check = one(services, "Packages")
    assert check.ok is False
    assert "nibabel is missing" in check.says
    assert "numpy is 0.0.1" in check.says
    assert "pip install" in check.fix


@pytest.mark.process
def test_a_transfer_syntax_without_decoder_is_named(
    services: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Nothing:
        is_available = False

    monkeypatch.setattr("pydicom.pixels.get_decoder", lambda _uid: Nothing())
    check = one(services, "DICOM")
    assert check.ok is False
    assert all(name in check.says for name in TRANSFER_SYNTAXES.values())
    assert "python-gdcm" in check.fix


@pytest.mark.process
@pytest.mark.parametrize(
    ("what", "ok", "says"),
    [
        ("comes through", True, r"tiny\.gguf.*llama\.cpp's default settings are in force"),
        ("SIGSEGV with extra buffers", True, r"Safe settings are in force.*failed \(SIGSEGV\)"),
        ("SIGSEGV", False, r"tiny\.gguf does not run.*\(SIGSEGV\).*again \(SIGSEGV\).*Try another GGUF file"),
        ("SIGKILL", False, r"does not run.*\(SIGKILL\).*Close what else uses this machine"),
    ],
)
def test_a_chat_model_is_tried_and_the_settings_in_force_are_told(
    what: str, ok: bool, says: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    notes = tmp_path / "notes"
    monkeypatch.setattr(child, "COMMAND", trial_child.command(notes, what))
    services = Services(load_settings(llm_path=random_model(tmp_path / "tiny.gguf")))
    for _ in range(2):
        check = one(services, "Chat model")
        assert check.ok is ok
        assert re.search(says, check.says)
    # It is tried every time; only the way in which it works is remembered.
    assert len(trial_child.tried(notes)) == {True: what.count("SIG") + 2, False: 4}[ok]
    services.close()


def test_the_decoder_is_tried_with_a_real_picture(
    services: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(_source: Any) -> None:
        raise CaseError("It took longer than 8 seconds.")

    monkeypatch.setattr(services.decoder, "read", fail)
    check = one(services, "Decoder process")
    assert check.ok is False
    assert "longer than 8 seconds" in check.says
    assert "CASEBOOK_DECODE_TIMEOUT_S" in check.fix


@pytest.mark.process
def test_a_folder_that_cannot_be_written_is_broken(
    services: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    def closed(**_: Any) -> None:
        raise PermissionError

    monkeypatch.setattr("assistant.doctor.tempfile.TemporaryFile", closed)
    check = one(services, "Folder")
    assert check.ok is False
    assert "CASEBOOK_HOME" in check.fix


@pytest.mark.process
def test_a_database_that_is_none_is_broken(home: Path) -> None:
    home.mkdir()
    (home / "conversations.db").write_bytes(b"no database" * 200)
    services = Services(load_settings())
    check = one(services, "Conversations")
    services.close()
    assert check.ok is False
    assert check.fix


@pytest.mark.process
def test_a_damaged_page_of_the_database_is_told_and_never_raw(home: Path) -> None:
    services = Services(load_settings())
    for n in range(200):
        services.conversations.new_chat("owner", f"chat {n} {'x' * 200}")
    services.close()
    path = home / "conversations.db"
    whole = path.read_bytes()
    among = whole.index(b"chat 100 ") // 4096 * 4096
    path.write_bytes(whole[:among] + b"\xa5" * 4096 + whole[among + 4096 :])
    services = Services(load_settings())
    check = one(services, "Conversations")
    with pytest.raises(SetupError, match="damaged"):
        services.conversations.chats("owner", limit=None)
    services.close()
    assert check.ok is False
    assert "damaged" in check.says


@pytest.mark.process
def test_a_damaged_library_is_broken(services: Services, monkeypatch: pytest.MonkeyPatch) -> None:
    def damaged() -> None:
        raise SetupError("The library cannot be read.")

    monkeypatch.setattr(services.library, "collections", damaged)
    check = one(services, "Case library")
    assert (check.ok, check.says) == (False, "The library cannot be read.")


@pytest.mark.process
def test_the_password_of_the_database_is_not_told() -> None:
    services = Services(load_settings(database_url="postgresql://ada:secret@127.0.0.1:1/casebook"))
    assert "secret" not in str(report(services))
    services.close()


@pytest.mark.process
def test_settings_of_the_user_are_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("CASEBOOK_BURNED_IN")
    monkeypatch.delenv("CASEBOOK_FACES")
    monkeypatch.setenv("CASEBOOK_MAX_FRAMES", "7")
    services = Services(load_settings())
    says = one(services, "Settings").says
    count = len(type(services.settings).model_fields)
    assert says == f"Set by you: max_frames. casebook doctor --all lists the {count} that there are."
    services.close()


@pytest.mark.process
def test_every_setting_is_listed_one_a_line_when_all_are_asked_for(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CASEBOOK_MAX_FRAMES", "7")
    names = [f"CASEBOOK_{name.upper()}" for name in Settings.model_fields]
    assert main(["doctor"]) == 0
    assert not [line for line in capsys.readouterr().out.splitlines() if line.count("CASEBOOK_") > 4]
    assert main(["doctor", "--all"]) == 0
    lines = capsys.readouterr().out.splitlines()
    listed = {name: line for line in lines for name in names if line[10:].startswith(f"{name}: ")}
    assert list(listed) == names
    assert listed["CASEBOOK_MAX_FRAMES"].startswith("set ")
    assert listed["CASEBOOK_KEEP_DAYS"].startswith("    ")
    assert main(["doctor", "--all", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)["settings"]
    assert [(one["name"], bool(one["what"])) for one in told] == [(name, True) for name in names]


@pytest.mark.process
def test_the_command_ends_with_3_only_when_something_is_broken(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["doctor"]) == 0
    assert "works" in capsys.readouterr().out
    monkeypatch.setattr("assistant.doctor.report", lambda _: [Check("Thing", False, "It broke.", "Mend it.")])
    assert main(["doctor"]) == 3
    assert "→ Mend it." in capsys.readouterr().out
    assert main(["doctor", "--json"]) == 3
    assert json.loads(capsys.readouterr().out)["checks"][0]["ok"] is False


@pytest.mark.process
def test_a_readers_server_is_asked_and_a_changed_one_is_broken_until_it_is_accepted(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    server = ChatServer("A disc.")
    monkeypatch.setenv("CASEBOOK_RADIOGRAPHER_SERVER", server.url)
    try:
        assert main(["models", "verify", "radiographer"]) == 0
        assert "answers a fixed question about a drawn picture as on 20" in capsys.readouterr().out
        server.pieces = ("A square.",)
        with Assistant() as assistant:
            found = one(assistant.services, "radiographer, its server")
        assert (found.ok, found.of_machine) == (False, True)
        assert "in other words than on 20" in found.says
        assert main(["models", "verify", "radiographer", "--json"]) == 0
        assert json.loads(capsys.readouterr().out)["system"] == "radiographer"
        with Assistant() as assistant:
            assert one(assistant.services, "radiographer, its server").ok is True
    finally:
        server.close()


@pytest.mark.process
def test_who_opens_the_page_does_not_wait_for_a_server_that_hangs(monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        url = f"http://127.0.0.1:{silent.getsockname()[1]}/v1"
        monkeypatch.setenv("CASEBOOK_RADIOGRAPHER_SERVER", url)
        made = Services(load_settings())
        checks = {check.name: check for check in report(made, 0.2)}
        made.close()
    found = checks["radiographer, its server"]
    assert (found.ok, found.says) == (None, "It did not answer yet, in 0.2 s.")
