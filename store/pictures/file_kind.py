"""What kind of thing a path names, asked before anything is opened: opening a pipe waits for ever."""

from __future__ import annotations

import stat
from pathlib import Path

from store.errors import CaseError

_NO_FILES = (
    (stat.S_ISFIFO, "a pipe"),
    (stat.S_ISCHR, "a device"),
    (stat.S_ISBLK, "a device"),
    (stat.S_ISSOCK, "a socket"),
)


def refuse_no_file(path: Path, typed: str) -> None:
    """Refuse a pipe, a device or a socket; what is not there, or cannot be looked at, is not judged here.

    Args:
        path: what would be opened.
        typed: how the user wrote it.

    Raises:
        CaseError: it is neither a file nor a folder.
    """
    try:
        mode = path.stat().st_mode
    except (OSError, ValueError):
        return
    for is_kind, kind in _NO_FILES:
        if is_kind(mode):
            raise CaseError(f"{typed!r} is {kind}, not a file. Save what it gives into a file and name that.")
