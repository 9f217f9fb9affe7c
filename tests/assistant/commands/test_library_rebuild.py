"""`casebook library rebuild`: to a server and back by the settings alone, each time with its figures."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from assistant.__main__ import main
from tests.inputs.npz_files import keyed, table, vectors
from tests.servers.chroma_server import ChromaServer

Capsys = pytest.CaptureFixture[str]
NAME = "derm-foundation-imported"


@pytest.fixture
def server(tmp_path: Path, process: None) -> Iterator[ChromaServer]:
    running = ChromaServer(tmp_path / "chroma")
    running.start()
    yield running
    running.kill()


def test_an_empty_library_has_nothing_to_make(capsys: Capsys) -> None:
    assert main(["library", "rebuild"]) == 0
    assert "empty" in capsys.readouterr().out


def test_the_index_goes_to_a_server_and_back_and_a_dead_server_is_a_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Capsys, server: ChromaServer
) -> None:
    rows = [(f"{i}", "eczema", f"p{i}", "SCIN") for i in range(6)]
    labels = table(tmp_path / "labels.csv", rows, "key,label,group,source")
    given = ["library", "import-embeddings", str(keyed(tmp_path / "scin.npz", vectors(6)))]
    assert main([*given, "--labels", str(labels)]) == 0
    monkeypatch.setenv("CASEBOOK_LIBRARY_URL", server.url)
    assert main(["library", "list"]) == 3
    assert "casebook library rebuild" in capsys.readouterr().err
    assert main(["library", "rebuild"]) == 0
    assert f"{NAME}: 6 vectors in {server.url}, each the same" in capsys.readouterr().out
    assert main(["doctor"]) in (0, 3)
    assert "differ" not in capsys.readouterr().out
    server.kill()
    assert main(["library", "rebuild"]) == 3
    assert "does not answer" in capsys.readouterr().err
    assert main(["library", "list"]) == 0
    monkeypatch.delenv("CASEBOOK_LIBRARY_URL")
    assert main(["library", "rebuild"]) == 0
    told = capsys.readouterr()
    assert f"{NAME}: 6 vectors in the Casebook folder" in told.out
    assert "Delete that collection there" in told.err
