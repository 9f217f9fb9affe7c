"""What every request of a program passes first: from where it comes, its token, its size."""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING

from starlette.datastructures import Headers
from starlette.responses import JSONResponse

from assistant.pages.origin import is_own
from tools.models.hub.addresses import is_this_machine

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

    from assistant.doorway.token import Token

_ELSEWHERE = (
    "Casebook answers programs of this machine only, asked for under 127.0.0.1 or localhost, and no page of "
    "another site."
)
_UNKNOWN = (
    "The token is missing or wrong. Send the one that Casebook showed at its start, as the header "
    "“Authorization: Bearer TOKEN”."
)


class Guard:
    """ASGI middleware: what may not ask is answered with a sentence, and nothing of it is looked at.

    Args:
        app: what answers the others.
        token: what they have to show.
        most_bytes: the longest request.
        open_paths: what may be read without a token: pages that say nothing of anybody.
    """

    def __init__(self, app: ASGIApp, token: Token, most_bytes: int, open_paths: Collection[str] = ()) -> None:
        self._app, self._token, self._most, self._open = app, token, most_bytes, open_paths

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, or say why not."""
        if scope["type"] == "lifespan":
            await self._app(scope, receive, send)
            return
        if scope["type"] != "http":  # there are no websockets here
            await send({"type": "websocket.close", "code": 1008})
            return
        if refusal := self._refusal(scope):
            await refusal(scope, receive, send)
            return
        body = await _whole(receive, self._most)
        if body is None:
            await self._too_large()(scope, receive, send)
        else:
            await self._app(scope, _Again(body, receive), send)

    def _refusal(self, scope: Scope) -> JSONResponse | None:
        headers = Headers(scope=scope)
        host, port = scope.get("server") or ("", 0)
        here = port is None or is_this_machine(host)
        if not (here and is_own(scope)):
            return error_response(403, _ELSEWHERE, "not_here")
        is_open = scope["method"] in ("GET", "HEAD") and scope["path"] in self._open
        if not is_open and not self._token.fits(headers.get("authorization", "")):
            return error_response(401, _UNKNOWN, "wrong_token", {"WWW-Authenticate": "Bearer"})
        length = headers.get("content-length", "0")
        if length.isascii() and length.isdigit() and int(length) > self._most:
            return self._too_large()
        return None

    def _too_large(self) -> JSONResponse:
        most = self._most // 2**20
        said = f"The request is longer than {most} MiB. Send fewer images at a time, or smaller ones."
        return error_response(413, said, "too_large", {"Connection": "close"})


async def _whole(receive: Receive, most: int) -> bytes | None:
    """The body of a request; None where it is longer than `most` bytes."""
    body = bytearray()
    while True:
        message = await receive()
        body += message.get("body", b"")
        if len(body) > most:
            return None
        if not message.get("more_body", False):
            return bytes(body)


class _Again:
    """Gives a body that was received, and then whatever comes after it."""

    def __init__(self, body: bytes, receive: Receive) -> None:
        self._message: Message | None = {"type": "http.request", "body": body, "more_body": False}
        self._receive = receive

    async def __call__(self) -> Message:
        message, self._message = self._message, None
        return message if message is not None else await self._receive()


def error_response(status: int, said: str, code: str, headers: dict[str, str] | None = None) -> JSONResponse:
    """A sentence on why there is no answer, in the form that clients of OpenAI's API show."""
    kind = (
        "server_error" if status >= 500 else "rate_limit_error" if status == 429 else "invalid_request_error"
    )
    body = {"error": {"message": said, "type": kind, "param": None, "code": code}}
    return JSONResponse(body, status_code=status, headers=headers)
