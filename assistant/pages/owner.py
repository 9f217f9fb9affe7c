"""Whose chats a browser sees: an unguessable token in a cookie that scripts cannot read.

The cookie is set by the server with the page itself; the owner of chats is the SHA-256 of the token,
so the database does not hold what would open a browser's chats.

A browser's token is never replaced by another. The cookie is Lax, so it comes with every page that is opened
in a tab of its own, also by a link from elsewhere; only where it would have come is a new one made. It does
not come with what another site's page asks for, and opening a page changes nothing that is kept.
"""

from __future__ import annotations

import hashlib
import secrets

import streamlit as st
from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import cookie_parser
from starlette.types import ASGIApp, Message, Receive, Scope, Send

COOKIE = "casebook_owner"
# Browsers keep a cookie for at most 400 days. Source: RFC 6265bis, section 5.5.
_MAX_AGE_S = 400 * 24 * 3600
_TOKEN_BYTES = 32
_SHORTEST = 40


class OwnerCookie:
    """ASGI middleware: every page that is opened carries the owner cookie, new or renewed.

    Args:
        app: what answers the request.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on; add ``Set-Cookie`` to the answer if it is a page."""
        headers = Headers(scope=scope) if scope["type"] == "http" and scope["method"] == "GET" else Headers()
        token = token_of(headers) or (secrets.token_urlsafe(_TOKEN_BYTES) if _own_tab(headers) else "")
        if not (token and _wants_page(headers)):
            await self._app(scope, receive, send)
            return
        own = cookie(COOKIE, token, scope)

        async def send_with_cookie(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message).append("set-cookie", own)
            await send(message)

        await self._app(scope, receive, send_with_cookie)


def cookie(name: str, value: str, scope: Scope) -> str:
    """``Set-Cookie`` for a cookie that scripts cannot read and that lasts as long as browsers allow."""
    secure = "; Secure" if scope.get("scheme") == "https" else ""
    return f"{name}={value}; Path=/; Max-Age={_MAX_AGE_S}; HttpOnly; SameSite=Lax{secure}"


def read_cookie(headers: Headers, name: str) -> str:
    """Ours among the cookies of this host, whatever names other programs gave to theirs; "" if not there."""
    return cookie_parser("; ".join(headers.getlist("cookie"))).get(name, "")


def token_of(headers: Headers) -> str | None:
    """The token that a browser shows; None if it shows none that we made."""
    token = read_cookie(headers, COOKIE)
    return token if _acceptable(token) else None


def name_of(headers: Headers) -> str | None:
    """The name of the browser that shows its cookie; None if it shows none that we made."""
    token = token_of(headers)
    return None if token is None else _name(token)


def owner() -> tuple[str, bool]:
    """This browser's name, the owner of the chats it begins with, and whether it is known after a reload.

    A browser that refuses cookies gets a name that ends with the browser tab.
    """
    token = st.context.cookies.get(COOKIE, "")
    kept = _acceptable(token)
    if not kept:
        token = st.session_state.setdefault("owner_token", secrets.token_urlsafe(_TOKEN_BYTES))
    return _name(token), kept


def _name(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def _wants_page(headers: Headers) -> bool:
    return "text/html" in headers.get("accept", "")


def _own_tab(headers: Headers) -> bool:
    """Whether the page is opened in a tab and not in a frame, where browsers hold the cookie back.

    Browsers do not say so over plain HTTP to another machine. Source: Fetch Metadata Request Headers.
    """
    return headers.get("sec-fetch-dest", "document") == "document"


def _acceptable(token: str) -> bool:
    return _SHORTEST <= len(token) <= 100 and all(c.isalnum() or c in "-_" for c in token) and token.isascii()
