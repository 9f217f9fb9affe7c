"""``python -m llama_cpp.server``, the OpenAI-style server of llama-cpp-python, as a process of its own."""

from __future__ import annotations

import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

from tests.child import environment


class LlamaServer:
    """A server of one GGUF file on the loopback.

    Args:
        path: the file.
        context: tokens.
    """

    def __init__(self, path: Path, *, context: int = 8192) -> None:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]
        self.url = f"http://127.0.0.1:{port}/v1"
        words = ["--model", str(path), "--port", str(port), "--n_ctx", str(context)]
        words += ["--n_threads", "1", "--n_threads_batch", "1", "--verbose", "false"]
        self._process = subprocess.Popen(
            [sys.executable, "-m", "llama_cpp.server", *words],
            env=environment(),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        until = time.monotonic() + 60
        while not self._answers():
            assert self._process.poll() is None, "llama_cpp.server ended by itself"
            assert time.monotonic() < until, "llama_cpp.server did not answer within 60 s"
            time.sleep(0.1)

    def close(self) -> None:
        """End the process."""
        self._process.kill()
        self._process.wait(10)

    def _answers(self) -> bool:
        try:
            with urllib.request.urlopen(f"{self.url}/models", timeout=1) as answer:
                return bool(answer.status == 200)
        except (urllib.error.URLError, OSError):
            return False
