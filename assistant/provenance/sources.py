"""Which Casebook it is: its code by folders, its words by files, and the packages it stands on."""

from __future__ import annotations

import importlib.metadata
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
        for folder in (root / name, *_folders(root / name)):
            files = [path for path in sorted(folder.iterdir()) if path.is_file()]
            if files:
                found[f"code {folder.relative_to(root).as_posix()}"] = _mark(files)
    for folder in (root / _WORDS, *_folders(root / _WORDS)):
        for path in sorted(folder.iterdir()):
            if path.is_file():
                found[f"words {path.relative_to(root).as_posix()}"] = _mark([path])
    return found


def versions(names: tuple[str, ...] = PACKAGES) -> dict[str, str | None]:
    """The versions of packages, None for one that is not installed."""
    return {f"package {name}": _version(name) for name in names}


@cache
def python() -> str:
    """The version of Python and the kind of machine."""
    return f"{platform.python_version()} on {platform.system()} {platform.machine()}"


def _folders(root: Path) -> Iterator[Path]:
    return (path for path in sorted(root.rglob("*")) if path.is_dir() and path.name != "__pycache__")


def _mark(files: list[Path]) -> str:
    return mark("\n".join(f"{path.name} {mark(path.read_bytes())}" for path in files).encode())


@cache
def _version(name: str) -> str | None:
    with suppress(importlib.metadata.PackageNotFoundError):
        return importlib.metadata.version(name)
    return None
