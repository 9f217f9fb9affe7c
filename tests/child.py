"""Run Casebook as a real child process."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from tests import forks

ROOT = Path(__file__).parent.parent


def environment(**more: str) -> dict[str, str]:
    """This process's environment (with the test's CASEBOOK_HOME), plus `more`."""
    return {**os.environ, "PYTHONPATH": str(ROOT), **more}


def casebook(
    *words: str, env: Mapping[str, str] | None = None, cwd: Path = ROOT, afresh: bool = False
) -> subprocess.CompletedProcess[str]:
    """Run the command to its end.

    Args:
        words: its arguments.
        env: variables besides those of this process.
        cwd: the folder it runs in.
        afresh: as a user starts it, and not as a fork: for what Python settles when it starts.
    """
    if afresh:
        return subprocess.run(
            [sys.executable, "-m", "assistant", *words],
            check=False,
            capture_output=True,
            encoding="utf-8",
            timeout=60,
            env=environment(**(env or {})),
            cwd=cwd,
        )
    fork = forks.begin("assistant", words, environment=environment(**(env or {})), folder=cwd)
    told = fork.communicate(timeout=60)
    return subprocess.CompletedProcess(words, fork.wait(), *told)


@contextmanager
def hearing_ctrl_c() -> Iterator[None]:
    """Children that are started in here are reached by Ctrl-C, also where the tests run in the background.

    A shell starts what runs in the background with SIGINT ignored, and children inherit that.
    """
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


def begin(*words: str, module: str = "assistant") -> forks.Fork:
    """Start the command; its output is read through pipes, and Ctrl-C reaches it."""
    return forks.begin(module, words, environment=environment())
