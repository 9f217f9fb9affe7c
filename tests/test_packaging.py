"""What is installed, under which licences, in which versions."""

from __future__ import annotations

import importlib.metadata
import itertools
import re
import sys
import tomllib
from collections.abc import Iterator

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tests.child import ROOT
from tests.lock import WITHOUT_DEPENDENCIES, merged

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
CONSTRAINTS = [
    Requirement(line)
    for line in (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines()
    if line and not line.startswith("#")
]
# Compatible with Apache-2.0. Source: ASF 3rd Party License Policy, categories A and B.
FINE = re.compile(
    r"\b(MIT|BSD|0BSD|Apache|PSF|Python Software Foundation|ISC|MPL|Mozilla|Zlib|CC0|HPND|MIT-CMU)\b"
)
# The GNU family, LGPL included, stays out of the core.
NOT_FINE = re.compile(r"GPL|General Public", re.IGNORECASE)


def core() -> Iterator[importlib.metadata.Distribution]:
    """Casebook's core and everything it pulls in, as installed here."""
    seen: set[tuple[str, str]] = set()
    found = {}
    left = [Requirement("casebook")]
    while left:
        wanted = left.pop()
        name = canonicalize_name(wanted.name)
        for extra in ("", *wanted.extras):
            if (name, extra) in seen:
                continue
            seen.add((name, extra))
            found[name] = importlib.metadata.distribution(name)
            needed = [Requirement(line) for line in found[name].requires or ()]
            left += [one for one in needed if one.marker is None or one.marker.evaluate({"extra": extra})]
    yield from found.values()


def licence(package: importlib.metadata.Distribution) -> str:
    """What a package says of its licence, in a line."""
    said = package.metadata
    classifiers = [text for text in said.get_all("Classifier") or () if text.startswith("License ::")]
    first_line = (said.get("License") or "").strip().split("\n")[0][:80]
    return said.get("License-Expression") or " / ".join(classifiers) or first_line


def test_the_core_is_all_under_licences_that_fit_ours() -> None:
    said = {package.name: licence(package) for package in core()}
    assert len(said) > 50
    assert not {name: text for name, text in said.items() if NOT_FINE.search(text) or not FINE.search(text)}


def test_the_core_needs_no_torch_and_no_gpl_decoder() -> None:
    names = {canonicalize_name(package.name) for package in core()}
    assert not names & {"torch", "transformers", "tensorflow-cpu", "pylibjpeg-libjpeg", "llama-cpp-python"}


def test_every_requirement_has_one_exact_version_on_every_python() -> None:
    wanted = [*PROJECT["dependencies"], *itertools.chain(*PROJECT["optional-dependencies"].values())]
    wanted += WITHOUT_DEPENDENCIES
    for python in ("3.11", "3.12", "3.13"):
        pins: dict[str, list[str]] = {}
        for one in CONSTRAINTS:
            if one.marker is None or one.marker.evaluate({"python_version": python}):
                pins.setdefault(canonicalize_name(one.name), []).append(str(one.specifier))
        for line in wanted:
            requirement = Requirement(line)
            (pin,) = pins[canonicalize_name(requirement.name)]
            assert pin.startswith("==")
            assert requirement.specifier.contains(pin.removeprefix("=="), prereleases=True), line


def test_what_is_installed_alone_is_what_is_locked_so() -> None:
    (line,) = re.findall(r"--no-deps (.*)", (ROOT / "Makefile").read_text(encoding="utf-8"))
    assert line.split() == [Requirement(one).name for one in WITHOUT_DEPENDENCIES]


def test_the_constraints_name_no_place_to_download_from() -> None:
    assert not [one for one in CONSTRAINTS if one.url]
    assert "://" not in (ROOT / "constraints.txt").read_text(encoding="utf-8")


def test_what_is_installed_is_what_is_locked() -> None:
    here = f"{sys.version_info.major}.{sys.version_info.minor}"
    pins = {
        canonicalize_name(one.name): str(one.specifier).removeprefix("==")
        for one in CONSTRAINTS
        if one.marker is None or one.marker.evaluate({"python_version": here})
    }
    wrong = {
        package.name: (package.version, pins.get(canonicalize_name(package.name)))
        for package in core()
        if package.name != "casebook" and pins.get(canonicalize_name(package.name)) != package.version
    }
    assert not wrong


def test_versions_that_differ_between_pythons_get_a_line_each() -> None:
    text = merged({"3.11": {"a": "1", "b": "1"}, "3.12": {"a": "2", "b": "1"}, "3.13": {"a": "2", "c": "3"}})
    assert [line for line in text.splitlines() if not line.startswith("#")] == [
        "a==1 ; python_version == '3.11'",
        "a==2 ; python_version == '3.12' or python_version == '3.13'",
        "b==1",
        "c==3",
    ]


@pytest.mark.parametrize("package", ["assistant", "tools", "store", "prompts"])
def test_files_that_code_reads_are_shipped_with_it(package: str) -> None:
    """A built wheel must hold every file beside the code that is not code."""
    patterns = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["setuptools"][
        "package-data"
    ]["*"]
    kinds = {pattern.removeprefix("*") for pattern in patterns}
    beside = {
        path.suffix
        for path in (ROOT / package).rglob("*")
        if path.is_file() and path.suffix not in {".py", ".pyc"} and "__pycache__" not in path.parts
    }
    assert beside <= kinds
