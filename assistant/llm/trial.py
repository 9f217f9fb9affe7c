"""Whether a GGUF model runs on this machine: tried in a process of its own, which may die without harm.

llama.cpp is native code compiled for one kind of CPU: where the two do not fit, it takes the whole process
with it. So a child (``assistant.llm.trial_worker``) loads the model and evaluates a few tokens before this
process loads it. If the child dies, another tries without the extra buffers, llama.cpp's own forms of the
weights for single CPUs. What was found is kept; see ``assistant.llm.trial_records``.
"""

from __future__ import annotations

import json
import math
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Mapping
from dataclasses import asdict, replace
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from assistant.llm.loading import Load, UnusableError, not_installed, require_gguf
from assistant.llm.trial_records import TOO_LONG, Outcome, Record, files_of

COMMAND = (sys.executable, "-P", "-m", "assistant.llm.trial_worker")
TOKENS = 40
"""Tokens evaluated together. Ours: more than 32, so that blocks of every size are computed, and a rest."""

_CONTEXT = 512
# Ours: some ten times what loading and evaluating takes one slow thread, at least and per GiB of the file.
_LEAST_S, _PER_GIB_S = 30.0, 60.0
# Ours: a child may wait that much longer than it may compute: for a busy machine, or a slow disk.
_WAITING = 4


def try_out(load: Load, home: Path | None, *, again: bool = False) -> Outcome:
    """Try a model, unless what was found before is kept.

    Args:
        load: how it is to be loaded.
        home: the Casebook folder, where the outcome is kept; None keeps nothing.
        again: whether a model that died before gets another chance.

    Raises:
        UnusableError: llama-cpp-python is missing, or llama.cpp refuses the file.
    """
    require_gguf(load.path)
    if find_spec("llama_cpp") is None:
        raise not_installed()
    record = Record(load, home) if home else None
    found = record.read() if record else None
    if found is None or (again and not found.works):
        found = _tried(load)
        if record:
            record.keep(found)
    return found


def _tried(load: Load) -> Outcome:
    deaths: list[str] = []
    for extra_buffers in (True, False):
        small = replace(load, context=min(load.context, _CONTEXT), extra_buffers=extra_buffers)
        death = _death(small)
        if death is None:
            break
        deaths.append(death)
    return Outcome(tuple(deaths))


def _death(load: Load) -> str | None:
    """How a child ended that tried this; None where it came through.

    Raises:
        UnusableError: llama.cpp refuses the file, or no child can be started.
    """
    seconds = _LEAST_S + _PER_GIB_S * sum(path.stat().st_size for path in files_of(load.path)) / 2**30
    threads = load.threads or os.cpu_count() or 1
    request = {
        "load": asdict(load) | {"path": str(load.path)},
        "tokens": TOKENS,
        "cpu_s": math.ceil(seconds * threads),
    }
    answer, death = _exchange(request, seconds * _WAITING)
    if answer and (refused := json.loads(answer)["refused"]):
        raise UnusableError(refused)
    return death


def _exchange(request: Mapping[str, Any], wall_s: float) -> tuple[bytes, str | None]:
    """What a child answers; or b"" and how it ended."""
    process = _started()
    late = threading.Event()

    def stop() -> None:
        late.set()
        process.kill()

    timer = threading.Timer(wall_s, stop)
    timer.daemon = True
    # Its input stays open for as long as it may live: it ends with this process.
    with process:
        timer.start()
        try:
            answer = _asked(process, request)
            code = 0 if answer else process.wait()
        finally:
            timer.cancel()
            process.kill()
    return answer, None if answer else _how(code, late=late.is_set())


def _started() -> subprocess.Popen[bytes]:
    try:
        return subprocess.Popen(
            COMMAND,
            bufsize=0,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=_environment(),
            # A Ctrl-C meant for this process is no death of the child's own.
            start_new_session=True,
        )
    except OSError as error:
        raise UnusableError(
            "The chat model could not be tried, because no further process can be started on this machine. "
            "Close what else runs on it."
        ) from error


def _asked(process: subprocess.Popen[bytes], request: Mapping[str, Any]) -> bytes:
    assert process.stdin is not None and process.stdout is not None  # noqa: S101  asked for above
    try:
        process.stdin.write(json.dumps(request).encode() + b"\n")
    except BrokenPipeError:
        return b""
    return process.stdout.read()


def _how(code: int, *, late: bool) -> str:
    if late or code == -getattr(signal, "SIGXCPU", math.inf):
        return TOO_LONG
    try:
        return signal.Signals(-code).name
    except ValueError:
        return f"exit status {code}"


def _environment() -> dict[str, str]:
    """This process's, which also says where GPUs and libraries are, without Casebook's settings and keys."""
    kept = {name: value for name, value in os.environ.items() if not name.upper().startswith("CASEBOOK_")}
    root = str(Path(__file__).resolve().parents[2])
    return {**kept, "PYTHONPATH": os.pathsep.join(filter(None, (root, kept.get("PYTHONPATH"))))}
