"""What every test gets: a Casebook folder of its own, no settings from outside, a PostgreSQL on demand."""

from __future__ import annotations

import gc
import logging
import os
import tempfile
from collections.abc import Generator, Iterator
from itertools import count
from logging.handlers import BufferingHandler
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from tests.servers.postgres_server import PostgresServer

pytest_plugins = ("tests.processes", "tests.once", "tests.order", "tests.reports")

# Objects between two searches for garbage: most of what a test makes goes by itself.
_MADE_BETWEEN_SEARCHES = 20_000
# As many tests run at once as there are cores; threads of one that wait for a core that another has cost
# more than they bring.
os.environ.setdefault("OMP_NUM_THREADS", "1")
# A busy machine is slow, not wrong.
settings.register_profile("casebook", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("casebook")


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> Generator[None, object, object]:
    """Leave what is imported for the tests out of every search for garbage: none of it is ever thrown away.

    A model that leaves memory starts such a search, which would otherwise look through all libraries.
    """
    gc.disable()
    collected = yield
    gc.freeze()
    gc.set_threshold(_MADE_BETWEEN_SEARCHES)
    gc.enable()
    return collected


@pytest.fixture(scope="module", autouse=True)
def what_is_there_already() -> None:
    """Leave out of those searches, too, what earlier modules of tests have brought in and what they keep."""
    gc.collect()
    gc.freeze()


@pytest.fixture(scope="session", autouse=True)
def own_temporary_folder() -> Iterator[None]:
    """Each process of tests has a temporary folder of its own: what another leaves is not its matter.

    It lies beside pytest's folders, which are closed to the user that a database's server runs as.
    """
    with pytest.MonkeyPatch.context() as patch, tempfile.TemporaryDirectory(prefix="casebook-tests-") as name:
        Path(name).chmod(0o711)
        patch.setenv("TMPDIR", name)
        patch.setattr(tempfile, "tempdir", name)
        yield


@pytest.fixture(scope="session")
def homes(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Paths for Casebook folders, one after the other; none of them exists."""
    parent = tmp_path_factory.mktemp("homes")
    return (parent / str(number) for number in count(1))


@pytest.fixture(autouse=True)
def home(homes: Iterator[Path], monkeypatch: pytest.MonkeyPatch) -> Path:
    """A CASEBOOK_HOME that is not there yet; every other CASEBOOK_* variable of the outside is gone.

    Most tests write nothing, so no folder is made for them.
    """
    for name in [name for name in os.environ if name.startswith("CASEBOOK_")]:
        monkeypatch.delenv(name)
    folder = next(homes)
    monkeypatch.setenv("CASEBOOK_HOME", str(folder))
    # It takes seconds a picture, and the package for it need not be there; tests of it switch it on.
    monkeypatch.setenv("CASEBOOK_BURNED_IN", "off")
    monkeypatch.setenv("CASEBOOK_FACES", "off")
    return folder


@pytest.fixture
def logged() -> Iterator[list[logging.LogRecord]]:
    """What is logged during the test, from warnings upwards."""
    handler = BufferingHandler(capacity=10_000)
    logging.getLogger().addHandler(handler)
    yield handler.buffer
    logging.getLogger().removeHandler(handler)


@pytest.fixture(scope="session")
def postgres_server(process: None) -> Iterator[PostgresServer]:
    """A real PostgreSQL for this run."""
    with PostgresServer.running() as server:
        yield server


@pytest.fixture
def postgres_url(postgres_server: PostgresServer) -> str:
    """The URL of an empty database of its own."""
    return postgres_server.new_database()
