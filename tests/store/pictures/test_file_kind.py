"""Pipes, devices and sockets are refused before anything opens them."""

from __future__ import annotations

import os
import socket
from pathlib import Path

import pytest

from store.cases.table import read_table
from store.errors import CaseError
from store.pictures.file_kind import refuse_no_file
from tests.child import casebook
from tools.files.decoding import Decoder

pytestmark = pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no named pipes")


@pytest.fixture
def fifo(tmp_path: Path) -> Path:
    """A named pipe that nobody writes to: opening it would wait for ever."""
    path = tmp_path / "fifo"
    os.mkfifo(path)
    return path


def test_a_file_a_folder_and_nothing_pass(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("a", encoding="utf-8")
    for path in (tmp_path, tmp_path / "a.txt", tmp_path / "none", Path("a\0b")):
        refuse_no_file(path, path.name)


def test_a_device_is_named_as_one() -> None:
    with pytest.raises(CaseError, match="'/dev/zero' is a device, not a file"):
        refuse_no_file(Path("/dev/zero"), "/dev/zero")


def test_a_socket_is_named_as_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    with socket.socket(socket.AF_UNIX) as one:
        one.bind("plug")
        with pytest.raises(CaseError, match="'plug' is a socket, not a file"):
            refuse_no_file(Path("plug"), "plug")


@pytest.mark.process
@pytest.mark.parametrize("words", [("ask", "hi", "--image"), ("library", "import")])
def test_the_command_refuses_a_pipe_instead_of_waiting_for_it(words: tuple[str, ...], fifo: Path) -> None:
    done = casebook(*words, "fifo", cwd=fifo.parent)
    assert done.returncode == 2
    assert "'fifo' is a pipe, not a file." in done.stderr


def test_the_decoder_refuses_a_pipe_and_a_link_to_one(fifo: Path) -> None:
    link = fifo.with_name("link.png")
    link.symlink_to(fifo)
    with Decoder() as decoder:
        for path in (fifo, link):
            with pytest.raises(CaseError, match="is a pipe, not a file"):
                decoder.read(path)
        assert decoder.pid is None


def test_a_folder_whose_table_is_a_pipe_is_refused(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "cases.csv")
    with pytest.raises(CaseError, match=r"'cases\.csv' is a pipe, not a file"):
        read_table(tmp_path)
