"""`casebook chat`: start the page on this computer."""

from __future__ import annotations

import argparse
import os
import socket
import sys
from typing import Any, NoReturn

from assistant.commands import console
from store.errors import CaseError, SetupError

ADDRESS = "127.0.0.1"
PORT = 8501
# Ours: how much more than is read a browser may send, so that the page can say that it is too much.
_UPLOAD_ROOM = 4


def add_to(commands: Any) -> None:
    """Add the command's arguments."""
    parser = commands.add_parser("chat", help="open the chat page in the browser")
    parser.add_argument("--port", type=int, default=PORT, help=f"port on {ADDRESS}; {PORT} by default")
    parser.set_defaults(run=run)


def run(given: argparse.Namespace) -> NoReturn:
    """Become the page's server.

    Raises:
        CaseError: the port cannot be used.
        SetupError: a setting is not acceptable, or the page is not installed.
    """
    from assistant.settings import load_settings

    settings = load_settings()
    _check(given.port)
    console.note(f"Casebook opens on http://{ADDRESS}:{given.port}. Stop it with Ctrl-C.")
    options = {
        "server.address": ADDRESS,
        "server.port": given.port,
        "server.maxUploadSize": _UPLOAD_ROOM * settings.max_file_mb,
        "server.showEmailPrompt": "false",
        "server.enableAgentApi": "false",
        "browser.gatherUsageStats": "false",
    }
    words = [f"--{name}={value}" for name, value in options.items()]
    command = [sys.executable, "-m", "streamlit", "run", _page(), *words]
    os.execv(sys.executable, command)  # noqa: S606 - the server takes this process's place and signals


def _page() -> str:
    from importlib.util import find_spec

    spec = find_spec("streamlit_app")
    if spec is None or spec.origin is None:
        raise SetupError(
            "The page streamlit_app.py is not installed. Install Casebook again: pip install -e ."
        )
    return spec.origin


def _check(port: int) -> None:
    """Raise unless the port is free."""
    if not 1 <= port <= 65535:
        raise CaseError(f"{port} is not a port. Choose one from 1024 to 65535: casebook chat --port 8502")
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((ADDRESS, port))
        except OSError as error:
            raise CaseError(
                f"Port {port} is taken or not allowed; perhaps Casebook is open already on "
                f"http://{ADDRESS}:{port}. Choose another: casebook chat --port {min(port + 1, 65535)}"
            ) from error
