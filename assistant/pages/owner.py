"""Whose chats a browser sees: an unguessable token in a cookie that scripts cannot read.

The cookie is set by the server with the page itself; the owner of chats is the SHA-256 of the token,
so the database does not hold what would open a browser's chats.
"""

from __future__ import annotations

import hashlib
import secrets

import streamlit as st
from starlette.datastructures import MutableHeaders
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
        if scope["type"] != "http" or not _wants_page(scope):
            await self._app(scope, receive, send)
            return
        token = _token(scope) or secrets.token_urlsafe(_TOKEN_BYTES)
        cookie = f"{COOKIE}={token}; Path=/; Max-Age={_MAX_AGE_S}; HttpOnly; SameSite=Strict"
        if scope.get("scheme") == "https":
            cookie += "; Secure"

        async def send_with_cookie(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message).append("set-cookie", cookie)
            await send(message)

        await self._app(scope, receive, send_with_cookie)


def owner() -> tuple[str, bool]:
    """The owner of this browser's chats, and whether the browser will still be known after a reload.

    A browser that refuses cookies gets an owner that ends with the browser tab.
    """
    token = st.context.cookies.get(COOKIE, "")
    kept = _acceptable(token)
    if not kept:
        token = st.session_state.setdefault("owner_token", secrets.token_urlsafe(_TOKEN_BYTES))
    return hashlib.sha256(token.encode()).hexdigest(), kept


def _wants_page(scope: Scope) -> bool:
    headers = dict(scope["headers"])
    return scope["method"] == "GET" and b"text/html" in headers.get(b"accept", b"")


def _token(scope: Scope) -> str | None:
    """Ours among the cookies of this host, whatever names other programs gave to theirs."""
    raw = b"; ".join(value for name, value in scope["headers"] if name == b"cookie").decode("latin-1")
    token = cookie_parser(raw).get(COOKIE, "")
    return token if _acceptable(token) else None


def _acceptable(token: str) -> bool:
    return _SHORTEST <= len(token) <= 100 and all(c.isalnum() or c in "-_" for c in token) and token.isascii()
