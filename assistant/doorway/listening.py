"""Serve an app to the programs of this machine until it is stopped."""

from __future__ import annotations

import socket
from collections.abc import Callable
from typing import TYPE_CHECKING

from assistant.arenas import share_memory
from store.errors import CaseError

if TYPE_CHECKING:
    from starlette.types import ASGIApp

ADDRESS = "127.0.0.1"
# Ours: a turn that is being stopped ends within a token or a step.
_LAST_S = 10


def bound(port: int) -> socket.socket:
    """A socket that listens for this machine alone.

    Args:
        port: from 1 to 65535; 0 takes one that is free.

    Raises:
        CaseError: the port cannot be used.
    """
    if not 0 <= port <= 65535:
        raise CaseError(f"{port} is not a port. Choose one from 1024 to 65535, or 0 for one that is free.")
    listening = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind((ADDRESS, port))
    except OSError as error:
        listening.close()
        raise CaseError(f"Port {port} is taken or not allowed. Choose another: --port {port + 1}") from error
    return listening


def serve(app: ASGIApp, listening: socket.socket, ready: Callable[[str], None]) -> None:
    """Answer until the process is stopped.

    Args:
        app: what answers.
        listening: a socket of `bound`.
        ready: called with the server's address before it answers.
    """
    import uvicorn

    share_memory()
    ready(f"http://{ADDRESS}:{listening.getsockname()[1]}")
    # No log: it would name what is asked for.
    config = uvicorn.Config(
        app,
        log_config=None,
        access_log=False,
        server_header=False,
        ws="none",
        timeout_graceful_shutdown=_LAST_S,
    )
    uvicorn.Server(config).run(sockets=[listening])
