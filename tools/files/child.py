"""The decoding child process: started, asked line by line, listened to, ended."""

from __future__ import annotations

import json
import os
import queue
import signal
import subprocess
import sys
import threading
import time
from dataclasses import asdict
from pathlib import Path
from typing import IO, Any

from store.errors import SetupError
from tools.files.arrays.limits import ReadLimits

# All that the child needs: where programs and temporary files lie. No keys, no proxies, no home.
_ENVIRONMENT = ("PATH", "TMPDIR", "TEMP", "TMP", "SYSTEMROOT", "LD_LIBRARY_PATH", "LANG", "LC_ALL")
_LONGEST_ANSWER = 8 * 1024**2


class OutOfTimeError(Exception):
    """The child computed for as long as one file may take."""


class Child:
    """One child process, with a thread that listens to it."""

    def __init__(self, limits: ReadLimits, deadline: float) -> None:
        self.process = subprocess.Popen(
            _command(limits),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=_environment(),
        )
        self._answers: queue.Queue[bytes] = queue.Queue()
        assert self.process.stdout is not None  # noqa: S101  asked for above
        self._ear = threading.Thread(target=self._listen, args=(self.process.stdout,), daemon=True)
        self._ear.start()
        try:
            self._next(deadline)
        except (queue.Empty, OSError) as error:
            self.kill()
            raise SetupError(
                f"The decoding process did not start within {limits.patience_s:g} seconds and "
                f"{limits.memory_mb} MB. Raise these limits, or see what else burdens this machine."
            ) from error

    def ask(self, request: dict[str, Any], deadline: float) -> bytes:
        """Send one request and wait for its answer.

        Raises:
            queue.Empty: no answer before the deadline.
            OutOfTimeError: it computed too long and is dead.
            OSError: it died.
        """
        assert self.process.stdin is not None  # noqa: S101
        self.process.stdin.write(json.dumps(request).encode() + b"\n")
        self.process.stdin.flush()
        return self._next(deadline)

    def kill(self) -> None:
        """End it at once."""
        self.process.kill()
        self.process.wait()
        self._ear.join(timeout=1)
        for pipe in (self.process.stdin, self.process.stdout):
            if pipe is not None:
                _close(pipe)

    def _next(self, deadline: float) -> bytes:
        line = self._answers.get(timeout=max(0.0, deadline - time.monotonic()))
        if not line:
            raise OutOfTimeError if self._was_out_of_time() else BrokenPipeError
        return line

    def _was_out_of_time(self) -> bool:
        try:
            return self.process.wait(timeout=1) == -getattr(signal, "SIGPROF", 0)
        except subprocess.TimeoutExpired:
            return False

    def _listen(self, pipe: IO[bytes]) -> None:
        while line := pipe.readline(_LONGEST_ANSWER):
            self._answers.put(line)
        self._answers.put(b"")


def _close(pipe: IO[bytes]) -> None:
    try:
        pipe.close()
    except OSError:
        return  # a request that the dead child never took


def _command(limits: ReadLimits) -> list[str]:
    return [sys.executable, "-P", "-s", "-m", "tools.files.decode_worker", json.dumps(asdict(limits))]


def _environment() -> dict[str, str]:
    kept = {name: os.environ[name] for name in _ENVIRONMENT if name in os.environ}
    threads = {f"{library}_NUM_THREADS": "1" for library in ("OMP", "OPENBLAS", "MKL")}
    return {**kept, **threads, "PYTHONPATH": str(Path(__file__).resolve().parents[2])}
