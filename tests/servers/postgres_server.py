"""A temporary PostgreSQL cluster on a loopback port, run as `postgres` when the tests run as root.

It lies in a folder of its own: pytest closes its temporary folders to every other user.
"""

from __future__ import annotations

import itertools
import os
import pwd
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Self

import psutil
import pytest


class PostgresServer:
    """One cluster; `start` before use, `stop` at the end."""

    def __init__(self) -> None:
        self._folder = Path(tempfile.mkdtemp(prefix="casebook-postgres-"))
        self._data = self._folder / "data"
        self._told = self._data / "postmaster.pid"
        self._port = _free_port()
        self._numbers = itertools.count(1)

    @staticmethod
    def programs() -> Path | None:
        """The folder with initdb and pg_ctl, or None."""
        found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda p: int(p.parts[-3]))
        if found:
            return found[-1].parent
        on_path = shutil.which("initdb")
        return Path(on_path).resolve().parent if on_path else None

    @classmethod
    @contextmanager
    def running(cls) -> Iterator[Self]:
        """One that runs, or a skip that names the package."""
        if cls.programs() is None:
            pytest.skip("PostgreSQL is not installed here; the Debian package is called postgresql")
        server = cls()
        server.start()
        yield server
        server.stop()

    def start(self) -> None:
        """Make the cluster and wait until it answers."""
        if os.geteuid() == 0:
            shutil.chown(self._folder, "postgres")  # initdb refuses to run as root
        self._run(
            "initdb", "-D", str(self._data), "-U", "casebook", "--auth=trust", "-E", "UTF8", "--no-sync"
        )
        self.start_again()

    def start_again(self) -> None:
        """Start the server on the cluster that there is, and wait until it answers."""
        options = f"-c listen_addresses=127.0.0.1 -p {self._port} -c unix_socket_directories='' -c fsync=off"
        self._run(
            "pg_ctl", "-D", str(self._data), "-w", "-l", str(self._folder / "log"), "-o", options, "start"
        )

    def kill(self) -> None:
        """Kill the server with all its processes, as a machine does that runs out of memory."""
        server = psutil.Process(int(self._told.read_text().split()[0]))
        every = [server, *server.children(recursive=True)]
        for one in every:
            with suppress(psutil.NoSuchProcess):
                one.kill()
        psutil.wait_procs(every, timeout=30)
        self._told.unlink()

    def stop(self) -> None:
        """Stop the server at once, if it runs, and remove its folder."""
        if self._told.exists():
            self._run("pg_ctl", "-D", str(self._data), "-m", "immediate", "stop")
        shutil.rmtree(self._folder)

    def new_database(self) -> str:
        """Make an empty database and return its URL."""
        import psycopg

        name = f"casebook_{next(self._numbers)}"
        address = f"host=127.0.0.1 port={self._port} user=casebook dbname=postgres"
        with psycopg.connect(address, autocommit=True) as db:
            db.execute(f"CREATE DATABASE {name}".encode())
        return f"postgresql://casebook@127.0.0.1:{self._port}/{name}"

    def _run(self, program: str, *arguments: str) -> None:
        folder = self.programs()
        assert folder is not None
        command: Sequence[str] = [str(folder / program), *arguments]
        user = pwd.getpwnam("postgres").pw_uid if os.geteuid() == 0 else None
        done = subprocess.run(
            command,
            check=False,
            user=user,
            cwd=self._folder,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            timeout=60,
        )
        assert done.returncode == 0, done.stderr.decode()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
