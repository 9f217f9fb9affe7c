"""`casebook mcp`: the tools for the agents of others, over the Model Context Protocol."""

from __future__ import annotations

import argparse
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from assistant.commands import console
from assistant.commands.opening import opened
from store.errors import SetupError

PORT = 8503
_INSTALL = 'pip install -c constraints.txt -e ".[mcp]"'


def add_to(commands: Any) -> None:
    """Add the command's arguments."""
    parser = commands.add_parser(
        "mcp",
        help="serve the tools to an agent over the Model Context Protocol",
        description="Serves the tools through standard input and output, or over HTTP to programs of this "
        "machine that know the token.",
    )
    parser.add_argument(
        "--root",
        metavar="FOLDER",
        action="append",
        default=[],
        help="folder below which images may be named by path; may be given again; none by default",
    )
    parser.add_argument("--http", action="store_true", help="serve over HTTP on 127.0.0.1")
    parser.add_argument("--port", type=int, default=PORT, help=f"port with --http; {PORT} by default")
    parser.add_argument(
        "--token-file", metavar="FILE", type=Path, help="holds the token; by default one is made and shown"
    )
    parser.set_defaults(run=run)


def run(given: argparse.Namespace) -> int:
    """Serve until whoever started it is done.

    Raises:
        CaseError: the port cannot be used.
        SetupError: a folder is not there, the token is not acceptable, or a package is missing.
    """
    if find_spec("mcp") is None:
        raise SetupError(f"The package mcp is not installed. Install it: {_INSTALL}")
    with opened() as assistant:
        from assistant.mcp_server.roots import roots_of
        from assistant.mcp_server.server import build_server

        server = build_server(assistant, roots_of(given.root, assistant.services.settings.home))
        if given.http:
            _over_http(server, given, assistant.services.settings.serve_token)
        else:
            import anyio

            from assistant.mcp_server.transports import over_stdio

            anyio.run(over_stdio, server)
    return console.DONE


def _over_http(server: Any, given: argparse.Namespace, set_token: str | None) -> None:
    from assistant.doorway.listening import bound, serve
    from assistant.doorway.token import token_of
    from assistant.mcp_server.transports import PATH, over_http

    token = token_of(set_token, given.token_file)

    def ready(address: str) -> None:
        console.note(f"Casebook serves its tools on {address}{PATH}. Stop it with Ctrl-C.")
        if token.is_new:
            console.note(f"Token, shown only now: {token.text}")

    serve(over_http(server, token), bound(given.port), ready)
