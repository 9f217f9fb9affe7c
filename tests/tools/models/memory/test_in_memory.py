"""What one process has in memory, seen from another."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.child import ROOT, environment
from tools.models.memory.in_memory import InMemory, Notice, read_loaded
from tools.models.memory.residents import Resident

CHILD = """
import sys
from pathlib import Path
from tools.models.memory.in_memory import Notice
from tools.models.memory.residents import Resident
notice = Notice(Path(sys.argv[1]))
notice.show([Resident("babydoctor", "cuda:0", 1400, 2.5, False, 0)])
print("shown", flush=True)
sys.stdin.read()
"""


def resident(name: str, load_s: float | None = 1.0) -> Resident:
    return Resident(name, "cpu", 100, load_s, in_use=True, waiting=1)


def test_a_process_sees_what_it_shows_until_it_takes_it_down(home: Path) -> None:
    assert read_loaded(home) == []
    notice = Notice(home)
    notice.show([resident("pubmedclip"), resident("radiographer", None)])
    assert read_loaded(home) == [
        InMemory("pubmedclip", "cpu", 100, 1.0, True, os.getpid()),
        InMemory("radiographer", "cpu", 100, None, True, os.getpid()),
    ]
    notice.show([])
    assert read_loaded(home) == []
    notice.close()
    assert not list((home / "models" / "in-memory").iterdir())


@pytest.mark.process
def test_another_process_is_seen_while_it_lives_and_not_after_it_was_killed(home: Path) -> None:
    command = [sys.executable, "-c", CHILD, str(home)]
    child = subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=environment(), cwd=ROOT
    )
    assert child.stdout is not None
    assert child.stdout.readline() == b"shown\n"
    assert read_loaded(home) == [InMemory("babydoctor", "cuda:0", 1400, 2.5, False, child.pid)]
    child.kill()
    child.communicate()
    assert read_loaded(home) == []
    assert not list((home / "models" / "in-memory").iterdir())


def test_a_notice_that_cannot_be_read_is_passed_over(home: Path) -> None:
    notice = Notice(home)
    notice.show([resident("pubmedclip")])
    (home / "models" / "in-memory" / f"{os.getpid()}.json").write_text("{")
    assert read_loaded(home) == []
    notice.close()


def test_a_folder_that_cannot_be_written_stops_nobody(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    Notice(tmp_path / "file").show([resident("pubmedclip")])
