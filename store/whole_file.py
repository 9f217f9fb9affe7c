"""Small files that are replaced whole or not at all."""

from __future__ import annotations

import errno
import json
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from store.errors import SetupError


def write_whole(path: Path, data: str | bytes) -> None:
    """Replace a small file, whole or not at all, on disk before it counts; only its owner may read it.

    Raises:
        OSError: it could not be written; what was there before is still there.
    """
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}-")
    part = Path(name)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data.encode() if isinstance(data, str) else data)
            file.flush()
            os.fsync(file.fileno())
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)


@contextmanager
def room_here() -> Iterator[None]:
    """What is done here reads from elsewhere into the Casebook folder.

    Raises:
        SetupError: there is no room for it; every other error of the system passes.
    """
    try:
        yield
    except OSError as error:
        if error.errno not in (errno.ENOSPC, errno.EDQUOT):
            raise
        with writable():
            raise


@contextmanager
def writable() -> Iterator[None]:
    """What is done here writes into the Casebook folder.

    Raises:
        SetupError: the system did not let it: no room, no permission, a disk that is read-only or broken.
    """
    try:
        yield
    except TimeoutError:  # somebody else holds a lock, which is no fault of the folder
        raise
    except OSError as error:
        raise SetupError(
            "The Casebook folder cannot be written or its disk is full. Make room, or set CASEBOOK_HOME to "
            "a folder on a larger disk."
        ) from error


def write_json(path: Path, value: Any) -> None:
    """Write `value` to `path` in the Casebook folder, whole or not at all.

    Raises:
        SetupError: the Casebook folder cannot be written.
    """
    with writable():
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        write_whole(path, json.dumps(value, indent=2, ensure_ascii=False) + "\n")
