"""Who may talk to the page's server: the page that it served itself, opened under a name of this machine.

Where a class code is set, the name may be any: under another name a browser shows no cookie of ours, and
gets no further than the form that asks for the code.
"""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from starlette.datastructures import Headers
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Receive, Scope, Send
from starlette.websockets import WebSocketClose

from tools.language.sayings import say
from tools.models.hub.addresses import is_this_machine

if TYPE_CHECKING:
    from store.class_code import ClassCode

_AGENT = "/_stcore/agent"
# What browsers say of a request that another page makes, of another port included.
# Source: Fetch Metadata Request Headers.
_OTHERS = ("cross-site", "same-site")


class OwnPageOnly:
    """ASGI middleware: a page of another site, port or name is refused before Streamlit sees its request.

    Streamlit itself takes pages of every port of this machine for its own, and asks an address outside for
    the machine's public one to compare others with. Its interface for programs stays closed.

    Args:
        app: what answers the other requests.
        code: the class code.
    """

    def __init__(self, app: ASGIApp, code: ClassCode) -> None:
        self._app, self._code = app, code

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, or refuse it."""
        if scope["type"] not in ("http", "websocket") or is_own(scope, any_name=self._code.is_set):
            await self._app(scope, receive, send)
        elif scope["type"] == "http":
            await PlainTextResponse(say("page.not_own"), status_code=403)(scope, receive, send)
        else:
            await WebSocketClose(reason="another page")(scope, receive, send)


def is_own(scope: Scope, *, any_name: bool = False) -> bool:
    """Whether a request is of no page or of the server's own, under a name of this machine.

    Args:
        scope: the request.
        any_name: whether the name may be another.
    """
    headers = Headers(scope=scope)
    host, origin = headers.get("host", ""), headers.get("origin")
    if scope["path"].startswith(_AGENT) or not (any_name or _is_name_of_here(host, scope)):
        return False
    if origin is not None:
        return urlsplit(origin).netloc == host
    # A link from elsewhere opens the page; all else that another page asks for, it wants to see or do.
    return headers.get("sec-fetch-site") not in _OTHERS or headers.get("sec-fetch-mode") == "navigate"


def _is_name_of_here(host: str, scope: Scope) -> bool:
    """Whether the page was asked for under a name of this machine; no other site has such a name.

    What comes through a Unix socket has been looked at by the program that sends it.
    """
    _, port = scope.get("server") or ("", 0)
    return port is None or is_this_machine(urlsplit(f"//{host}").hostname or "")
