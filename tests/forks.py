"""Casebook as a real child process that need not import its libraries: a fork of one that has them.

Python takes a second and more to import what Casebook stands on, and tests start it again and again. A fork
is a process of its own in everything else: memory, folder, variables, signals, its end.
"""

from __future__ import annotations

import json
import os
import select
import signal
import socket
import struct
import subprocess
import sys
import threading
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import IO, Any

ROOT = Path(__file__).parents[1]
# What a command imports before it does anything of its own, and what its first answer reads and imports.
COMMAND = (
    "assistant.chat",
    "assistant.turn.agent",
    "assistant.turn.planned",
    "assistant.commands.arguments",
    "chromadb",
    "langchain.agents",
    "sqlalchemy.dialects.postgresql.psycopg",
    "scipy.ndimage",
    *("skimage.color", "skimage.feature", "skimage.graph", "skimage.transform"),
    "tests.scripted.words_read",
)
PAGE = (*COMMAND, "streamlit.web.cli", "streamlit.web.bootstrap")
_NUMBER = struct.calcsize("q")
# Each keeps its libraries in memory.
_MOST_FORKERS = 3
_FORKERS: dict[Any, tuple[socket.socket, subprocess.Popen[bytes]]] = {}


class Fork:
    """A child process: as much of `subprocess.Popen` as tests ask for, with text in its pipes."""

    def __init__(self, told: int, stdout: IO[str] | None, stderr: IO[str] | None) -> None:
        self._told, self.stdout, self.stderr = told, stdout, stderr
        self.pid = self._number()
        self.returncode: int | None = None

    def poll(self) -> int | None:
        """Its exit status, if it has ended; of a signal, less than nothing."""
        return self._ended(0)

    def wait(self, timeout: float | None = None) -> int:
        """Wait for its end.

        Raises:
            subprocess.TimeoutExpired: it lives on.
        """
        status = self._ended(timeout)
        if status is None:
            raise subprocess.TimeoutExpired(str(self.pid), timeout or 0)
        return status

    def communicate(self, timeout: float | None = None) -> tuple[str, str]:
        """All that it says from here on, until it ends.

        Raises:
            subprocess.TimeoutExpired: it lives on.
        """
        said = {}

        def listen(name: str, pipe: IO[str] | None) -> None:
            said[name] = pipe.read() if pipe else ""

        pipes = {"out": self.stdout, "err": self.stderr}
        ears = [threading.Thread(target=listen, args=pair, daemon=True) for pair in pipes.items()]
        for ear in ears:
            ear.start()
        self.wait(timeout)
        for ear in ears:
            ear.join(timeout)
        for pipe in filter(None, pipes.values()):
            pipe.close()
        return said["out"], said["err"]

    def send_signal(self, number: int) -> None:
        """Send it a signal, if it lives."""
        if self.poll() is None:
            os.kill(self.pid, number)

    def terminate(self) -> None:
        """Ask it to end."""
        self.send_signal(signal.SIGTERM)

    def kill(self) -> None:
        """End it as a machine that fails does."""
        self.send_signal(signal.SIGKILL)

    def _ended(self, timeout: float | None) -> int | None:
        if self.returncode is None and _is_told(self._told, timeout):
            self.returncode = self._number()
            os.close(self._told)
        return self.returncode

    def _number(self) -> int:
        told = os.read(self._told, _NUMBER)
        assert told, "the process that this is a fork of has ended"
        number: int = struct.unpack("q", told)[0]
        return number


def begin(
    module: str,
    words: Sequence[str],
    *,
    libraries: tuple[str, ...] = COMMAND,
    environment: Mapping[str, str],
    folder: Path = ROOT,
    stdin: int | None = None,
    stdout: int | None = None,
    stderr: int | None = None,
) -> Fork:
    """Begin ``python -m MODULE WORDS`` as a fork of a process that has imported these libraries.

    Args:
        module: what Python runs.
        words: its arguments.
        libraries: modules, imported with these variables but for Casebook's own.
        environment: all of its variables.
        folder: in which it runs.
        stdin: an open file; by default there is nothing to read.
        stdout: an open file; by default a pipe that the fork's `stdout` reads.
        stderr: the same of its errors.
    """
    wish = {"module": module, "words": list(words), "folder": str(folder), "environment": {**environment}}
    read, write = os.pipe()
    nothing = os.open(os.devnull, os.O_RDONLY)
    out, err = _stream(stdout), _stream(stderr)
    files = [nothing if stdin is None else stdin, out[1], err[1], write]
    socket.send_fds(_forker(libraries, environment), [json.dumps(wish).encode()], files)
    for file in (
        nothing,
        write,
        *([out[1]] if stdout is None else []),
        *([err[1]] if stderr is None else []),
    ):
        os.close(file)
    return Fork(read, out[0], err[0])


def _stream(given: int | None) -> tuple[IO[str] | None, int]:
    """What a fork's stream is read from, if it is a pipe, and what the fork writes to."""
    if given is not None:
        return None, given
    read, write = os.pipe()
    return os.fdopen(read, encoding="utf-8"), write


def _forker(libraries: tuple[str, ...], environment: Mapping[str, str]) -> socket.socket:
    """The process whose forks have these libraries, as the socket it takes wishes from."""
    # Casebook reads its variables when it runs; other libraries may read theirs when they are imported, and
    # so does the hub's, which commands and pages do not import at once.
    late = ("CASEBOOK_", "PYTEST_", *(("HF_",) if libraries in (COMMAND, PAGE) else ()))
    read_early = {name: value for name, value in environment.items() if not name.startswith(late)}
    key = (libraries, frozenset(read_early.items()))
    if key not in _FORKERS:
        if len(_FORKERS) == _MOST_FORKERS:
            wishes, process = _FORKERS.pop(next(iter(_FORKERS)))
            wishes.close()
            process.wait()
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        command = [sys.executable, "-m", "tests.scripted.forked", *libraries]
        with theirs:
            _FORKERS[key] = ours, subprocess.Popen(command, cwd=ROOT, stdin=theirs, env=read_early)
    return _FORKERS[key][0]


def _is_told(pipe: int, timeout: float | None) -> bool:
    """Whether something is in a pipe before the time is over; its number may be of any size."""
    asked = select.poll()
    asked.register(pipe, select.POLLIN)
    return bool(asked.poll(None if timeout is None else 1000 * timeout))
