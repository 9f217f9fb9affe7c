"""Break the core modules a little at a time, and see whether their own tests notice. Run by `make mutants`.

mutmut makes the small faults: one operator, number, argument or word changed in a copy of a module. A module
of `tests/mutants.toml` has to be held by the test files that mirror it alone, `test_<module>*.py`. A fault
that they do not notice is a survivor. One that makes no difference is kept in the list with the reason; any
other fails the run, and so does one of the list that no longer survives.

    python -m tests.mutants                    all modules
    python -m tests.mutants tools/tissue.py    one of them
"""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import tomllib
from collections import Counter
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

from tests.child import ROOT

LIST = ROOT / "tests" / "mutants.toml"
MOST_S = 1_800
"""How long one module may take, in seconds."""
ALL_S = 7_200
"""How long all of them may take together, in seconds; those that are left over then fail the run."""
# How long mutmut may take to say what it found, or what one fault is, in seconds.
_SAYS_S = 120

_COPIED = ("assistant", "tools", "store", "prompts", "tests")
_NOTICED = {"killed", "timeout", "segfault"}


class Fault(NamedTuple):
    """One small fault: in which function, and its lines before and after, as one line each."""

    module: str
    function: str
    was: str
    becomes: str


class Outcome(NamedTuple):
    """What became of the faults of a module: how many there were, and those that no test noticed."""

    faults: int
    survivors: tuple[Fault, ...]


def main(arguments: Sequence[str]) -> int:
    """Try the modules named, or all of the list.

    Returns:
        1 if a fault survives unexplained or is explained in vain, or no time is left for a module; 2 for a
        module that is not in the list.
    """
    modules, explained = read_list()
    if unknown := [one for one in arguments if one not in modules]:
        sys.stderr.write(f"Not in {LIST.name}: {', '.join(unknown)}. In it: {', '.join(modules)}.\n")
        return 2
    fine = True
    end = time.monotonic() + ALL_S
    chosen = list(arguments or modules)
    for place, module in enumerate(chosen):
        started = time.monotonic()
        if started >= end:
            print(f"Not tried, as {ALL_S} seconds are over: {', '.join(chosen[place:])}", flush=True)
            return 1
        outcome = try_out(module, min(MOST_S, end - started))
        new, stale = compared(outcome.survivors, [one for one in explained if one.module == module])
        noticed = outcome.faults - len(outcome.survivors)
        print(
            f"{module}: {outcome.faults} faults, {noticed} noticed, {len(outcome.survivors)} survived, "
            f"{len(new)} of them not explained ({time.monotonic() - started:.0f} s)",
            flush=True,
        )
        for one in new:
            print("\nSurvived:\n" + as_toml(one), flush=True)
        for one in stale:
            print("\nExplained, but it does not survive:\n" + as_toml(one), flush=True)
        fine = fine and not new and not stale
    return 0 if fine else 1


def read_list() -> tuple[list[str], list[Fault]]:
    """The core modules, and the survivors that are explained.

    Raises:
        ValueError: a survivor without a reason, or of a module that is not in the list.
    """
    data = tomllib.loads(LIST.read_text(encoding="utf-8"))
    modules: list[str] = data["modules"]
    explained = []
    for entry in data.get("survivor", []):
        if not entry["why"].strip() or entry["module"] not in modules:
            raise ValueError(f"No reason, or not a module of the list: {entry}")
        explained += [
            Fault(entry["module"], entry["function"], entry["was"], becomes) for becomes in entry["becomes"]
        ]
    return modules, explained


def compared(survivors: Sequence[Fault], explained: Sequence[Fault]) -> tuple[list[Fault], list[Fault]]:
    """Survivors that nobody explains, and explanations of what does not survive. Faults alike are counted."""
    found, known = Counter(survivors), Counter(explained)
    return list((found - known).elements()), list((known - found).elements())


def tests_of(module: str) -> list[str]:
    """The test files that mirror a module: of `tools/tissue.py` all `tests/tools/test_tissue*.py`."""
    path = Path(module)
    found = (ROOT / "tests" / path.parent).glob(f"test_{path.stem}*.py")
    return sorted(str(one.relative_to(ROOT)) for one in found)


def try_out(module: str, most_s: float) -> Outcome:
    """Run mutmut on one module, in a copy of the packages, for at most so many seconds.

    Raises:
        RuntimeError: mutmut ended early or took too long; its last lines are the message.
    """
    with tempfile.TemporaryDirectory(prefix="casebook-mutants-") as folder:
        copy = Path(folder)
        for package in _COPIED:
            shutil.copytree(ROOT / package, copy / package, ignore=shutil.ignore_patterns("__pycache__"))
        project = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
        (copy / "pyproject.toml").write_text(project + settings(module), encoding="utf-8")
        _run(copy, most_s)
        lines = _mutmut(copy, "results", "--all", "True").splitlines()
        states = dict(line.strip().rsplit(": ", 1) for line in lines if "__mutmut_" in line)
        survivors = [one for one, state in states.items() if state not in _NOTICED]
        return Outcome(len(states), tuple(_fault(copy, module, one) for one in survivors))


def settings(module: str) -> str:
    """What mutmut is told, as the end of a `pyproject.toml`."""
    return "\n".join(
        (
            "\n[tool.mutmut]",
            f"source_paths = {json.dumps([one for one in _COPIED if one != 'tests'])}",
            f"only_mutate = {json.dumps([module])}",
            f"pytest_add_cli_args_test_selection = {json.dumps(tests_of(module))}",
            "use_git_change_detection = false\n",
        )
    )


def _run(copy: Path, most_s: float) -> None:
    log = copy / "mutmut.log"
    with log.open("w", encoding="utf-8") as output:
        command = [sys.executable, "-m", "mutmut", "run", "--max-children", "1"]
        running = subprocess.Popen(
            command, cwd=copy, stdin=subprocess.DEVNULL, stdout=output, stderr=output, start_new_session=True
        )
        try:
            ended = running.wait(most_s)
        except subprocess.TimeoutExpired:
            ended = -1
            output.write(f"\nIt took longer than {most_s:.0f} seconds.")
        finally:
            with suppress(ProcessLookupError):
                os.killpg(running.pid, signal.SIGKILL)
            running.wait()
    if ended:
        raise RuntimeError(log.read_text(encoding="utf-8", errors="replace")[-2_000:])


def _mutmut(copy: Path, *arguments: str) -> str:
    command = [sys.executable, "-m", "mutmut", *arguments]
    done = subprocess.run(command, cwd=copy, check=True, capture_output=True, text=True, timeout=_SAYS_S)
    return done.stdout


def _fault(copy: Path, module: str, name: str) -> Fault:
    """The fault that mutmut calls `name`, such as ``tools.tissue.x__bound__mutmut_1``."""
    changed = [
        line for line in _mutmut(copy, "show", name).splitlines() if re.match(r"[-+](?!--|\+\+)", line)
    ]
    was, becomes = (" ".join(line[1:].strip() for line in changed if line[0] == sign) for sign in "-+")
    function = re.sub(r"__mutmut_\d+$", "", name.rsplit(".", 1)[-1])
    return Fault(module, function.removeprefix("x_").removeprefix("xǁ").replace("ǁ", "."), was, becomes)


def as_toml(fault: Fault) -> str:
    """An entry for the list, its reason still empty."""
    said = {key: json.dumps(value, ensure_ascii=False) for key, value in fault._asdict().items()}
    said["becomes"] = f"[{said['becomes']}]"
    return "\n".join(["[[survivor]]", *(f"{key} = {value}" for key, value in said.items()), 'why = ""'])


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
