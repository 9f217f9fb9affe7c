"""Where the page may be served: without a class code, only at addresses of this machine itself."""

from __future__ import annotations

from typing import TYPE_CHECKING

from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Receive, Scope, Send
from starlette.websockets import WebSocketClose

from tools.language.sayings import say
from tools.models.hub.addresses import is_this_machine

if TYPE_CHECKING:
    from store.class_code import ClassCode

_UNIX = "unix://"


def refusal(address: str | None, code: ClassCode) -> str:
    """Why the page is not served at an address; "" if it may be.

    Args:
        address: that the server listens at; None or "" means all that the machine has.
        code: the class code, which others have to give.
    """
    if code.is_set:
        return ""
    if address and (address.startswith(_UNIX) or is_this_machine(address)):
        return ""
    return say("page.not_served", address=address or say("page.every_address"))


class OnlyHere:
    """ASGI middleware: what reaches the server at another address is refused, whatever started the server.

    Args:
        app: what answers the other requests.
        code: the class code; where it is set, other addresses are served too.
    """

    def __init__(self, app: ASGIApp, code: ClassCode) -> None:
        self._app, self._code = app, code

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, or say why not."""
        host, port = scope.get("server") or ("", 0)
        # A Unix socket has a path and no port. Source: ASGI, HTTP connection scope.
        why = refusal(host, self._code) if scope["type"] in ("http", "websocket") and port is not None else ""
        if not why:
            await self._app(scope, receive, send)
        elif scope["type"] == "http":
            await PlainTextResponse(why, status_code=403)(scope, receive, send)
        else:
            await WebSocketClose(reason="not served here")(scope, receive, send)
