"""A real Chroma server in a process of its own."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import httpx

_UP_S = 240.0
# What the command `chroma` does, without its look at other packages.
_COMMAND = "import sys, chromadb_rust_bindings; chromadb_rust_bindings.cli(['chroma', *sys.argv[1:]])"


class ChromaServer:
    """`chroma run` on a free port; stopped, killed and started again on the same folder and port."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self._port: int = free.getsockname()[1]
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._port}"

    def start(self) -> None:
        told = ["run", "--path", str(self._folder), "--host", "127.0.0.1", "--port", str(self._port)]
        self._process = subprocess.Popen(
            [sys.executable, "-c", _COMMAND, *told],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            env={**os.environ, "ANONYMIZED_TELEMETRY": "False"},
        )
        until = time.monotonic() + _UP_S
        while time.monotonic() < until:
            try:
                if httpx.get(f"{self.url}/api/v2/heartbeat", timeout=5).status_code == httpx.codes.OK:
                    return
            except httpx.HTTPError:
                time.sleep(0.1)
        raise TimeoutError("chroma run did not answer")

    def kill(self) -> None:
        if self._process is not None:
            self._process.send_signal(signal.SIGKILL)
            self._process.wait()
            self._process = None

    def make_database(self, tenant: str, database: str) -> None:
        httpx.post(f"{self.url}/api/v2/tenants", json={"name": tenant}, timeout=30).raise_for_status()
        httpx.post(
            f"{self.url}/api/v2/tenants/{tenant}/databases", json={"name": database}, timeout=30
        ).raise_for_status()

    def collections(self, tenant: str = "default_tenant", database: str = "default_database") -> list[str]:
        path = f"/api/v2/tenants/{tenant}/databases/{database}/collections"
        found = httpx.get(f"{self.url}{path}", timeout=30).json()
        return sorted(one["name"] for one in found)
