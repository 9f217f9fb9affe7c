"""Every benchmark in one run: `make bench`, or `make bench DATA=folder` for those that need real images.

Prints each report; keeps figures and reports as JSON in bench-results/.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import subprocess
import sys
import time
from dataclasses import asdict
from pathlib import Path

from tests.bench import cold, repeats, series, turns
from tests.bench.figures import show
from tests.child import ROOT, environment

REPORTS = {
    "library": "look-alikes at 10,000 cases",
    "chat_model": "a language model: first word, context, memory",
    "models": "follow-up questions, batches and loading, on stand-ins",
}
REPORTS_ON_IMAGES = {
    "gate": "what is it",
    "lesion": "lesion outlines against masks",
    "encoders": "look-alikes by label",
    "routing": "where the planner sends questions",
}


def main() -> int:
    """Run them all; 1 when a target is missed or a benchmark fails."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    parser.add_argument("--data", type=Path, help="folder with manifest.csv and the image sets it names")
    parser.add_argument("--other", type=Path, help="folder of pictures that are not medical")
    parser.add_argument("--before", help="a commit to compare a scan's reading and slices with")
    given = parser.parse_args()
    measured = [*cold.measure(), *turns.measure(), *repeats.measure()]
    figures = [*measured, *series.measure(given.before)]
    show(figures)
    reports = {name: _run(name, about) for name, about in REPORTS.items()}
    for name, about in REPORTS_ON_IMAGES.items():
        if given.data is None:
            print(f"\n{name} ({about}) is not measured: say where real images are, make bench DATA=folder")
            continue
        more = ["--other", str(given.other)] if name == "gate" and given.other else []
        reports[name] = _run(name, about, str(given.data.resolve()), *more)
    _keep({"figures": [asdict(one) | {"met": one.met} for one in figures], "reports": reports})
    failed = [name for name, report in reports.items() if report["exit"]]
    missed = [one.name for one in figures if one.met is False]
    print(f"\nTargets missed: {', '.join(missed) or 'none'}. Reports failed: {', '.join(failed) or 'none'}.")
    return 1 if missed or failed else 0


def _run(name: str, about: str, *words: str) -> dict[str, object]:
    """Run one benchmark that prints its own report, and pass the report on."""
    command = ["-m", f"tests.bench.{name}", *words]
    print(f"\n{name} ({about}): python {' '.join(command)}", flush=True)
    done = subprocess.run(
        [sys.executable, *command],
        check=False,
        stdout=subprocess.PIPE,
        encoding="utf-8",
        cwd=ROOT,
        env=environment(),
    )
    print(done.stdout, end="", flush=True)
    return {"exit": done.returncode, "lines": done.stdout.splitlines()}


def _keep(results: dict[str, object]) -> None:
    folder = ROOT / "bench-results"
    folder.mkdir(exist_ok=True)
    machine = {"python": platform.python_version(), "system": platform.system(), "cores": os.cpu_count()}
    path = folder / time.strftime("%Y-%m-%d-%H%M%S.json")
    path.write_text(
        json.dumps({"machine": machine, **results}, indent=2, ensure_ascii=False), encoding="utf-8"
    )
    print(f"\nKept in {path.relative_to(ROOT)}")


if __name__ == "__main__":
    sys.exit(main())
