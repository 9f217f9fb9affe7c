"""Small files that are replaced whole or not at all."""

from __future__ import annotations

import json
import uuid
from pathlib import Path
from typing import Any

from store.errors import SetupError


def write_whole(path: Path, text: str) -> None:
    """Replace a small text file, whole or not at all."""
    part = path.with_name(f".{path.name}-{uuid.uuid4().hex}")
    try:
        part.write_text(text, "utf-8")
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)


def write_json(path: Path, value: Any) -> None:
    """Write `value` to `path` in the Casebook folder, whole or not at all.

    Raises:
        SetupError: the Casebook folder cannot be written.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        write_whole(path, json.dumps(value, indent=2, ensure_ascii=False) + "\n")
    except OSError as error:
        raise SetupError(
            "The Casebook folder cannot be written or its disk is full. Make room, or set CASEBOOK_HOME to "
            "a folder on a larger disk."
        ) from error
