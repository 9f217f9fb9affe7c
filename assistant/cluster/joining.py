"""Joining a Ray cluster, or starting one of this machine alone. Ray is imported here, when asked for."""

from __future__ import annotations

import contextlib
import os
import re
import secrets
import shutil
import socket
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from assistant.cluster.crew import Crew
from assistant.cluster.worker import Job
from store.errors import SetupError
from store.held_folder import held, unheld

INSTALL = 'pip install -c constraints.txt -e ".[ray]"'
_ALONE_AT = re.compile(r"local(?::([1-9]\d*))?")
_PREFIX = "casebook-ray-"
_NOT_HERE = (
    "Ray could not be started on this machine. Free some of its memory, or wait until it is less busy."
)
_NOT_THERE = (
    "There is no Ray cluster at {address!r} that takes this machine. Check the address and that it runs "
    "(ray status), and set RAY_AUTH_TOKEN to its token."
)

# Reporting home is off, and what Ray's own processes log stays off the terminal.
_QUIET = {"RAY_USAGE_STATS_ENABLED": "0"}
# Without the second Ray takes an address of this machine that others reach, even when it is told 127.0.0.1;
# without the third its workers wait for whatever else computes here (they are 15 steps nicer).
_ALONE = {"RAY_AUTH_MODE": "token", "RAY_ENABLE_WINDOWS_OR_OSX_CLUSTER": "0", "RAY_worker_niceness": "0"}
_REACHED_S = 10.0
# Ours: of the memory that Ray counts, what models may take; the rest is for pictures.
_FOR_MODELS = 0.8
# Linux takes socket names of up to 107 bytes, and Ray's lie that deep in its folder.
_LONGEST, _BELOW = 107, len("/session_2026-01-01_00-00-00_000000_0000000/sockets/plasma_store")


@dataclass(frozen=True)
class Cluster:
    """A cluster that was joined.

    Attributes:
        ray: the package.
        tell: is given sentences for who waits.
    """

    ray: Any
    tell: Callable[[str], None]

    @contextmanager
    def crew(self, job: Job) -> Iterator[Crew]:
        """Processes for one job: one a GPU if it loads a model and there are any, else one a core."""
        there = self.ray.cluster_resources()
        gpus = int(there.get("GPU", 0)) if job.loads_a_model else 0
        options = {"num_cpus": 1, "num_gpus": 1} if gpus else {"num_cpus": 1}
        most = gpus or max(1, int(there.get("CPU", 1)))
        memory = float("inf") if gpus else _FOR_MODELS * there.get("memory", float("inf"))
        crew = Crew(self.ray, job, most=most, options=options, memory=memory, tell=self.tell)
        try:
            yield crew
        finally:
            crew.close()


def is_alone(address: str) -> bool:
    """Whether it is a cluster of this machine alone, which nobody else reaches."""
    return _ALONE_AT.fullmatch(address) is not None


@contextmanager
def joined(address: str, tell: Callable[[str], None]) -> Iterator[Cluster]:
    """A cluster, left at the end.

    Args:
        address: ``local`` starts one of this machine alone, which only it can reach, with a process for
            each core, and ``local:N`` with N; ``auto`` is the one that this machine belongs to; else
            HOST:PORT of it, or ray://HOST:PORT of another.
        tell: is given sentences for who waits.

    Raises:
        SetupError: Ray is not installed, or there is no such cluster.
    """
    alone = _ALONE_AT.fullmatch(address)
    own = {**_ALONE, "RAY_AUTH_TOKEN": _token()} if alone else {}
    with contextlib.ExitStack() as stack:
        stack.enter_context(_environment({**_QUIET, **own}))
        # Ray writes of its own processes to standard output, which is for results.
        nowhere = stack.enter_context(Path(os.devnull).open("w", encoding="utf-8"))
        stack.enter_context(contextlib.redirect_stdout(nowhere))
        ray = _package()
        if not alone:
            _refuse_nobody(address)
            tell(f"Pictures are sent to the Ray cluster at {address}. Whoever may use it can see them.")
        folder = stack.enter_context(_folder()) if alone else None
        stack.callback(ray.shutdown)
        if alone:
            here = {"include_dashboard": False, "_node_ip_address": "127.0.0.1", "_temp_dir": str(folder)}
            _begin(ray, "local", _NOT_HERE, num_cpus=int(alone[1]) if alone[1] else None, **here)
        else:
            _begin(ray, address, _NOT_THERE.format(address=address))
        yield Cluster(ray, tell)


@cache
def _token() -> str:
    """What Ray's processes show each other. One a process, for Ray reads it once; it is kept nowhere."""
    return secrets.token_hex(32)


def _package() -> Any:
    try:
        import ray
    except ImportError as error:
        raise SetupError(f"Work over a cluster takes Ray, which is not installed: {INSTALL}") from error
    return ray


def _refuse_nobody(address: str) -> None:
    """Refuse at once an address where nobody listens, for which Ray would wait minutes."""
    try:
        parts = urlsplit(address if "://" in address else f"ray://{address}")
        if parts.hostname and parts.port:
            socket.create_connection((parts.hostname, parts.port), timeout=_REACHED_S).close()
    except (OSError, ValueError) as error:
        raise SetupError(_NOT_THERE.format(address=address)) from error


def _begin(ray: Any, address: str, otherwise: str, **how: Any) -> None:
    try:
        ray.init(address, log_to_driver=False, configure_logging=False, **how)
    except (KeyboardInterrupt, SystemExit):
        raise
    except BaseException as error:  # Ray raises what it likes, Exception itself included
        raise SetupError(otherwise) from error


@contextmanager
def _folder() -> Iterator[Path]:
    """A folder for Ray's own files, closed to others and gone at the end or, if killed, at the next start."""
    place = tempfile.gettempdir()
    if len(os.fsencode(place)) + len(f"/{_PREFIX}12345678") + _BELOW > _LONGEST:
        place = "/tmp"  # noqa: S108  its folder has a name of its own and is closed to others
    for left in unheld(Path(place).glob(f"{_PREFIX}*")):
        shutil.rmtree(left, ignore_errors=True)
    with contextlib.ExitStack() as stack:
        made = tempfile.TemporaryDirectory(prefix=_PREFIX, dir=place, ignore_cleanup_errors=True)
        yield stack.enter_context(held(Path(stack.enter_context(made))))


@contextmanager
def _environment(values: Mapping[str, str]) -> Iterator[None]:
    """Variables for this process and those it starts; what was there comes back."""
    before = {name: os.environ.get(name) for name in values}
    os.environ.update(values)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value
