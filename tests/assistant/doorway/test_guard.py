"""Who gets through to the app, and how much."""

from __future__ import annotations

import anyio
import httpx
import pytest
from starlette.types import Receive, Scope, Send

from assistant.doorway.guard import Guard
from assistant.doorway.token import Token

TOKEN = Token("a-token-of-this-test", is_new=False)
SHOWN = {"authorization": f"Bearer {TOKEN.text}"}
MOST = 2**20


async def echo(scope: Scope, receive: Receive, send: Send) -> None:
    """Answers with the body that it was given."""
    message = await receive()
    assert not message["more_body"]
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await send({"type": "http.response.body", "body": message["body"]})


def told(
    body: bytes | None = b"", *, host: str = "127.0.0.1", client_at: str = "127.0.0.1", **headers: str
) -> httpx.Response:
    """The answer to a request; None for a body that comes in pieces and never says how long it is."""

    async def pieces() -> object:
        for _ in range(5):
            yield b"x" * (MOST // 4)

    async def asked() -> httpx.Response:
        transport = httpx.ASGITransport(Guard(echo, TOKEN, MOST, ("/open",)))
        async with httpx.AsyncClient(transport=transport, base_url=f"http://{client_at}:8502") as http:
            content = pieces() if body is None else body
            return await http.post("/closed", content=content, headers={"host": host, **headers})  # type: ignore[arg-type]

    return anyio.run(asked)


def test_whoever_shows_the_token_gets_through_with_the_whole_body() -> None:
    assert told(b"hello", **SHOWN).content == b"hello"


@pytest.mark.parametrize(
    ("host", "headers", "status"),
    [
        ("127.0.0.1", {}, 401),
        ("127.0.0.1", {"authorization": "Bearer other"}, 401),
        ("127.0.0.1", {"authorization": TOKEN.text}, 401),
        ("rebound.example", SHOWN, 403),
        ("127.0.0.1", SHOWN | {"origin": "http://127.0.0.1:8501"}, 403),
        ("127.0.0.1", SHOWN | {"origin": "null"}, 403),
        ("127.0.0.1", SHOWN | {"sec-fetch-site": "cross-site"}, 403),
        ("127.0.0.1:8502", SHOWN | {"origin": "http://127.0.0.1:8502"}, 200),
        ("localhost:8502", SHOWN, 200),
    ],
)  # fmt: skip
def test_a_page_of_another_site_or_name_and_a_wrong_token_are_refused(
    host: str, headers: dict[str, str], status: int
) -> None:
    assert told(host=host, **headers).status_code == status


def test_what_reaches_the_server_at_another_address_is_refused() -> None:
    assert told(client_at="192.0.2.1", **SHOWN).status_code == 403


def test_a_page_that_is_open_is_open_to_be_read_only() -> None:
    async def asked(method: str) -> int:
        transport = httpx.ASGITransport(Guard(echo, TOKEN, MOST, ("/open",)))
        async with httpx.AsyncClient(transport=transport, base_url="http://localhost:8502") as http:
            return (await http.request(method, "/open")).status_code

    assert anyio.run(asked, "GET") == 200
    assert anyio.run(asked, "POST") == 401


@pytest.mark.parametrize("body", [b"x" * (MOST + 1), None])
def test_a_request_that_is_too_long_is_refused_with_its_limit_however_it_comes(body: bytes | None) -> None:
    answer = told(body, **SHOWN)
    assert answer.status_code == 413 and "longer than 1 MiB" in answer.json()["error"]["message"]


def test_a_websocket_is_closed() -> None:
    sent: list[dict[str, object]] = []

    async def send(message: dict[str, object]) -> None:
        sent.append(message)

    anyio.run(Guard(echo, TOKEN, MOST), {"type": "websocket"}, None, send)
    assert sent == [{"type": "websocket.close", "code": 1008}]
