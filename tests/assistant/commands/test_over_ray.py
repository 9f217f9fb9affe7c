"""`--ray` where it cannot be had: sentences, and nothing sent."""

from __future__ import annotations

import sys
from pathlib import Path
from types import ModuleType

import pytest

from assistant.__main__ import main
from tests.inputs.case_library import moles

Capsys = pytest.CaptureFixture[str]


@pytest.mark.parametrize("words", [["library", "import"], ["eval"]])
def test_a_missing_package_is_told_with_the_command_that_installs_it(
    words: list[str], tmp_path: Path, capsys: Capsys, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "ray", None)
    table = moles(tmp_path, 1)
    assert main([*words, str(table), "--ray", "local"]) == 3
    told = capsys.readouterr().err
    assert 'takes Ray, which is not installed: pip install -c constraints.txt -e ".[ray]"' in told


@pytest.mark.parametrize(
    "address", ["auto", "ray://gpu-box:10001", "192.0.2.7:6379", "local:0", "localhost:6379"]
)
def test_pictures_go_to_no_cluster_beyond_this_machine_unless_a_setting_allows_it(
    address: str, tmp_path: Path, capsys: Capsys, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "ray", None)
    table = str(moles(tmp_path, 1))
    assert main(["library", "import", table, "--ray", address]) == 3
    assert "Set ray_remote to true to allow that" in capsys.readouterr().err
    monkeypatch.setenv("CASEBOOK_RAY_REMOTE", "true")
    assert main(["library", "import", table, "--ray", address]) == 3
    told = capsys.readouterr().err
    assert "not installed" in told
    assert f"Pictures are sent to the Ray cluster at {address}" not in told


@pytest.mark.parametrize("address", ["127.0.0.1:1", "ray://127.0.0.1:1", "[::1", "127.0.0.1:99999"])
def test_an_address_where_nobody_listens_is_told_at_once(
    address: str, tmp_path: Path, capsys: Capsys, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "ray", ModuleType("ray"))
    monkeypatch.setenv("CASEBOOK_RAY_REMOTE", "true")
    assert main(["library", "import", str(moles(tmp_path, 1)), "--ray", address]) == 3
    told = capsys.readouterr().err
    assert f"There is no Ray cluster at {address!r}" in told
    assert "Pictures are sent" not in told
