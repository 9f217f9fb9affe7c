"""A GGUF model is tried in a process of its own: what it dies of harms nothing, is told, and is remembered.

The children are real; where one has to die or hang, only its evaluation is a stand-in. One file really ends
llama.cpp.
"""

from __future__ import annotations

import json
import os
import re
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from assistant.llm import child as child_process
from assistant.llm import trial, trial_records
from assistant.llm.child import TOO_LONG
from assistant.llm.engine import Engine
from assistant.llm.loading import Load, UnusableError
from assistant.llm.local_llm import LocalLLM
from assistant.llm.trial import start
from assistant.llm.trial_records import Outcome
from tests.child import environment
from tests.children import is_alive
from tests.gguf.files import random_model
from tests.scripted import trial_child

pytestmark = pytest.mark.process

Child = Callable[[str], Path]


@pytest.fixture
def load(tmp_path: Path) -> Load:
    """A tiny model."""
    return Load(random_model(tmp_path / "tiny.gguf"), context=2048, threads=1)


@pytest.fixture
def child(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Child:
    """Lets children do what is said in place of evaluating; gives the file in which they make notes."""
    notes = tmp_path / "notes"

    def does(what: str) -> Path:
        monkeypatch.setattr(child_process, "COMMAND", trial_child.command(notes, what))
        return notes

    return does


def buffers(notes: Path) -> list[bool]:
    """Whether the extra buffers were on, child by child."""
    return [extra for _, extra in trial_child.tried(notes)]


def try_out(load: Load, home: Path | None, *, again: bool = False) -> Outcome:
    """How a model runs here; its child is ended."""
    started, outcome = start(load, home, again=again)
    if started:
        started.child.kill()
    return outcome


def test_a_model_that_works_comes_through_and_nothing_is_printed(
    load: Load, home: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    outcome = try_out(load, home)
    assert outcome == Outcome()
    assert "default settings are in force" in outcome.sentence
    assert "".join(capfd.readouterr()) == ""


def test_a_model_that_dies_only_with_the_extra_buffers_is_loaded_without_them(
    load: Load, home: Path, child: Child
) -> None:
    notes = child("SIGSEGV with extra buffers")
    outcome = try_out(load, home)
    assert outcome.deaths == ("SIGSEGV",)
    assert buffers(notes) == [True, False]
    assert "use_extra_bufts=False" in outcome.sentence
    assert "SIGSEGV" in outcome.sentence
    engine = Engine(replace(load, extra_buffers=outcome.extra_buffers))
    assert engine._llama.model_params.use_extra_bufts is False
    engine.evaluate(trial.TOKENS)
    engine.close()


def test_by_default_llama_cpp_may_use_its_extra_buffers(load: Load) -> None:
    engine = Engine(load)
    assert engine._llama.model_params.use_extra_bufts is True
    engine.close()


@pytest.mark.parametrize("how", ["SIGSEGV", "SIGILL", "SIGABRT"])
def test_a_model_that_dies_with_and_without_them_is_refused_in_words(
    how: str, load: Load, home: Path, child: Child
) -> None:
    notes = child(how)
    outcome = try_out(load, home)
    assert outcome.deaths == (how, how)
    assert buffers(notes) == [True, False]
    says = str(outcome.unusable(load))
    assert re.search(rf"tiny\.gguf does not run on this machine.*{how}.*GGML_NATIVE=OFF", says)


@pytest.mark.parametrize("what", ["computes for ever", "waits for ever"])
def test_a_child_that_hangs_is_ended(
    what: str, load: Load, home: Path, child: Child, monkeypatch: pytest.MonkeyPatch
) -> None:
    notes = child(what)
    monkeypatch.setattr(trial, "_LEAST_S", 0.5)
    outcome = try_out(load, home)
    assert outcome.deaths == (TOO_LONG, TOO_LONG)
    assert not [pid for pid, _ in trial_child.tried(notes) if is_alive(pid)]
    assert re.search(r"it took too long.*Close what else", str(outcome.unusable(load)))


def test_an_exception_in_the_child_is_an_end_like_others(load: Load, home: Path, child: Child) -> None:
    child("fails")
    first, second = try_out(load, home).deaths
    assert first == second
    assert re.fullmatch(r"RuntimeError at trial_child\.py:\d+", first)


@pytest.mark.parametrize(("what", "buffers_then"), [("SIGSEGV with extra buffers", [False]), ("SIGSEGV", [])])
def test_what_was_found_is_remembered_by_every_later_start(
    what: str, buffers_then: list[bool], load: Load, home: Path, child: Child
) -> None:
    notes = child(what)
    first = try_out(load, home)
    assert buffers(notes) == [True, False]
    child("comes through")
    assert try_out(load, home) == first
    assert buffers(notes)[2:] == buffers_then


@pytest.mark.parametrize("changed", ["file", "build", "machine", "kv"])
def test_another_file_build_machine_or_way_of_loading_is_tried_anew(
    changed: str, load: Load, home: Path, child: Child, monkeypatch: pytest.MonkeyPatch
) -> None:
    notes = child("SIGSEGV")
    try_out(load, home)
    if changed == "file":
        os.utime(load.path, ns=(1, 1))
    elif changed == "kv":
        load = Load(load.path, load.context, threads=1, kv="q8_0")
    else:
        monkeypatch.setattr(trial_records, f"_{changed}", lambda: ["another"])
    try_out(load, home)
    assert buffers(notes) == [True, False] * 2


def test_another_library_of_the_same_version_is_another_build(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LLAMA_CPP_LIB_PATH", str(tmp_path))
    (tmp_path / "libllama.so").write_bytes(b"one")
    before = trial_records._build()
    (tmp_path / "libllama.so").write_bytes(b"another")
    assert trial_records._build() != before


def test_a_model_that_died_is_tried_again_when_asked_to(load: Load, home: Path, child: Child) -> None:
    child("SIGSEGV")
    try_out(load, home)
    child("comes through")
    assert not try_out(load, home).works
    assert try_out(load, home, again=True).works
    assert try_out(load, home).works


@pytest.mark.parametrize("what", ["SIGKILL", "fails"])
def test_an_end_that_may_pass_is_not_remembered(what: str, load: Load, home: Path, child: Child) -> None:
    child(what)
    assert not try_out(load, home).works
    child("comes through")
    assert try_out(load, home).works


@pytest.mark.parametrize("text", ["", "[]", '{"deaths": 3}', "{"])
def test_a_record_that_cannot_be_read_is_none(text: str, load: Load, home: Path, child: Child) -> None:
    child("SIGSEGV")
    try_out(load, home)
    (record,) = (home / "models" / "trials").iterdir()
    record.write_text(text)
    child("comes through")
    assert try_out(load, home) == Outcome()


def test_a_folder_that_cannot_be_written_is_no_reason_to_stop(
    load: Load, tmp_path: Path, child: Child
) -> None:
    child("SIGSEGV with extra buffers")
    (tmp_path / "file").touch()
    assert try_out(load, tmp_path / "file").works
    assert try_out(load, None).works


def test_a_refused_file_is_told_in_words_and_not_remembered(load: Load, home: Path) -> None:
    whole = load.path.read_bytes()
    load.path.write_bytes(whole[:-100])
    with pytest.raises(UnusableError, match="damaged or cut off"):
        try_out(load, home)
    assert not (home / "models").exists()


def test_a_child_inherits_no_socket_and_no_setting(load: Load, child: Child) -> None:
    notes = child("comes through")
    with socket.socket() as server:
        server.bind(("127.0.0.1", 0))
        server.listen()
        server.set_inheritable(True)
        try_out(load, None)
    told = json.loads(notes.read_text())
    assert told["variables"] == []
    assert not [file for file in told["files"] if file.startswith("socket")]


def test_no_child_outlives_a_casebook_that_is_killed(load: Load, child: Child, tmp_path: Path) -> None:
    notes = child("waits for ever")
    code = (
        "import sys; from pathlib import Path; from assistant.llm import child, trial; "
        "from assistant.llm.loading import Load; "
        f"child.COMMAND = {child_process.COMMAND!r}; "
        "trial.start(Load(Path(sys.argv[1]), 2048, threads=1), None)"
    )
    parent = subprocess.Popen([sys.executable, "-c", code, str(load.path)], env=environment())
    until = time.monotonic() + 60
    while not trial_child.tried(notes):
        assert time.monotonic() < until, "no child was started"
        time.sleep(0.05)
    ((pid, _),) = trial_child.tried(notes)
    assert is_alive(pid)
    parent.kill()
    parent.wait()
    while is_alive(pid):
        assert time.monotonic() < until, "the child lives on"
        time.sleep(0.05)


def test_a_ctrl_c_for_casebook_is_not_the_childs(load: Load, child: Child) -> None:
    notes = child("comes through")
    try_out(load, None)
    told = json.loads(notes.read_text())
    assert told["session"] == told["pid"] != os.getsid(0)


def test_all_files_of_a_model_in_parts_count(load: Load, home: Path, child: Child) -> None:
    notes = child("SIGSEGV")
    first, second = (load.path.with_name(f"m-0000{n}-of-00002.gguf") for n in (1, 2))
    load.path.rename(first)
    second.write_bytes(b"GGUF")
    parts = Load(first, 2048, threads=1)
    try_out(parts, home)
    second.write_bytes(b"GGUF, and more")
    try_out(parts, home)
    assert buffers(notes) == [True, False] * 2


def test_a_model_that_died_is_tried_once_by_one_chat_model_also_without_a_home(
    load: Load, child: Child
) -> None:
    notes = child("SIGSEGV")
    model = LocalLLM(path=load.path, threads=1)
    for _ in range(2):
        with pytest.raises(UnusableError, match="SIGSEGV"):
            model.invoke("x")
    assert len(trial_child.tried(notes)) == 2
