"""Which tests start a process, held against what they do. Loaded by `tests/conftest.py`.

A test that starts one, by itself or through a fixture, is marked ``process``, and `make quick` leaves it
out. A fixture that starts one asks for the fixture `process`, which marks every test that uses it. In the
quick run, which is about speed, a test that starts one and is not marked fails; in the whole run it is as
good as any other.
"""

from __future__ import annotations

import platform
import sys
from collections.abc import Iterator

import pytest

# The events with which Python itself announces a new process. Source: its table of audit events.
_STARTS = frozenset({"subprocess.Popen", "os.fork", "os.forkpty", "os.posix_spawn", "os.system"})
_started: list[str] = []

# Libraries ask for the processor's name, and Python asks a child for it once: that is no test's doing.
platform.processor()


def _notice(event: str, args: tuple[object, ...]) -> None:
    if event in _STARTS:
        _started.append(f"{event}: {args[0] if args else ''}"[:200])


def is_quick(config: pytest.Config) -> bool:
    """Whether this is the run of the tests that start no process."""
    return "not process" in (config.getoption("markexpr") or "")


def pytest_configure(config: pytest.Config) -> None:
    """Listen in the quick run only: under coverage, two threads that begin at once would trip over it."""
    if is_quick(config):
        sys.addaudithook(_notice)


@pytest.fixture(scope="session")
def process() -> None:
    """Marks every test that uses it, also through another fixture, as one that starts a process."""


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark the tests whose fixtures start a process, before any are chosen by their marks."""
    for item in items:
        if "process" in getattr(item, "fixturenames", ()):
            item.add_marker("process")


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtest_protocol() -> Iterator[None]:
    """Begin each test with no process."""
    _started.clear()
    return (yield)


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtest_teardown(item: pytest.Item) -> Iterator[None]:
    """Fail a test of the quick run that started a process and does not say so."""
    yield
    if is_quick(item.config) and _started and item.get_closest_marker("process") is None:
        pytest.fail(
            f"This test starts a process ({_started[0]}): mark it @pytest.mark.process", pytrace=False
        )
