"""The parts of an installation: nothing heavy before its first use, nothing reported home."""

import os
import stat
import subprocess
import sys
import threading

import pytest

from assistant.build import Services
from assistant.doctor import report
from assistant.settings import load_settings
from store.errors import SetupError


@pytest.mark.process
def test_building_opens_and_imports_nothing_heavy(home):
    code = (
        "import sys; from assistant.build import Services; from assistant.settings import load_settings\n"
        "Services(load_settings())\n"
        "heavy = {'torch', 'transformers', 'tensorflow', 'chromadb', 'skimage', 'scipy', 'streamlit'}\n"
        "sys.exit(', '.join(heavy & set(sys.modules)) or 0)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")


def test_reporting_home_is_off_unless_the_user_switched_it_on(monkeypatch):
    for name in ("LANGSMITH_TRACING", "LANGCHAIN_TRACING_V2", "ANONYMIZED_TELEMETRY"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("LANGSMITH_TRACING", "true")
    Services(load_settings())
    assert os.environ["LANGSMITH_TRACING"] == "true"
    assert os.environ["LANGCHAIN_TRACING_V2"] == "false"
    assert os.environ["ANONYMIZED_TELEMETRY"] == "False"


@pytest.mark.parametrize("holds", [None, "conversations.db", "settings.toml"])
def test_an_existing_folder_of_casebook_is_closed_to_other_users(home, holds):
    home.mkdir(mode=0o755)
    home.chmod(0o755)
    if holds:
        (home / holds).touch()
    Services(load_settings())
    assert stat.S_IMODE(home.stat().st_mode) == 0o700


@pytest.mark.process
def test_a_folder_that_holds_other_things_or_is_everyones_is_left_as_it_is_and_doctor_says_so(home):
    home.mkdir()
    (home / "thesis.txt").touch()
    for mode in (0o755, 0o1777):
        home.chmod(mode)
        services = Services(load_settings())
        assert stat.S_IMODE(home.stat().st_mode) == mode
        (check,) = (one for one in report(services) if one.name == "Folder")
        services.close()
        assert check.ok is False
        assert check.fix.startswith("chmod 700")
        (home / "settings.toml").touch()


@pytest.mark.parametrize("name", ["what?x=1", "%41", "a#b", "a b", "100%", "ümlaut", "file:x", "a@b:c"])
def test_the_database_lies_in_the_folder_whatever_it_is_called_and_is_closed(tmp_path, name):
    folder = tmp_path / name
    before = os.umask(0o022)
    try:
        services = Services(load_settings(home=folder))
        services.conversations.new_chat("owner")
        found = {one.name: stat.S_IMODE(one.stat().st_mode) for one in folder.glob("conversations.db*")}
        services.close()
    finally:
        os.umask(before)
    assert "conversations.db" in found
    assert set(found.values()) == {0o600}
    assert [one.name for one in tmp_path.iterdir()] == [name]


def test_an_existing_database_is_closed_to_other_users(home):
    services = Services(load_settings())
    services.conversations.new_chat("owner")
    services.close()
    (home / "conversations.db").chmod(0o644)
    services = Services(load_settings())
    assert len(services.conversations.chats("owner")) == 1
    services.close()
    assert stat.S_IMODE((home / "conversations.db").stat().st_mode) == 0o600


def test_the_folder_is_closed_to_other_users(home):
    Services(load_settings())
    assert stat.S_IMODE(home.stat().st_mode) == 0o700


def test_a_folder_that_cannot_be_made_is_a_setup_error(tmp_path):
    (tmp_path / "file").write_text("x")
    with pytest.raises(SetupError, match="CASEBOOK_HOME"):
        Services(load_settings(home=tmp_path / "file" / "home"))


def test_what_many_threads_ask_for_first_is_made_once(home):
    services, gate, made = Services(load_settings()), threading.Barrier(8), []

    def ask():
        gate.wait()
        made.append(services.conversations)

    threads = [threading.Thread(target=ask) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len({id(one) for one in made}) == 1
    services.close()
