"""The worker processes of chat models that this process, or another one, has started."""

from __future__ import annotations

import time

import psutil


def workers(parent: int | None = None) -> list[psutil.Process]:
    """Those that live."""
    children = psutil.Process(parent).children(recursive=True)
    return [one for one in children if is_alive(one.pid) and _is_worker(one)]


def is_alive(pid: int) -> bool:
    """Whether a process runs; one that was ended and not waited for does not."""
    try:
        return bool(psutil.Process(pid).status() != psutil.STATUS_ZOMBIE)
    except psutil.NoSuchProcess:
        return False


def wait_for_end(pid: int, within_s: float = 30) -> None:
    """Wait until a process is gone.

    Raises:
        AssertionError: it lives on.
    """
    until = time.monotonic() + within_s
    while is_alive(pid):
        assert time.monotonic() < until, f"process {pid} lives on"
        time.sleep(0.02)


def _is_worker(process: psutil.Process) -> bool:
    try:
        return any("llm.worker" in word or "trial_child" in word for word in process.cmdline())
    except psutil.Error:
        return False
