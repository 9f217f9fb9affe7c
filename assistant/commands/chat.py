"""`casebook chat`: start the page, on this computer or for a class."""

from __future__ import annotations

import argparse
import errno
import os
import socket
import sys
from pathlib import Path
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
    parser.add_argument(
        "--address", default=ADDRESS, help=f"where it listens; {ADDRESS} by default; others need a class code"
    )
    parser.add_argument("--port", type=int, default=PORT, help=f"port there; {PORT} by default")
    parser.set_defaults(run=run)


def run(given: argparse.Namespace) -> NoReturn:
    """Become the page's server.

    Raises:
        CaseError: the address or port cannot be used.
        SetupError: a setting is not acceptable, the address needs a class code, or the page is not installed.
    """
    from assistant.settings import load_settings

    settings = load_settings()
    elsewhere = _opens_elsewhere(given.address, settings.home)
    _check(given.address, given.port)
    console.note(f"Casebook opens on {_url(given.address, given.port)}. Stop it with Ctrl-C.")
    if elsewhere:
        console.note(
            "Questions, pictures and the class code go there as they are, for others to read on the way, "
            "unless something that speaks HTTPS stands before it. See “For a class” in README.md."
        )
    options = {
        "server.address": given.address,
        # Without a name to show, Streamlit asks a server elsewhere for this machine's address.
        "browser.serverAddress": socket.gethostname() if elsewhere else given.address,
        "server.port": given.port,
        "server.maxUploadSize": _UPLOAD_ROOM * settings.max_file_mb,
        "server.showEmailPrompt": "false",
        "server.enableAgentApi": "false",
        "browser.gatherUsageStats": "false",
        # After every drawing, Streamlit would look through all that Python holds for what nobody needs.
        "runner.postScriptGC": "false",
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


def _opens_elsewhere(address: str, home: Path) -> bool:
    """Whether the page is for others too.

    Raises:
        SetupError: it is, and there is no class code.
    """
    from store.class_code import ClassCode
    from tools.models.hub.addresses import is_this_machine

    if is_this_machine(address):
        return False
    if not ClassCode(home).is_set:
        raise SetupError(
            f"Everyone who reaches {address} could use Casebook there. Set a code that they have to give "
            f"first: casebook class-code. Without one it is served on {ADDRESS} alone: casebook chat"
        )
    return True


def _check(address: str, port: int) -> None:
    """Raise unless the port is free there."""
    if not 1 <= port <= 65535:
        raise CaseError(f"{port} is not a port. Choose one from 1024 to 65535: casebook chat --port 8502")
    try:
        family, *_, place = socket.getaddrinfo(address, port, type=socket.SOCK_STREAM)[0]
    except (OSError, UnicodeError) as error:
        raise CaseError(f"{address!r} is no address of this machine. By default it is {ADDRESS}.") from error
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(place)
        except OSError as error:
            if error.errno == errno.EADDRNOTAVAIL:
                raise CaseError(f"{address!r} is no address of this machine.") from error
            raise CaseError(
                f"Port {port} is taken or not allowed; perhaps Casebook is open already on "
                f"{_url(address, port)}. Choose another: casebook chat --port {min(port + 1, 65535)}"
            ) from error


def _url(address: str, port: int) -> str:
    return f"http://[{address}]:{port}" if ":" in address else f"http://{address}:{port}"
