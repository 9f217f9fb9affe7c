"""`casebook serve`: a chat model for programs that speak OpenAI's interface."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from assistant.commands import console
from assistant.commands.opening import opened

PORT = 8502


def add_to(commands: Any) -> None:
    """Add the command's arguments."""
    parser = commands.add_parser(
        "serve",
        help="answer chat programs over OpenAI's interface",
        description="Serves /v1/chat/completions, /v1/responses and /v1/models on 127.0.0.1 to programs of "
        "this machine that know the token; /docs says what may be asked.",
    )
    parser.add_argument("--port", type=int, default=PORT, help=f"port; {PORT} by default")
    parser.add_argument(
        "--token-file", metavar="FILE", type=Path, help="holds the token; by default one is made and shown"
    )
    parser.set_defaults(run=run)


def run(given: argparse.Namespace) -> int:
    """Serve until it is stopped.

    Raises:
        CaseError: the port cannot be used.
        SetupError: the token or a setting is not acceptable.
    """
    from assistant.doorway.listening import bound, serve
    from assistant.doorway.token import token_of

    with opened() as assistant:
        from assistant.openai_server.app import build_app

        token = token_of(assistant.services.settings.serve_token, given.token_file)

        def ready(address: str) -> None:
            console.note(f"Casebook answers programs on {address}/v1. Stop it with Ctrl-C.")
            if token.is_new:
                console.note(f"Token, shown only now: {token.text}")

        serve(build_app(assistant, token), bound(given.port), ready)
    return console.DONE
