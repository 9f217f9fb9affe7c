"""A language for tests: English in capitals, with a decimal comma. What stays small is not from data."""

from __future__ import annotations

import json
import re
import shutil
import sys
import tomllib
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import pairwise
from pathlib import Path

import pytest

import tools.language.sayings as module
from prompts import SAYINGS
from tools.language import retold

NAME = "xx"
_FIELD = re.compile(r"\{[^}]*\}|`[^`]*`|\n")


@contextmanager
def loud(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Sayings in English and in capitals, written below `folder`."""
    english = SAYINGS / module.FIRST
    shutil.copytree(english, folder / module.FIRST)
    (folder / NAME).mkdir()
    for path in english.glob("*.toml"):
        texts = tomllib.loads(path.read_text("utf-8"))
        lines = (f"{json.dumps(key)} = {json.dumps(_capitals(text))}" for key, text in texts.items())
        (folder / NAME / path.name).write_text("\n".join(lines), "utf-8")
    (folder / NAME / "language.toml").write_text('decimal = ","\nthousands = "."\nquotes = "“”"\n', "utf-8")
    monkeypatch.setattr(module, "SAYINGS", folder)
    _forget()
    yield
    monkeypatch.undo()
    _forget()


def _forget() -> None:
    """Clear what was worked out from the languages that there are."""
    retold._told.cache_clear()
    for name, loaded in [*sys.modules.items()]:
        if name.startswith(("assistant.", "tools.")) and hasattr(loaded, "languages"):
            for cached in vars(loaded).values():
                if hasattr(cached, "cache_clear"):
                    cached.cache_clear()


def _capitals(text: str) -> str:
    ends = [0, *(edge for found in _FIELD.finditer(text) for edge in found.span()), len(text)]
    pieces = [text[a:b] for a, b in pairwise(ends)]
    return "".join(piece if i % 2 else piece.upper() for i, piece in enumerate(pieces))
