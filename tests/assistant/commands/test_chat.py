"""`casebook chat`: the page's server."""

from __future__ import annotations

import http.client
import socket
import urllib.request
from collections.abc import Iterator

import pytest

from assistant.__main__ import main
from tests.child import begin

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


def opened(port: int, origin: str) -> int:
    """What the server says to a page of this origin that opens the page's websocket."""
    asks = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
    asks.putrequest("GET", "/_stcore/stream")
    for name, value in {
        "Origin": origin,
        "Upgrade": "websocket",
        "Connection": "Upgrade",
        "Sec-WebSocket-Version": "13",
        "Sec-WebSocket-Key": "MDEyMzQ1Njc4OWFiY2RlZg==",
    }.items():
        asks.putheader(name, value)
    asks.endheaders()
    try:
        return asks.getresponse().status
    finally:
        asks.close()


@pytest.mark.process
def test_the_page_answers_on_the_loopback_and_ends_when_told() -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    child = begin("chat", "--port", str(port))
    assert child.stdout is not None
    assert child.stderr is not None
    try:
        assert f"http://127.0.0.1:{port}" in child.stderr.readline()
        for line in child.stdout:
            if f"127.0.0.1:{port}" in line:
                break
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/_stcore/health", timeout=20) as answer:
            assert answer.status == 200
        assert opened(port, f"http://127.0.0.1:{port}") == 101
        for origin in ("http://127.0.0.1:9999", "https://page.example.org"):
            assert opened(port, origin) == 403
    finally:
        child.terminate()
        child.communicate(timeout=20)
