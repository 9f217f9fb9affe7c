"""What the README shows is what there is."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

from assistant.__main__ import main
from assistant.answers.disclaimers import general
from tests.child import ROOT, environment
from tests.readme_table import README, block, table

TEXT = README.read_text(encoding="utf-8")


def test_the_tool_table_is_the_one_made_from_the_cards() -> None:
    assert block(TEXT) == table(), "run: python -m tests.readme_table"


def output_of_the(example: str, folder: Path) -> str:
    """What an example of the README prints when it is run in an empty folder."""
    fenced = block(TEXT, f"<!-- {example} -->\n", f"<!-- /{example} -->")
    program = fenced.split("```python\n")[1].split("```")[0]
    done = subprocess.run(
        [sys.executable, "-c", program],
        capture_output=True,
        encoding="utf-8",
        check=False,
        cwd=folder,
        env=environment(PYTHONIOENCODING="utf-8"),
        timeout=120,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.mark.process
def test_the_python_example_runs_and_says_the_safety_text(tmp_path: Path) -> None:
    out = output_of_the("example", tmp_path)
    assert general() in out
    assert "cannot tell" not in out.split("Evidence:")[0]
    assert out.splitlines()[-1] == "Started Text Finished"
    assert len(out.splitlines()) < 40


@pytest.mark.process
def test_the_example_of_an_agent_of_ones_own_measures(tmp_path: Path) -> None:
    out = output_of_the("agent", tmp_path)
    assert "I outlined the lesion in img-1 and measured it" in out
    assert "border index" in out


@pytest.mark.parametrize("line", re.findall(r"^casebook ([a-z]+(?:[ -][a-z]+)*)", TEXT, flags=re.MULTILINE))
def test_every_command_it_names_exists(line: str, capsys: pytest.CaptureFixture[str]) -> None:
    words = line.split()
    with pytest.raises(SystemExit) as end:
        main([*words[: 1 + (words[0] in ("library", "chats", "session"))], "--help"])
    assert end.value.code == 0
    assert "usage" in capsys.readouterr().out


def test_every_make_target_it_names_exists() -> None:
    targets = set(re.findall(r"\bmake ([a-z]+)", TEXT))
    made = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(), flags=re.MULTILINE))
    assert targets >= {"chat", "test", "bench"}
    assert targets <= made


def test_every_file_it_links_to_is_there() -> None:
    links = re.findall(r"\]\(([^):]+)\)", TEXT)
    assert links
    assert not [link for link in links if not (ROOT / link).exists()]
