"""Every command of the README's section "With weights", as printed there, against a hub on the loopback."""

from __future__ import annotations

import csv
import os
import pty
import re
import shlex
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Self

import pytest
from PIL import Image as PillowImage

from assistant.examples import examples
from assistant.settings import Settings
from tests import forks
from tests.child import ROOT
from tests.inputs import npz_files
from tests.inputs.case_library import DARK, RED, mole, save, scan, write_csv
from tests.packages import needs
from tests.readme_table import README, SYSTEMS_BEGIN, SYSTEMS_END, block, systems_table
from tests.servers.chat_server import ChatServer
from tests.servers.hub_server import HubServer
from tests.tools.models.encoders.test_derm_foundation import PYTHON, needs_tensorflow
from tools.models.systems.cards import SYSTEMS
from tools.models.verifying import RANDOM

pytestmark = needs("torch")


SECTION = block(README.read_text(encoding="utf-8"), "## With weights\n", "\n## ")
BLOCKS = re.findall(r"```sh\n(.*?)```", SECTION, flags=re.DOTALL)
NOT_RUN = {
    "make models": "it downloads packages",
    ".venv/bin/pip install -e '.[derm-foundation]'": "it downloads packages",
}
SERVER = "http://127.0.0.1:8000/v1"
STAND_INS = "casebook models stand-ins FOLDER"
# What a command with a model imports before it does anything of its own.
WITH_MODELS = (
    "torch",
    "transformers",
    "transformers.models.mllama.modeling_mllama",
    "transformers.models.paligemma.modeling_paligemma",
    "transformers.models.clip.modeling_clip",
    "peft",
    "scipy.optimize",
    "sklearn.linear_model",
    "skimage.measure",
    *forks.COMMAND,
)
SAYS_RANDOM = "a stand-in with random weights: its words mean nothing"


def commands(lines: str) -> list[str]:
    """The commands of a block without comments, those left out that are not run or were run before."""
    told = [line.split("  #", 1)[0].rstrip() for line in lines.splitlines()]
    return [line for line in told if line not in (STAND_INS, *NOT_RUN)]


WITH_TENSORFLOW = [lines for lines in BLOCKS if "encode derm-foundation" in lines]
WITHOUT = [lines for lines in BLOCKS if lines not in WITH_TENSORFLOW]


class Desk:
    """A folder with the files the README speaks of, and a shell in it that knows `casebook`."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.server = folder / "desk", ChatServer("No fluid is seen.")
        _draw(self.folder)
        program = folder / "bin" / "casebook"
        program.parent.mkdir()
        program.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m assistant "$@"\n')
        program.chmod(0o755)
        outside = {
            name: value for name, value in os.environ.items() if not name.startswith(("CASEBOOK_", "HF_"))
        }
        self.environment = {
            **outside,
            "PATH": f"{program.parent}:{os.environ['PATH']}",
            "PYTHONPATH": str(ROOT),
            "CASEBOOK_HOME": str(folder / "home"),
            "CASEBOOK_DERM_FOUNDATION_PYTHON": str(PYTHON),
            "CASEBOOK_BURNED_IN": "off",
            "CASEBOOK_FACES": "off",
            "OMP_NUM_THREADS": "1",
        }
        self._forks = False

    def run(self, line: str) -> str:
        """Run a line as printed, at a terminal where "yes" is typed; what it said."""
        ours, theirs = pty.openpty()
        os.write(ours, b"yes\n")
        printed = line.replace(SERVER, self.server.url)
        run = self._forked if self._forks and "HF_" not in printed else self._in_shell
        status, said = run(printed, theirs)
        os.close(ours)
        os.close(theirs)
        assert status == 0, f"{line}\n{said}"
        return said

    @contextmanager
    def with_hub(self, hub: HubServer) -> Iterator[Self]:
        """From here on this is the hub, and most commands are forks of a process that has the libraries."""
        self.environment |= hub.environment(self.folder.parent / "hf")
        self._forks = True
        yield self
        self.server.close()

    def _in_shell(self, line: str, terminal: int) -> tuple[int, str]:
        done = subprocess.run(
            ["sh", "-c", line],
            cwd=self.folder,
            env=self.environment,
            stdin=terminal,
            capture_output=True,
            encoding="utf-8",
            check=False,
            timeout=120,
        )
        return done.returncode, done.stdout + done.stderr

    def _forked(self, line: str, terminal: int) -> tuple[int, str]:
        """The same without a shell, in a fork of a process that has imported the libraries."""
        words = shlex.split(line)
        at = words.index("casebook")
        variables = dict(one.split("=", 1) for one in words[:at] if "=" in one)
        fork = forks.begin(
            "assistant",
            words[at + 1 :],
            libraries=WITH_MODELS,
            environment=self.environment | variables,
            folder=self.folder,
            stdin=terminal,
        )
        said = fork.communicate(timeout=120)
        return fork.wait(), "".join(said)


def _draw(folder: Path) -> None:
    """The pictures and tables it speaks of."""
    drawn = {example.name: example.draw() for example in examples()}
    folder.mkdir()
    (folder / "xray.png").write_bytes(drawn["chest"])
    (folder / "skin").write_bytes(drawn["skin"])
    with PillowImage.open(folder / "skin") as picture:
        picture.convert("RGB").save(folder / "photo.jpg")
    scans = [
        (save(folder, f"scan{i}.png", scan(i, wide=i % 2 == 0)), "wide" if i % 2 == 0 else "tall", "CT")
        for i in range(24)
    ]
    moles = [
        (
            save(folder, f"mole{i}.png", mole(i, DARK if i % 2 else RED)),
            "nevus" if i % 2 else "wart",
            "DMS",
        )
        for i in range(4)
    ]
    for name, rows in (("scans", scans), ("moles", moles)):
        table = write_csv(folder, [(*row, f"{name}{i}") for i, row in enumerate(rows)])
        table.rename(folder / f"{name}.csv")
    with (folder / "texts.csv").open("w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows(
            [("image", "text"), *((row[0], f"A round lesion, {row[1]}.") for row in moles)]
        )
    labels = [(f"dataset/images/{i}.png", "eczema" if i % 2 else "urticaria") for i in range(4)]
    npz_files.keyed(folder / "scin.npz", npz_files.vectors(4))
    npz_files.table(folder / "scin.csv", labels, "key,label")


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    """With stand-ins, made by the section's own command, on a hub and in the folders it calls one's own."""
    folder = tmp_path_factory.mktemp("with-weights")
    made = Desk(folder)
    assert "radiographer_path" in made.run(STAND_INS)
    stand_ins = made.folder / "FOLDER"
    shutil.copytree(stand_ins / "radiographer", made.folder / "my-adapter")
    shutil.copytree(stand_ins / "radiographer-base", made.folder / "llama-vision")
    with HubServer.of_stand_ins(stand_ins) as hub, made.with_hub(hub):
        yield made


def check(line: str, said: str) -> None:
    """What a command must say beyond its exit code."""
    if "models verify" in line:
        assert RANDOM in said, line
    elif "_SERVER=" in line:
        assert "No fluid is seen." in said, line
    elif "--reader" in line:
        assert SAYS_RANDOM in said, line
    elif "--encoder" in line:
        assert "stand-in" in said, line
    elif "models pull" in line:
        assert "is here" in said, line
    elif "finetune" in line:
        assert "Trained an adapter" in said, line


@pytest.mark.process
@pytest.mark.timeout(600)
def test_every_command_runs_as_printed(desk: Desk) -> None:
    lines = [line for one in WITHOUT for line in commands(one)]
    assert len(lines) > 15
    for line in lines:
        check(line, desk.run(line))


@needs_tensorflow
@pytest.mark.timeout(600)
def test_every_command_of_derm_foundation_runs_as_printed(desk: Desk) -> None:
    lines = [line for one in WITH_TENSORFLOW for line in commands(one)]
    assert len(lines) >= 5
    for line in lines:
        check(line, desk.run(line))


def test_what_is_not_run_in_order_is_still_in_the_section() -> None:
    assert not [line for line in (STAND_INS, *NOT_RUN) if line not in SECTION]


def test_every_system_is_fetched_and_used_in_the_section() -> None:
    told = "\n".join(line for one in BLOCKS for line in commands(one))
    assert not [name for name in SYSTEMS if f"models pull {name}" not in told]
    assert not [
        name for name, one in SYSTEMS.items() if one.kind == "reader" and f"--reader {name}" not in told
    ]


def test_the_table_of_systems_is_the_one_made_from_the_cards() -> None:
    assert block(SECTION, SYSTEMS_BEGIN, SYSTEMS_END) == systems_table(), "run: python -m tests.readme_table"


def test_the_settings_it_shows_are_settings() -> None:
    shown = tomllib.loads(block(SECTION, "```toml\n", "```"))
    assert set(shown) <= set(Settings.model_fields)
    assert Settings(**shown).precision == shown["precision"]
