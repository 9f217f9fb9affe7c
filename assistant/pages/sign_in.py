"""The door of the page where a class code is set: without it a browser gets a form and nothing else.

It stands before Streamlit: no page, websocket, upload or picture passes it. A browser that gave the code
shows an admission from then on, a cookie that is worth nothing with another browser's token or once the code
was changed.
"""

from __future__ import annotations

import html
import math
from ipaddress import ip_address, ip_network
from pathlib import Path
from string import Template
from typing import TYPE_CHECKING
from urllib.parse import parse_qs

from anyio import CapacityLimiter
from anyio.to_thread import run_sync
from starlette.datastructures import Headers
from starlette.requests import Request
from starlette.responses import HTMLResponse, PlainTextResponse, RedirectResponse, Response
from starlette.websockets import WebSocketClose

from assistant.pages.owner import cookie, read_cookie, token_of
from assistant.pages.tries import Tries
from store.errors import SetupError
from tools.language.paths import without_places
from tools.language.sayings import FIRST, languages, say

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Receive, Scope, Send

    from store.class_code import ClassCode

ADMISSION = "casebook_class"
_HEALTH = "/_stcore/health"
# Ours: a class behind one address may mistype now and then; a guesser gets 28,800 tries a day in all.
_EACH, _TOGETHER, _WITHIN_S = 20, 100, 300.0
# Ours: a code of the longest kind, every character as %XX of four bytes.
_LONGEST_FORM = 4096
# IPv6 gives every household a network of this size. Source: RFC 6177.
_NETWORK = 64

_PAGE = Path(__file__).with_suffix(".html")


class SignIn:
    """ASGI middleware: where a class code is set, only browsers that gave it get through.

    Stands inside `OwnerCookie`, which gives browsers their token.

    Args:
        app: what answers those.
        code: the class code of the Casebook folder.
    """

    def __init__(self, app: ASGIApp, code: ClassCode) -> None:
        self._app, self._code = app, code
        self._tries = Tries(_EACH, _TOGETHER, _WITHIN_S)
        self._one_at_a_time = CapacityLimiter(1)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, or answer it with the form."""
        if scope["type"] not in ("http", "websocket") or scope["path"] == _HEALTH or self._admits(scope):
            await self._app(scope, receive, send)
        elif scope["type"] == "http":
            await (await self._answer(Request(scope, receive)))(scope, receive, send)
        else:
            await WebSocketClose(reason="signed out")(scope, receive, send)

    def _admits(self, scope: Scope) -> bool:
        if not self._code.is_set:
            return True
        headers = Headers(scope=scope)
        token, shown = token_of(headers), read_cookie(headers, ADMISSION)
        try:
            return token is not None and self._code.admits(token, shown)
        except SetupError:
            return False

    async def _answer(self, request: Request) -> Response:
        language = _language(request.headers)
        if request.method == "POST":
            return await self._try(request, language)
        if "text/html" in request.headers.get("accept", ""):
            return _form(language)
        return PlainTextResponse(say("sign_in.first", language), status_code=403)

    async def _try(self, request: Request, language: str) -> Response:
        token, who = token_of(request.headers), _network(request)
        if token is None:
            return _form(language, say("sign_in.no_cookies", language))
        typed = await _typed(request)
        if wait_s := self._tries.take(who):
            minutes = math.ceil(wait_s / 60)
            return _form(language, say("sign_in.too_often", language, minutes=minutes), status=429)
        try:
            fits = await run_sync(self._code.fits, typed, limiter=self._one_at_a_time)
            admission = self._code.admission(token)
        except SetupError as error:
            return _form(language, without_places(str(error)))
        if not fits:
            return _form(language, say("sign_in.wrong", language))
        self._tries.give_back(who)
        query = f"?{request.url.query}" if request.url.query else ""
        answer = RedirectResponse(f"/{query}", status_code=303)
        answer.headers.append("set-cookie", cookie(ADMISSION, admission, request.scope))
        return answer


def _form(language: str, alert: str = "", status: int = 403) -> HTMLResponse:
    told = f'<p role="alert">{html.escape(alert)}</p>' if alert else ""
    words = {name: say(f"sign_in.{name}", language) for name in ("lede", "label", "enter", "kept")}
    filled = {name: html.escape(text) for name, text in words.items()}
    page = Template(_PAGE.read_text(encoding="utf-8")).substitute(filled, language=language, alert=told)
    return HTMLResponse(page, status_code=status, headers={"cache-control": "no-store"})


async def _typed(request: Request) -> str:
    """The code in a form that was sent; "" if the form is none of ours."""
    body = b""
    async for part in request.stream():
        body += part
        if len(body) > _LONGEST_FORM:
            return ""
    try:
        return parse_qs(body.decode("ascii")).get("code", [""])[0]
    except ValueError:
        return ""


def _network(request: Request) -> str:
    """Who tries: an IPv4 address, or the network of an IPv6 address."""
    host = request.client.host if request.client else ""
    try:
        address = ip_address(host.partition("%")[0])
    except ValueError:
        return host
    return host if address.version == 4 else str(ip_network((address, _NETWORK), strict=False))


def _language(headers: Headers) -> str:
    """The language that the browser asks for first, if there are sayings in it."""
    wished = headers.get("accept-language", "")[:2].lower()
    return wished if wished in languages() else FIRST
