"""How the server is reached: through standard input and output, or over HTTP on this machine."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from assistant.doorway.guard import Guard
from assistant.mcp_server.arguments import MOST_INLINE

if TYPE_CHECKING:
    from mcp.server import Server
    from starlette.types import ASGIApp

    from assistant.doorway.token import Token

PATH = "/mcp"
# Base64 takes four bytes for three; the rest of a request is short.
_MOST_BYTES = MOST_INLINE * 4 // 3 + 2**20


async def over_stdio(server: Server[Any]) -> None:
    """Serve whoever started this process, until it closes standard input."""
    from mcp.server.stdio import stdio_server

    async with stdio_server() as (read, write):
        await server.run(read, write, server.create_initialization_options())


def over_http(server: Server[Any], token: Token) -> ASGIApp:
    """An app that serves the programs of this machine that know the token."""
    app = server.streamable_http_app(streamable_http_path=PATH, max_request_body_size=_MOST_BYTES)
    return Guard(app, token, _MOST_BYTES)
