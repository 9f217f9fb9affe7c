"""Where the page is served and where not."""

from __future__ import annotations

import asyncio
import subprocess
import sys
from pathlib import Path

import pytest

from assistant.pages.address import OnlyHere, refusal
from store.class_code import ClassCode
from tests.child import ROOT, environment

pytestmark = [pytest.mark.process, pytest.mark.usefixtures("cheap_class_codes")]

HERE = ["127.0.0.1", "127.8.9.1", "localhost", "::1", "::ffff:127.0.0.1", "unix:///run/page.sock"]
ELSEWHERE = ["0.0.0.0", "::", "192.0.2.7", "10.0.0.1", "page.example.org", "", None]


@pytest.mark.parametrize("address", HERE)
def test_addresses_of_this_machine_itself_are_served(address: str, home: Path) -> None:
    assert refusal(address, ClassCode(home)) == ""


@pytest.mark.parametrize("address", ELSEWHERE)
def test_every_other_address_is_refused_with_the_reason_and_the_way(address: str | None, home: Path) -> None:
    says = refusal(address, ClassCode(home))
    assert "no class code is set" in says
    assert "casebook class-code" in says
    assert "casebook chat" in says


@pytest.mark.parametrize("address", ELSEWHERE)
def test_with_a_class_code_every_address_is_served(address: str | None, home: Path) -> None:
    code = ClassCode(home)
    code.set("seven quiet owls")
    assert refusal(address, code) == ""
    code.remove()
    assert refusal(address, code)


def reached(
    kind: str, server: tuple[str, int | None], code: ClassCode
) -> tuple[bool, list[dict[str, object]]]:
    """Whether a request gets through to the page, and what is answered if not."""
    inside: list[object] = []
    sent: list[dict[str, object]] = []

    async def page(scope: object, receive: object, send: object) -> None:
        inside.append(scope)

    async def send(message: dict[str, object]) -> None:
        sent.append(message)

    asyncio.run(OnlyHere(page, code)({"type": kind, "server": server}, None, send))  # type: ignore[arg-type]
    return bool(inside), sent


@pytest.mark.parametrize("kind", ["http", "websocket"])
def test_what_comes_in_at_another_address_is_refused_whatever_started_the_server(
    kind: str, home: Path
) -> None:
    code = ClassCode(home)
    assert reached(kind, ("127.0.0.1", 8501), code) == (True, [])
    assert reached(kind, ("/run/page.sock", None), code) == (True, [])
    through, sent = reached(kind, ("192.0.2.7", 8501), code)
    assert not through
    code.set("seven quiet owls")
    assert reached(kind, ("192.0.2.7", 8501), code) == (True, [])
    assert sent[0].get("status") == 403 or sent[0]["type"] == "websocket.close"


@pytest.mark.parametrize("address", ["0.0.0.0", "::"])
def test_the_page_does_not_start_where_everyone_could_open_it(tmp_path: Path, address: str) -> None:
    command = [sys.executable, "-m", "streamlit", "run", str(ROOT / "streamlit_app.py"), "--server.port", "0"]
    done = subprocess.run(
        [*command, "--server.headless", "true", "--browser.gatherUsageStats", "false"],
        env=environment(STREAMLIT_SERVER_ADDRESS=address),
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode != 0
    assert f"Casebook does not serve its page at {address}" in done.stderr
    assert "Traceback" not in done.stderr
