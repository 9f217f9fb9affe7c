"""Whether other users of the machine are kept out of the Casebook folder."""

from __future__ import annotations

import os
import stat
from pathlib import Path

_OTHERS = stat.S_IRWXG | stat.S_IRWXO
# What shows that a folder is Casebook's own and not one that holds other things too.
_OURS = ("conversations.db", "settings.toml", "library", "images")


def is_closed(folder: Path) -> bool:
    """Whether only the folder's owner can look into it, or the system does not know such a thing."""
    return os.name != "posix" or not folder.stat().st_mode & _OTHERS


def close_to_others(folder: Path) -> None:
    """Leave the folder to its owner alone if it is this user's and Casebook's; else it stays as it is.

    Raises:
        OSError: it cannot be looked at or changed.
    """
    found = folder.stat()
    mine = os.name == "posix" and found.st_uid == os.geteuid() and not found.st_mode & stat.S_ISVTX
    inside = {one.name for one in folder.iterdir()} if mine and not is_closed(folder) else None
    if inside is not None and (not inside or inside & set(_OURS)):
        folder.chmod(stat.S_IMODE(found.st_mode) & ~_OTHERS)
