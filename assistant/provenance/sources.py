"""Which Casebook it is: its code by folders, its words by files, and the packages it stands on."""

from __future__ import annotations

import importlib.metadata
import os
import platform
from collections.abc import Iterator
from contextlib import suppress
from functools import cache
from pathlib import Path

from store.hashes import mark

ROOT = Path(__file__).parents[2]
"""Where the packages `assistant`, `tools`, `store` and `prompts` lie."""

_CODE, _WORDS = ("assistant", "store", "tools"), "prompts"
PACKAGES = (
    "casebook",
    "langchain",
    "langchain-core",
    "langgraph",
    "torch",
    "transformers",
    "peft",
    "llama-cpp-python",
    "chromadb",
    "numpy",
    "scipy",
    "pillow",
    "pydicom",
)


@cache
def sources(root: Path = ROOT) -> dict[str, str]:
    """The code and data of every folder, and every file of words, by marks (``store.hashes``).

    Read once in a process, since it also goes on with the code and words that it began with.

    Args:
        root: where the packages lie.
    """
    found = {}
    for name in _CODE:
        for folder, files in _walked(root, name):
            if files:
                found[f"code {folder}"] = mark("\n".join(_lines(root, folder, files)).encode())
    for folder, files in _walked(root, _WORDS):
        marked = zip(files, _lines(root, folder, files), strict=True)
        found |= {f"words {folder}/{name}": mark(line.encode()) for name, line in marked}
    return found


def versions(names: tuple[str, ...] = PACKAGES) -> dict[str, str | None]:
    """The versions of packages, None for one that is not installed."""
    return {f"package {name}": _version(name) for name in names}


@cache
def python() -> str:
    """The version of Python and the kind of machine."""
    return f"{platform.python_version()} on {platform.system()} {platform.machine()}"


def _walked(root: Path, folder: str) -> Iterator[tuple[str, list[str]]]:
    """A folder below the root and all within it, in order, with the names of their files."""
    with os.scandir(root / folder) as entries:
        held = sorted(entries, key=lambda entry: entry.name)
    yield folder, [entry.name for entry in held if entry.is_file()]
    for entry in held:
        if entry.is_dir() and entry.name != "__pycache__":
            yield from _walked(root, f"{folder}/{entry.name}")


def _lines(root: Path, folder: str, files: list[str]) -> Iterator[str]:
    for name in files:
        with open(f"{root}/{folder}/{name}", "rb", buffering=0) as file:  # noqa: PTH123  there are a thousand
            yield f"{name} {mark(file.read())}"


@cache
def _version(name: str) -> str | None:
    with suppress(importlib.metadata.PackageNotFoundError):
        return importlib.metadata.version(name)
    return None
