"""The official client over standard input and output, and over HTTP with a token."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import anyio
import httpx
import httpx2
import pytest
from mcp import Client, StdioServerParameters
from mcp.client.streamable_http import streamable_http_client

from assistant import Assistant
from assistant.doorway.token import Token
from assistant.mcp_server.catalogue import TOOLS
from assistant.mcp_server.roots import roots_of
from assistant.mcp_server.server import build_server
from assistant.mcp_server.transports import PATH, over_http
from assistant.settings import load_settings
from tests.assistant.mcp_server.calling import every_tool, put
from tests.child import environment
from tests.servers.app_server import serving

pytestmark = pytest.mark.process  # each takes files in, which a process of its own reads

TOKEN = Token("a-token-of-this-test", is_new=False)


def test_every_tool_is_listed_and_called_over_standard_input_and_output(tmp_path: Path, home: Path) -> None:
    path = put(tmp_path / "pictures")
    words = ["-m", "assistant", "mcp", "--root", str(path.parent)]

    async def talk() -> None:
        async with Client(
            StdioServerParameters(command=sys.executable, args=words, env=environment())
        ) as client:
            assert [tool.name for tool in (await client.list_tools()).tools] == list(TOOLS)
            results = await every_tool(client, path.name)
            assert [name for name, result in results.items() if result.is_error] == ["read"]

    anyio.run(talk)
    assert (home / "conversations.db").exists()


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    folder = put(tmp_path_factory.mktemp("roots")).parent
    with Assistant(
        load_settings(home=tmp_path_factory.mktemp("home"), burned_in="off", visitor_per_minute=1000)
    ) as assistant:
        server = build_server(assistant, roots_of([str(folder)], assistant.services.settings.home))
        with serving(over_http(server, TOKEN)) as at:
            yield at


@pytest.mark.parametrize("mode", ["auto", "legacy"])
def test_every_tool_is_listed_and_called_over_http(address: str, mode: str) -> None:
    async def talk() -> None:
        headers = {"authorization": f"Bearer {TOKEN.text}"}
        async with httpx2.AsyncClient(headers=headers, timeout=120) as http:
            transport = streamable_http_client(address + PATH, http_client=http)
            async with Client(transport, mode=mode) as client:
                assert [tool.name for tool in (await client.list_tools()).tools] == list(TOOLS)
                results = await every_tool(client, "Doe_Jane_1970.png")
                assert [name for name, result in results.items() if result.is_error] == ["read"]

    anyio.run(talk)


@pytest.mark.parametrize(
    ("headers", "status", "said"),
    [
        ({}, 401, "token is missing or wrong"),
        ({"authorization": "Bearer another-token-of-nobody"}, 401, "token is missing or wrong"),
        ({"authorization": f"Bearer {TOKEN.text}", "host": "evil.example"}, 403, "this machine"),
        ({"authorization": f"Bearer {TOKEN.text}", "origin": "https://evil.example"}, 403, "this machine"),
    ],
)  # fmt: skip
def test_who_may_not_ask_gets_a_sentence(
    address: str, headers: dict[str, str], status: int, said: str
) -> None:
    told = httpx.post(address + PATH, json={}, headers=headers)
    assert told.status_code == status and said in told.json()["error"]["message"]
