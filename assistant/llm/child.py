"""The child process in which llama.cpp runs (``assistant.llm.worker``): started, asked, waited for, ended.

Whatever native code dies of ends that process and not this one. A child that answers nothing for too long is
ended, and none outlives this process, however it ends.
"""

from __future__ import annotations

import contextlib
import itertools
import json
import os
import queue
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import Any

from assistant.llm.loading import UnusableError

COMMAND = (sys.executable, "-P", "-m", "assistant.llm.worker")
TOO_LONG = "it took too long"

Message = dict[str, Any]


class DiedError(Exception):
    """The child is gone; its text says of what: a signal, an exit status, a place in the code, `TOO_LONG`."""


class Child:
    """One child. Safe to share between threads.

    Args:
        quiet_s: longest silence while something is asked of it.

    Raises:
        UnusableError: no further process can be started.
    """

    def __init__(self, quiet_s: float) -> None:
        self.process = _started()
        self._quiet_s = quiet_s
        self._numbers = itertools.count(1)
        self._asked: dict[int, queue.SimpleQueue[Message | None]] = {}
        self._unsent: queue.SimpleQueue[bytes] = queue.SimpleQueue()
        self._lock = threading.Lock()
        self._heard = time.monotonic()
        self._crash = ""
        self.is_over = False
        self._ear = threading.Thread(target=self._listen, daemon=True)
        self._ear.start()
        threading.Thread(target=self._tell, daemon=True).start()

    def send(self, do: str, *, patience: float = 1, **about: Any) -> Asked:
        """Ask something; returns at once.

        Args:
            do: see ``assistant.llm.worker``.
            patience: how many times the usual silence is borne.
            about: what else the request says.
        """
        answers: queue.SimpleQueue[Message | None] = queue.SimpleQueue()
        number = next(self._numbers)
        with self._lock:
            if self.is_over:
                answers.put(None)
            else:
                self._asked[number] = answers
                self._unsent.put(json.dumps({"n": number, "do": do, **about}).encode() + b"\n")
        return Asked(self, number, answers, patience * self._quiet_s)

    def ask(self, do: str, **about: Any) -> Message:
        """Ask something and wait for the answer.

        Raises:
            DiedError: the child died before, or was ended for its silence.
        """
        asked = self.send(do, **about)
        while (answer := asked.look(self._quiet_s)) is None:
            pass
        return answer

    def kill(self) -> None:
        """End it at once."""
        self.process.kill()
        self._ear.join()

    def end_if_silent(self, since: float, quiet_s: float) -> None:
        """End it if nothing has come from it for so long, counted from `since` at the earliest."""
        if time.monotonic() - max(since, self._heard) > quiet_s:
            self._crash = TOO_LONG
            self.kill()

    def how(self) -> str:
        """How it ended."""
        code = self.process.wait()
        try:
            return self._crash or signal.Signals(-code).name
        except ValueError:
            return f"exit status {code}"

    def _tell(self) -> None:
        """Write what is asked, in a thread of its own: one that hangs reads nothing, and a pipe gets full."""
        assert self.process.stdin is not None  # noqa: S101  asked for below
        with contextlib.suppress(OSError), self.process.stdin as pipe:  # it may be gone
            while line := self._unsent.get():
                pipe.write(line)
                pipe.flush()

    def _listen(self) -> None:
        assert self.process.stdout is not None  # noqa: S101  asked for below
        with contextlib.suppress(ValueError), self.process.stdout as pipe:  # what is no JSON ends it
            for line in pipe:
                self._heard, answer = time.monotonic(), json.loads(line)
                self._crash = answer.get("crash", self._crash)
                if asked := self._asked.pop(answer.get("n"), None):
                    asked.put(answer)
        self.process.kill()
        self.process.wait()
        with self._lock:
            self.is_over = True
            for asked in self._asked.values():
                asked.put(None)
        self._unsent.put(b"")


class Asked:
    """Something that was asked of a child."""

    def __init__(
        self, child: Child, number: int, answers: queue.SimpleQueue[Message | None], quiet_s: float
    ) -> None:
        self.number = number
        self._child, self._answers, self._quiet_s = child, answers, quiet_s
        self._since = time.monotonic()

    def look(self, wait_s: float) -> Message | None:
        """The answer, or None where none has come after so long.

        Raises:
            DiedError: none will come.
        """
        try:
            answer = self._answers.get(timeout=wait_s)
        except queue.Empty:
            self._child.end_if_silent(self._since, self._quiet_s)
            return None
        if answer is None:
            raise DiedError(self._child.how())
        return answer


def _started() -> subprocess.Popen[bytes]:
    try:
        return subprocess.Popen(
            COMMAND,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=_environment(),
            # A Ctrl-C meant for this process is no death of the child's own.
            start_new_session=True,
        )
    except OSError as error:
        raise UnusableError(
            "The chat model cannot run, because no further process can be started on this machine. "
            "Close what else runs on it."
        ) from error


def _environment() -> dict[str, str]:
    """This process's, which also says where GPUs and libraries are, without Casebook's settings and keys."""
    kept = {name: value for name, value in os.environ.items() if not name.upper().startswith("CASEBOOK_")}
    root = str(Path(__file__).resolve().parents[2])
    return {**kept, "PYTHONPATH": os.pathsep.join(filter(None, (root, kept.get("PYTHONPATH"))))}
