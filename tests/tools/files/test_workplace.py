"""The folder of a reading is cleared at its end, and by the next reader where its process was killed."""

import fcntl
import signal
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from tools.files import workplace as places
from tools.files.workplace import clear_abandoned, workplace

HOLDS = """
import sys, time
from tools.files.workplace import workplace
with workplace() as folder:
    (folder / "source").write_bytes(b"a patient's name")
    print(folder, flush=True)
    time.sleep(600)
"""


@pytest.fixture(autouse=True)
def own_temp(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    return tmp_path


def test_a_folder_goes_when_its_reading_ends() -> None:
    with workplace() as folder:
        (folder / "source").write_bytes(b"pixels")
        clear_abandoned()
        assert (folder / "source").exists()
    assert not folder.exists()


@pytest.mark.process
def test_what_a_killed_process_left_is_cleared_and_what_is_in_use_is_not() -> None:
    command = [sys.executable, "-c", HOLDS]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as holder:
        assert holder.stdout is not None
        folder = Path(holder.stdout.readline().strip())
        clear_abandoned()
        assert (folder / "source").exists()
        holder.send_signal(signal.SIGKILL)
        holder.wait()
    clear_abandoned()
    assert not folder.exists()


def test_a_folder_that_was_only_just_made_is_left_to_its_maker(own_temp: Path) -> None:
    folder = own_temp / f"{places.PREFIX}new"
    folder.mkdir()
    clear_abandoned()
    assert folder.exists()


def test_a_folder_is_not_cleared_while_its_maker_takes_it(monkeypatch: pytest.MonkeyPatch) -> None:
    take, looks = fcntl.flock, []

    def look_first(file: int, how: int) -> None:
        if how & fcntl.LOCK_EX and not looks:
            looks.append(file)
            clear_abandoned()
        take(file, how)

    monkeypatch.setattr(fcntl, "flock", look_first)
    with workplace() as folder:
        assert looks
        (folder / "source").write_bytes(b"pixels")
        clear_abandoned()
        assert (folder / "source").exists()
