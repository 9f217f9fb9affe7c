"""Which requests reach the page's server: its own page's alone."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from assistant.commands import chat
from assistant.pages import desk
from assistant.pages.origin import OwnPageOnly
from store.class_code import ClassCode
from tools.language.sayings import was_said

pytestmark = pytest.mark.usefixtures("cheap_class_codes")

HOST = "127.0.0.1:8501"
NO_CODE = ClassCode(Path("not there"))


def reached(
    kind: str,
    path: str = "/_stcore/stream",
    *,
    host: str = HOST,
    port: int | None = 8501,
    code: ClassCode = NO_CODE,
    **headers: str,
) -> bool:
    """Whether a request gets through to Streamlit; what is refused is told so."""
    inside: list[object] = []
    sent: list[dict[str, object]] = []

    async def page(scope: object, receive: object, send: object) -> None:
        inside.append(scope)

    async def send(message: dict[str, object]) -> None:
        sent.append(message)

    told = {"host": host, **{name.replace("_", "-"): value for name, value in headers.items()}}
    scope = {
        "type": kind,
        "path": path,
        "server": ("127.0.0.1", port),
        "headers": [(name.encode(), value.encode()) for name, value in told.items()],
    }
    asyncio.run(OwnPageOnly(page, code)(scope, None, send))  # type: ignore[arg-type]
    assert inside or sent[0].get("status") == 403 or sent[0]["type"] == "websocket.close"
    if sent and kind == "http":
        assert was_said("page.not_own", sent[1]["body"].decode())  # type: ignore[attr-defined]
    return bool(inside)


@pytest.mark.parametrize("kind", ["http", "websocket"])
@pytest.mark.parametrize("host", [HOST, "localhost:8501", "[::1]:8501"])
def test_the_page_itself_is_answered(kind: str, host: str) -> None:
    assert reached(kind, host=host, origin=f"http://{host}")
    assert reached(kind, host=host)


@pytest.mark.parametrize("kind", ["http", "websocket"])
@pytest.mark.parametrize(
    "origin",
    [
        "http://127.0.0.1:9999",
        "http://127.0.0.1",
        "http://localhost:8501",
        "https://page.example.org",
        "null",
        "",
    ],
)
def test_a_page_of_another_port_name_or_site_is_refused(kind: str, origin: str) -> None:
    assert not reached(kind, origin=origin)


@pytest.mark.parametrize("kind", ["http", "websocket"])
def test_a_name_that_was_pointed_at_this_machine_is_refused(kind: str) -> None:
    evil = "rebound.example.org:8501"
    assert not reached(kind, host=evil, origin=f"http://{evil}")
    assert not reached(kind, host=evil)
    assert not reached(kind, host="")
    assert reached(kind, host=evil, origin=f"http://{evil}", port=None)  # a proxy's Unix socket


@pytest.mark.parametrize("kind", ["http", "websocket"])
def test_with_a_class_code_the_page_has_any_name_and_still_answers_no_other_page(
    kind: str, home: Path
) -> None:
    code = ClassCode(home)
    code.set("seven quiet owls")
    name = "lab.example.org:8501"
    assert reached(kind, host=name, origin=f"http://{name}", code=code)
    assert not reached(kind, host=name, origin="http://lab.example.org:9999", code=code)
    assert not reached(kind, host=name, origin="https://page.example.org", code=code)
    assert not reached("http", "/_stcore/agent/mcp", host=name, code=code)


@pytest.mark.parametrize("site", ["cross-site", "same-site"])
def test_another_page_shows_no_picture_of_a_chat_and_a_link_opens_the_page(site: str) -> None:
    media = "/media/0123.png"
    assert not reached("http", media, sec_fetch_site=site, sec_fetch_mode="no-cors")
    assert reached("http", media, sec_fetch_site="same-origin", sec_fetch_mode="no-cors")
    assert reached("http", "/", sec_fetch_site=site, sec_fetch_mode="navigate")


def test_streamlits_interface_for_programs_is_closed() -> None:
    assert not reached("http", "/_stcore/agent/interact", origin=f"http://{HOST}")
    assert not reached("http", "/_stcore/agent/mcp")


def test_clearing_streamlits_caches_leaves_the_installation(monkeypatch: pytest.MonkeyPatch) -> None:
    import streamlit as st

    from assistant import Assistant

    monkeypatch.setattr(desk, "_HELD", [])
    built: list[Assistant] = []

    def build() -> Assistant:
        built.append(Assistant())
        return built[-1]

    first = desk._installation(build)
    st.cache_resource.clear()
    st.cache_data.clear()
    assert desk._installation(build) is first
    assert len(built) == 1
    built[0].close()


def test_the_command_keeps_the_interface_for_programs_and_the_search_after_every_drawing_off(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    ran: list[list[str]] = []
    monkeypatch.setattr(chat.os, "execv", lambda _, command: ran.append(command))
    monkeypatch.setattr(chat, "_check", lambda address, port: None)
    from assistant.__main__ import main

    main(["chat"])
    assert {"--server.enableAgentApi=false", "--runner.postScriptGC=false"} <= {*ran[0]}
