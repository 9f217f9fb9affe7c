"""`casebook chat`: the page's server."""

from __future__ import annotations

import http.client
import socket
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlencode

import pytest

from assistant.__main__ import main
from assistant.commands import chat
from store.class_code import ClassCode
from tests.child import begin

CODE = "seven quiet owls"
Capsys = pytest.CaptureFixture[str]


@pytest.fixture
def taken() -> Iterator[int]:
    """A port that somebody listens on."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        yield listener.getsockname()[1]


def test_a_port_that_is_taken_is_told_with_a_way_out(taken: int, capsys: Capsys) -> None:
    assert main(["chat", "--port", str(taken)]) == 2
    err = capsys.readouterr().err
    assert f"Port {taken} is taken" in err
    assert "--port" in err


@pytest.mark.parametrize("port", ["0", "-1", "70000"])
def test_a_number_that_is_no_port_is_refused(port: str, capsys: Capsys) -> None:
    assert main(["chat", f"--port={port}"]) == 2
    assert "not a port" in capsys.readouterr().err


@pytest.mark.parametrize("address", ["0.0.0.0", "::", "192.0.2.7", "page.example.org", ""])
def test_another_address_is_refused_until_there_is_a_class_code(address: str, capsys: Capsys) -> None:
    assert main(["chat", "--address", address]) == 3
    assert "casebook class-code" in capsys.readouterr().err


@pytest.mark.usefixtures("cheap_class_codes")
@pytest.mark.parametrize("address", ["192.0.2.7", "no such name.invalid"])
def test_an_address_that_is_none_of_this_machine_is_told(address: str, home: Path, capsys: Capsys) -> None:
    ClassCode(home).set(CODE)
    assert main(["chat", "--address", address]) == 2
    assert "no address of this machine" in capsys.readouterr().err


@pytest.mark.usefixtures("cheap_class_codes")
def test_with_a_class_code_another_address_is_served_with_a_word_on_who_can_read_along(
    home: Path, monkeypatch: pytest.MonkeyPatch, capsys: Capsys
) -> None:
    ran: list[list[str]] = []
    monkeypatch.setattr(chat.os, "execv", lambda _, command: ran.append(command))
    monkeypatch.setattr(chat, "_check", lambda address, port: None)
    ClassCode(home).set(CODE)
    main(["chat", "--address", "::", "--port", "8600"])
    assert "--server.address=::" in ran[0]
    told = capsys.readouterr().err
    assert "http://[::]:8600" in told
    assert "HTTPS" in told
    main(["chat"])
    assert "HTTPS" not in capsys.readouterr().err


def opened(port: int, origin: str, cookie: str = "") -> int:
    """What the server says to a page of this origin that opens the page's websocket."""
    asks = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
    asks.putrequest("GET", "/_stcore/stream")
    for name, value in {
        "Origin": origin,
        "Upgrade": "websocket",
        "Connection": "Upgrade",
        "Sec-WebSocket-Version": "13",
        "Sec-WebSocket-Key": "MDEyMzQ1Njc4OWFiY2RlZg==",
        "Cookie": cookie,
    }.items():
        asks.putheader(name, value)
    asks.endheaders()
    try:
        return asks.getresponse().status
    finally:
        asks.close()


@contextmanager
def served(*words: str) -> Iterator[int]:
    """The page's server as a process of its own; the port it answers at."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    child = begin("chat", "--port", str(port), *words)
    assert child.stdout is not None
    assert child.stderr is not None
    try:
        assert f":{port}" in child.stderr.readline()
        for line in child.stdout:
            if f":{port}" in line:
                break
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/_stcore/health", timeout=20) as answer:
            assert answer.status == 200
        yield port
    finally:
        child.terminate()
        out, err = child.communicate(timeout=20)
    assert "external IP" not in err  # Streamlit would have asked an outside server for it
    assert "External URL" not in out


@pytest.mark.process
def test_the_page_answers_on_the_loopback_and_ends_when_told() -> None:
    with served() as port:
        assert opened(port, f"http://127.0.0.1:{port}") == 101
        for origin in ("http://127.0.0.1:9999", "https://page.example.org"):
            assert opened(port, origin) == 403


def asked(port: int, method: str, path: str, cookie: str, typed: str = "") -> http.client.HTTPResponse:
    """The server's answer to a browser that shows these cookies."""
    asks = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
    asks.request(method, path, urlencode({"code": typed}), {"Accept": "text/html", "Cookie": cookie})
    answer = asks.getresponse()
    answer.read()
    asks.close()
    return answer


def given(answer: http.client.HTTPResponse) -> str:
    """The cookie that an answer sets."""
    return answer.headers["set-cookie"].partition(";")[0]


@pytest.mark.process
def test_where_a_class_code_is_set_the_server_opens_its_websocket_only_after_the_code(home: Path) -> None:
    ClassCode(home).set(CODE)
    with served("--address", "0.0.0.0") as port:
        own = f"http://127.0.0.1:{port}"
        first = asked(port, "GET", "/", "")
        assert first.status == 403
        token = given(first)
        for cookie in ("", token, f"{token}; casebook_class={'0' * 64}"):
            assert opened(port, own, cookie) == 403
            for path in ("/media/0.png", "/_stcore/host-config", "/static/js/index.js", "/library"):
                assert asked(port, "GET", path, cookie).status == 403
            assert asked(port, "PUT", "/_stcore/upload_file/a/b", cookie).status == 403
        assert asked(port, "POST", "/", token, "seven loud owls").status == 403
        entered = asked(port, "POST", "/", token, CODE)
        assert entered.status == 303
        signed_in = f"{token}; {given(entered)}"
        assert opened(port, own, signed_in) == 101
        assert opened(port, "http://127.0.0.1:9999", signed_in) == 403
        page = asked(port, "GET", "/", signed_in)
        assert page.status == 200
        for answer in (first, page):
            assert "frame-ancestors 'none'" in answer.headers["content-security-policy"]
            assert answer.headers["x-content-type-options"] == "nosniff"
