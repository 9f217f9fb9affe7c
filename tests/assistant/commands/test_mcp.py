"""`casebook mcp`: what is refused before it serves; how it serves is in `mcp_server`."""

from __future__ import annotations

from pathlib import Path

import pytest

from assistant.__main__ import main


def test_a_folder_that_is_not_there_is_said(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["mcp", "--root", str(tmp_path / "missing")]) == 3
    assert "Name one that is there" in capsys.readouterr().err


def test_a_port_that_is_none_is_said(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["mcp", "--http", "--port", "-1"]) == 2
    assert "is not a port" in capsys.readouterr().err


def test_without_the_package_it_is_said_how_to_get_it(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("assistant.commands.mcp.find_spec", lambda _name: None)
    assert main(["mcp"]) == 3
    assert '".[mcp]"' in capsys.readouterr().err
