"""`casebook models`: pull, list, verify, remove, status, stand-ins."""

from __future__ import annotations

import fcntl
import json
import os
import pty
import re
import signal
import struct
import subprocess
import sys
import termios
import time
from collections.abc import Iterator
from io import StringIO
from pathlib import Path
from typing import Any

import pytest

from assistant.__main__ import main
from store.errors import SetupError
from tests.child import ROOT, casebook, environment, hearing_ctrl_c
from tests.packages import needs
from tests.servers.hub_server import HubServer, point_client
from tests.tools.models import hub_repositories as repositories
from tools.models.memory.in_memory import Notice
from tools.models.memory.residents import Resident
from tools.models.stand_ins import StandIn
from tools.models.systems.cards import SYSTEMS

pytestmark = needs("huggingface_hub")

Capsys = pytest.CaptureFixture[str]
WEIGHTS = "pytorch_model.bin"
PULL = ("models", "pull", "pubmedclip", "--accept-licence")


@pytest.fixture
def hub(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[HubServer]:
    made = {
        repositories.CLIP: repositories.clip(tmp_path / "clip"),
        repositories.DERM: repositories.derm(tmp_path / "derm"),
    }
    with HubServer(made, gated=(repositories.DERM,)) as server:
        point_client(server, tmp_path / "hf", monkeypatch)
        yield server


def told(capsys: Capsys, *words: str) -> dict[str, Any]:
    """What a command prints as JSON."""
    assert main(["models", *words, "--json"]) == 0
    found: dict[str, Any] = json.loads(capsys.readouterr().out)
    return found


def state(capsys: Capsys, name: str) -> dict[str, Any]:
    found: dict[str, Any] = next(one for one in told(capsys, "status")["systems"] if one["name"] == name)
    return found


def test_a_pull_shows_the_licence_and_stops_unless_it_is_accepted(hub: HubServer, capsys: Capsys) -> None:
    assert main(["models", "pull", "pubmedclip"]) == 2
    said = capsys.readouterr().err
    assert "MIT" in said
    assert "--accept-licence" in said
    assert hub.asked == []


def test_a_licence_is_accepted_once(hub: HubServer, capsys: Capsys) -> None:
    assert main(PULL) == 0
    assert "MIT" in capsys.readouterr().err
    assert main(["models", "remove", "pubmedclip"]) == 0
    assert main(["models", "pull", "pubmedclip"]) == 0
    said = capsys.readouterr().err
    assert "Licence:" not in said
    assert re.search(r"The licence of pubmedclip \(MIT\) was accepted on 20\d\d-\d\d-\d\d\.", said)


def test_a_licence_is_not_kept_as_accepted_before_there_is_something_to_pull(
    hub: HubServer, capsys: Capsys, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        patch.setattr("huggingface_hub.constants.HF_HUB_OFFLINE", True)
        assert main(PULL) == 3
    capsys.readouterr()
    monkeypatch.setattr(sys, "stdin", StringIO("no\n"))
    assert main(["models", "pull", "pubmedclip"]) == 2
    assert "Licence: MIT" in capsys.readouterr().err
    assert hub.asked == []


@pytest.mark.parametrize(("typed", "code"), [("Yes\n", 0), ("no\n", 2), ("", 2)])
def test_at_a_terminal_the_licence_can_be_accepted_by_typing(
    typed: str, code: int, hub: HubServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    terminal = StringIO(typed)
    monkeypatch.setattr(terminal, "isatty", lambda: True)
    monkeypatch.setattr(sys, "stdin", terminal)
    assert main(["models", "pull", "pubmedclip"]) == code


def test_a_pull_says_what_came_and_a_second_one_asks_nobody(hub: HubServer, capsys: Capsys) -> None:
    assert main(PULL) == 0
    said = capsys.readouterr().out
    assert hub.commit(repositories.CLIP) in said
    assert "301.5 kB" in said
    hub.asked.clear()
    assert main(PULL) == 0
    assert "is here, complete" in capsys.readouterr().out
    assert hub.asked == []


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (["pull", "pubmedclipp"], 2),
        (["pull", "pubmedclip", "--accept-licence", "--revision", "v9"], 2),
        (["pull", "babydoctor", "--accept-licence"], 3),
        (["verify", "pubmedclip"], 3),
        (["verify", "pubmedclip", "--path", "nowhere"], 3),
        (["verify", "nothing"], 2),
        (["remove", "pubmedclip"], 2),
        (["remove", "nothing"], 2),
        ([], 2),
    ],
)
def test_what_cannot_be_done_is_told_with_the_code_of_who_can_act(
    words: list[str], code: int, hub: HubServer, capsys: Capsys
) -> None:
    assert main(["models", *words]) == code
    said = capsys.readouterr()
    assert said.out == ""
    assert "Traceback" not in said.err
    assert len(said.err) > 40


@pytest.mark.process
def test_variables_point_the_command_at_hub_cache_and_token(
    hub: HubServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("HF_TOKEN")
    pull = ["models", "pull", "derm-foundation", "--accept-licence"]
    without = casebook(*pull, env=hub.environment(tmp_path / "cache", token=None))
    assert without.returncode == 3
    assert "HF_TOKEN" in without.stderr
    done = casebook(*pull, env=hub.environment(tmp_path / "cache"))
    assert done.returncode == 0, done.stderr
    assert list(
        (tmp_path / "cache" / "hub").glob("models--google--derm-foundation/snapshots/*/saved_model.pb")
    )
    assert "Pulling" not in done.stderr  # no progress bar in a log


@pytest.mark.process
def test_offline_is_honoured(hub: HubServer, tmp_path: Path) -> None:
    variables = hub.environment(tmp_path / "cache") | {"HF_HUB_OFFLINE": "1"}
    refused = casebook(*PULL, env=variables)
    assert refused.returncode == 3
    assert "HF_HUB_OFFLINE" in refused.stderr
    assert hub.asked == []
    assert casebook(*PULL, env=variables | {"HF_HUB_OFFLINE": "0"}).returncode == 0
    hub.asked.clear()
    assert casebook(*PULL, env=variables).returncode == 0
    assert hub.asked == []


@pytest.mark.process
def test_at_a_terminal_a_bar_shows_the_bytes_and_ctrl_c_keeps_them(hub: HubServer, tmp_path: Path) -> None:
    hub.faults.pause_s = 0.6
    ours, theirs = pty.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 100, 0, 0))
    with hearing_ctrl_c():
        child = subprocess.Popen(
            [sys.executable, "-m", "assistant", *PULL],
            env=environment(**hub.environment(tmp_path / "cache")),
            cwd=ROOT,
            stderr=theirs,
            stdout=subprocess.DEVNULL,
        )
    os.close(theirs)
    seen = b""
    until = time.monotonic() + 30
    while not re.search(rb"[1-9][0-9.]*kB?/302k", seen) and time.monotonic() < until:
        seen += os.read(ours, 4096)
    child.send_signal(signal.SIGINT)
    assert child.wait(20) == 130
    assert b"Pulling pubmedclip" in seen
    assert b"goes on from there" in os.read(ours, 65536)
    os.close(ours)
    partial = list((tmp_path / "cache").rglob("*.incomplete"))
    assert [path.stat().st_size > 0 for path in partial] == [True]


def test_the_list_names_every_system_with_licence_and_size(capsys: Capsys) -> None:
    assert main(["models", "list"]) == 0
    out, err = capsys.readouterr()
    lines = out.splitlines()
    assert [line.split()[0] for line in lines[1:]] == list(SYSTEMS)
    assert len({line.index("MIT") for line in lines if "MIT" in line} | {lines[0].index("LICENCE")}) == 1
    assert "casebook models pull" in err


def test_the_list_as_json_holds_the_full_cards(hub: HubServer, capsys: Capsys) -> None:
    main(PULL)
    capsys.readouterr()
    found = {one["name"]: one for one in told(capsys, "list")["systems"]}
    assert found["pubmedclip"]["here"] == "pulled"
    assert found["babydoctor"]["here"] == "no"
    assert "European Union" in " ".join(found["radiographer"]["conditions"])


def test_the_status_tells_pulled_set_begun_and_absent_apart(
    hub: HubServer, capsys: Capsys, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert main(PULL) == 0
    monkeypatch.setenv("CASEBOOK_BABYDOCTOR_PATH", str(repositories.clip(tmp_path / "given", 1000)))
    monkeypatch.setenv("CASEBOOK_DERM_CAPTIONER_PATH", str(tmp_path / "nowhere"))
    monkeypatch.setenv("CASEBOOK_RADIOGRAPHER_SERVER", "http://127.0.0.1:9/v1")
    hub.faults.status["variables.data-00000-of-00001"] = 404
    assert main(["models", "pull", "derm-foundation", "--accept-licence"]) == 3
    capsys.readouterr()
    assert state(capsys, "pubmedclip")["state"] == "pulled"
    assert state(capsys, "pubmedclip")["bytes"] == 301_500
    assert state(capsys, "pubmedclip")["revision"] == hub.commit(repositories.CLIP)
    assert state(capsys, "babydoctor") | {"bytes": 0} == {
        "name": "babydoctor",
        "state": "folder set",
        "bytes": 0,
        "revision": "local",
        "folder": str(tmp_path / "given"),
        "base": None,
        "problem": None,
    }
    assert "nowhere" in state(capsys, "derm-captioner")["problem"]
    assert state(capsys, "derm-foundation")["state"] == "begun"
    assert state(capsys, "radiographer")["state"] == "on a server"
    monkeypatch.delenv("CASEBOOK_RADIOGRAPHER_SERVER")
    assert state(capsys, "radiographer")["state"] == "no"
    assert main(["models", "status"]) == 0
    out, err = capsys.readouterr()
    assert "No system is in memory" in out
    assert "casebook models pull derm-foundation" in err


def test_the_status_shows_what_processes_have_in_memory(home: Path, capsys: Capsys) -> None:
    notice = Notice(home)
    notice.show([Resident("babydoctor", "cuda:0", 14_100_000_000, 12.34, in_use=True, waiting=0)])
    assert told(capsys, "status")["in_memory"][0]["nbytes"] == 14_100_000_000
    assert main(["models", "status"]) == 0
    out = capsys.readouterr().out
    assert "14.1 GB" in out
    assert "12.3 s, in use" in out
    assert str(os.getpid()) in out
    notice.close()


def test_removing_says_what_was_freed(hub: HubServer, capsys: Capsys) -> None:
    main(PULL)
    assert main(["models", "remove", "pubmedclip"]) == 0
    assert "301.5 kB freed" in capsys.readouterr().err
    assert state(capsys, "pubmedclip")["state"] == "no"


def test_a_changed_file_is_found_before_anything_is_loaded(
    hub: HubServer, capsys: Capsys, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tools.models.systems.packages.require_packages", lambda _: None)
    main(PULL)
    weights = next((tmp_path / "hf").rglob(f"snapshots/*/{WEIGHTS}"))
    weights.write_bytes(b"\0" * weights.stat().st_size)
    capsys.readouterr()
    assert main(["models", "verify", "pubmedclip"]) == 3
    assert "hash" in capsys.readouterr().err
    assert main(PULL) == 0
    assert weights.read_bytes() == hub.files(repositories.CLIP)[WEIGHTS].read_bytes()


def test_without_the_packages_the_extra_is_named(
    capsys: Capsys, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda _: None)
    assert main(["models", "verify", "pubmedclip", "--path", str(tmp_path)]) == 3
    assert "[models]" in capsys.readouterr().err


@pytest.mark.parametrize(
    "words", [["models", "verify", "radiographer"], ["finetune", "radiographer", "nowhere.csv"]]
)
def test_the_packages_come_before_a_large_pull(
    words: list[str], home: Path, capsys: Capsys, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda _: None)
    assert main(words) == 3
    said = capsys.readouterr().err
    assert "make models" in said
    assert "casebook models pull" not in said


def test_stand_ins_that_could_not_be_made_are_named(
    home: Path, tmp_path: Path, capsys: Capsys, monkeypatch: pytest.MonkeyPatch
) -> None:
    def build(name: str, folder: Path, **_: object) -> StandIn:
        if name != "pubmedclip":
            raise SetupError(f"The stand-in for {name} was not made: no packages.")
        return StandIn(name, folder / name)

    monkeypatch.setattr("tools.models.stand_ins.build_stand_in", build)
    assert main(["models", "stand-ins", str(tmp_path)]) == 0
    out, err = capsys.readouterr()
    others = [name for name in SYSTEMS if name != "pubmedclip"]
    assert f"Not made, for the reason above: {', '.join(others)}." in out
    assert all(f"The stand-in for {name} was not made" in err for name in others)
    assert f'pubmedclip_path = "{tmp_path / "pubmedclip"}"' in out


@pytest.mark.process
def test_none_of_this_is_imported_for_the_help(home: Path) -> None:
    code = (
        "import sys; from assistant.__main__ import main\n"
        "try: main(['models', '--help'])\n"
        "except SystemExit: pass\n"
        "main(['models', 'list'])\n"
        "heavy = {'torch', 'transformers', 'peft', 'huggingface_hub', 'tensorflow'} & set(sys.modules)\n"
        "sys.exit(f'imported {heavy}' if heavy else 0)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], env=environment(), cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
