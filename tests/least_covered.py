"""Print how much of the code the tests ran, and the ten files with the least. Run by `make coverage`."""

from __future__ import annotations

import json
import sys
import tempfile
from pathlib import Path
from typing import Any

import coverage

SHOWN = 10


def main() -> int:
    """Read what the last run measured."""
    measured = coverage.Coverage()
    measured.load()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "coverage.json"
        measured.json_report(outfile=str(path))
        sys.stdout.write(told(json.loads(path.read_text())))
    return 0


def told(report: dict[str, Any]) -> str:
    """The figure of a JSON report of coverage, then the files that are least covered, a line each.

    Lines and branches count alike. Files without either are left out.
    """
    files = {
        name: one["summary"] for name, one in report["files"].items() if one["summary"]["num_statements"]
    }
    least = sorted(files, key=lambda name: (files[name]["percent_covered"], name))[:SHOWN]
    lines = [f"{report['totals']['percent_covered']:.1f} % of lines and branches are run by the tests."]
    for name in least:
        missing = ", ".join(map(str, report["files"][name]["missing_lines"])) or "branches only"
        lines.append(f"{files[name]['percent_covered']:5.1f} %  {name}: {missing}")
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    sys.exit(main())
