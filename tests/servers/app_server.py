"""An app of this machine's own, served on a free port of 127.0.0.1 from a thread of the test."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

import uvicorn
from starlette.types import ASGIApp

from assistant.doorway.listening import ADDRESS, bound


@contextmanager
def serving(app: ASGIApp) -> Iterator[str]:
    """The address of the server, which ends with the block."""
    listening = bound(0)
    server = uvicorn.Server(uvicorn.Config(app, log_config=None, ws="none", timeout_graceful_shutdown=1))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]}, daemon=True)
    thread.start()
    while not server.started:
        assert thread.is_alive()
        time.sleep(0.01)
    try:
        yield f"http://{ADDRESS}:{listening.getsockname()[1]}"
    finally:
        server.should_exit = True
        thread.join(30)
