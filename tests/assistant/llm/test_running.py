"""The model's process in the worst of hands: killed, hanging, aborting; and what the user gets then."""

from __future__ import annotations

import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import pytest
from langchain_core.messages import HumanMessage

from assistant import Assistant, load_settings
from assistant.answers.events import Text
from assistant.llm import child as child_process
from assistant.llm import trial
from assistant.llm.endings import BrokeOffError
from assistant.llm.loading import UnusableError
from assistant.llm.local_llm import LocalLLM
from tests.child import environment
from tests.children import wait_for_end, workers
from tests.gguf.files import random_model, scripted_model
from tests.gguf.follower import LOOKED, follower, lesion
from tests.scripted import trial_child
from tests.scripted.held import Held
from tests.talking.kill_at_random import converse
from tools.models.memory.in_memory import read_loaded

pytestmark = pytest.mark.process

WORDS = tuple(f"word-{n} " for n in range(200))
# One that never ends by itself is read to its first word here, and killed or left.
READ = (
    "import sys, time; from pathlib import Path; from assistant.llm.local_llm import LocalLLM; "
    "model = LocalLLM(path=Path(sys.argv[1]), threads=1); words = model.stream('x'); "
    "next(one for one in words if one.text); "
    "print('llama_cpp' in sys.modules, model._running.ready().child.process.pid, flush=True); {then}"
)


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A model that writes `WORDS`."""
    path = tmp_path_factory.mktemp("gguf") / "words.gguf"
    return scripted_model(path, {"say": WORDS}, choose="{% set line = 'say' %}")


@pytest.fixture
def model(file: Path, home: Path) -> Iterator[LocalLLM]:
    """A chat model with a Casebook folder."""
    made = LocalLLM(path=file, threads=1, home=home)
    yield made
    made.close()
    assert not workers()


def begun(model: LocalLLM) -> tuple[Iterator[object], psutil.Process]:
    """A reply after its first word, and the process that writes it."""
    reply = model.stream("x")
    next(one for one in reply if one.text)
    (worker,) = workers()
    return reply, worker


def test_a_reply_whose_process_is_killed_breaks_off_and_the_next_one_is_whole(model: LocalLLM) -> None:
    reply, worker = begun(model)
    worker.kill()
    with pytest.raises(BrokeOffError, match="SIGKILL"):
        list(reply)
    assert model.invoke("x").text == "".join(WORDS)
    assert worker not in workers()


def test_one_that_was_killed_between_two_replies_is_not_missed(model: LocalLLM) -> None:
    assert model.count_tokens([HumanMessage("x")]) > 0
    workers()[0].kill()
    assert model.invoke("x").text == "".join(WORDS)


def test_after_a_native_crash_in_a_reply_it_runs_with_safe_settings_also_at_the_next_start(
    model: LocalLLM, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    notes = tmp_path / "notes"
    monkeypatch.setattr(child_process, "COMMAND", trial_child.command(notes, "comes through"))
    for number in (signal.SIGKILL, signal.SIGSEGV, signal.SIGSEGV):
        reply, worker = begun(model)
        worker.send_signal(number)
        with pytest.raises(BrokeOffError, match=number.name):
            list(reply)
    model.close()
    assert model.count_tokens([HumanMessage("x")]) > 0
    assert [extra for _, extra in trial_child.tried(notes)] == [True, True, False, False]


def test_a_process_that_hangs_is_ended_in_time_and_told(
    model: LocalLLM, monkeypatch: pytest.MonkeyPatch
) -> None:
    reply, worker = begun(model)
    monkeypatch.setattr(model._running._started.child, "_quiet_s", 0.5)  # type: ignore[union-attr]
    worker.suspend()
    start = time.monotonic()
    with pytest.raises(UnusableError, match=r"words\.gguf gave no sign for 30 seconds and was ended"):
        list(reply)
    assert 0.5 < time.monotonic() - start < 10
    wait_for_end(worker.pid)


def test_a_reader_of_a_process_that_hangs_can_still_stop(model: LocalLLM) -> None:
    reply, worker = begun(model)
    worker.suspend()
    seen = [next(reply).text for _ in range(5)]  # type: ignore[attr-defined]
    assert seen[-1] == ""
    reply.close()  # type: ignore[attr-defined]
    worker.resume()
    assert model.invoke("x").text == "".join(WORDS)


def test_a_long_prompt_for_a_process_that_reads_nothing_holds_nobody_up(
    model: LocalLLM, monkeypatch: pytest.MonkeyPatch
) -> None:
    _, worker = begun(model)
    monkeypatch.setattr(model._running._started.child, "_quiet_s", 0.5)  # type: ignore[union-attr]
    worker.suspend()
    assert model.count_tokens([HumanMessage("x" * 300_000)]) > 300_000  # by the next process


def test_a_model_that_is_closed_in_the_middle_of_a_reply_leaves_no_process(model: LocalLLM) -> None:
    reply, worker = begun(model)
    model.close()
    wait_for_end(worker.pid)
    with pytest.raises(BrokeOffError):
        list(reply)


@pytest.mark.parametrize("then", ["time.sleep(600)", "import os; os._exit(3)"])
def test_no_worker_outlives_a_casebook_that_ends_in_the_middle_of_a_reply(then: str, file: Path) -> None:
    command = [sys.executable, "-c", READ.format(then=then), str(file)]
    parent = subprocess.Popen(command, env=environment(), stdout=subprocess.PIPE, encoding="utf-8")
    assert parent.stdout is not None
    with parent:
        imported, pid = parent.stdout.readline().split()
        parent.kill()
    assert imported == "False"  # llama.cpp is in the worker alone
    wait_for_end(int(pid))


def test_what_is_in_memory_is_told_to_other_processes_until_it_is_gone(model: LocalLLM, home: Path) -> None:
    reply, worker = begun(model)
    until(lambda: bool(read_loaded(home)) and read_loaded(home)[0].in_use)
    (told,) = read_loaded(home)
    assert (told.name, told.device, told.process) == ("words.gguf", "cpu", worker.pid)
    assert told.nbytes > 2**20
    assert told.load_s is not None
    reply.close()  # type: ignore[attr-defined]
    until(lambda: not read_loaded(home)[0].in_use)
    worker.kill()
    until(lambda: read_loaded(home) == [])


def until(holds: Callable[[], bool]) -> None:
    """Wait for it."""
    last = time.monotonic() + 20
    while not holds():
        assert time.monotonic() < last
        time.sleep(0.02)


def test_workers_killed_at_random_instants_leave_every_turn_well_ended(tmp_path: Path) -> None:
    assert converse(2, tmp_path, seed=1)["kills"] >= 2


def test_a_file_that_aborts_llama_cpp_leaves_the_chat_to_the_planner(tmp_path: Path) -> None:
    path = random_model(tmp_path / "deep.gguf", told_layers=2**20)
    with Assistant(load_settings(llm_path=path, llm_threads=1)) as assistant:
        chat = assistant.chat()
        for _ in range(2):
            answer = chat.ask("chatter on")
            assert (answer.state, answer.by_planner) == ("answered", True)
            assert answer.text
            assert re.search(r"deep\.gguf does not run.*SIGABRT.*planner answered", answer.notices[0])
    assert not workers()


def test_a_model_that_hangs_in_a_chat_leaves_the_turn_to_the_planner(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(trial, "_LEAST_S", 2.0)
    picture = lesion(tmp_path / "lesion.png")
    settings = load_settings(llm_path=follower(tmp_path / "f.gguf"), llm_context=32768, llm_threads=1)
    with Assistant(settings) as assistant:
        chat = assistant.chat()
        assert chat.ask("What is this?", [picture]).text == "".join(LOOKED)
        (worker,) = workers()
        held = Held(LocalLLM, monkeypatch, then=worker.suspend)
        running = chat.start("chatter on")
        held.wait()
        held.go_on()
        answer = running.answer()
        assert (answer.state, answer.by_planner) == ("answered", True)
        assert re.search(r"gave no sign for 2 seconds.*planner answered", answer.notices[0])
        assert chat.ask("What is this?").text == "".join(LOOKED)
    wait_for_end(worker.pid)


def test_casebook_can_be_closed_while_a_reply_is_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    held = Held(LocalLLM, monkeypatch)
    settings = load_settings(llm_path=follower(tmp_path / "f.gguf"), llm_context=32768, llm_threads=1)
    with Assistant(settings) as assistant:
        for event in assistant.chat().stream("chatter on"):
            if isinstance(event, Text):
                held.wait()
                assert workers()
                held.go_on()
                break
    assert not workers()
