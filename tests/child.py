"""Run Casebook as a real child process."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parent.parent


def environment(**more: str) -> dict[str, str]:
    """This process's environment (with the test's CASEBOOK_HOME), plus `more`."""
    return {**os.environ, "PYTHONPATH": str(ROOT), **more}


def casebook(*words: str, module: str = "assistant", **options: Any) -> subprocess.CompletedProcess[str]:
    """Run the command to its end."""
    more: Mapping[str, str] = options.pop("env", {})
    return subprocess.run(
        [sys.executable, "-m", module, *words],
        check=False,
        capture_output=True,
        encoding="utf-8",
        timeout=60,
        env=environment(**more),
        **options,
    )


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


def begin(*words: str, module: str = "assistant") -> subprocess.Popen[str]:
    """Start the command; its output is read through pipes, and Ctrl-C reaches it."""
    with hearing_ctrl_c():
        return subprocess.Popen(
            [sys.executable, "-m", module, *words],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            encoding="utf-8",
            env=environment(),
            bufsize=1,
        )
