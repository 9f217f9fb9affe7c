"""Where something kept once by content lies: under its key, in a folder of the key's first two letters."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from pathlib import Path

from store.errors import CaseError
from store.whole_file import writable

PLACES = ("images", "pictures", "library/pictures", "teaching/images")
"""What is kept: images and drawn pictures of chats, pictures of library cases, images of teaching cases."""
KEPT_AT = "casebook.at"
"""The file in the Casebook folder that says where images and pictures were put."""
_KEY = re.compile("[0-9a-f]{64}")


def kept_at(home: Path) -> str | None:
    """Where images and pictures of a Casebook folder were put, outside of it; None for nowhere.

    Raises:
        SetupError: the Casebook folder cannot be read.
    """
    with writable():
        try:
            return (home / KEPT_AT).read_text("utf-8")
        except FileNotFoundError:
            return None


def name_of(key: str, *, what: str) -> str:
    """What is kept under `key`, named from the folder or the object store of its kind.

    Args:
        key: SHA-256 in hex.
        what: what is kept, named in the error.

    Raises:
        CaseError: `key` is no key; nothing else ever becomes a name or a path.
    """
    if not _KEY.fullmatch(key):
        raise CaseError(f"{key[:20]!r} is not the key of a kept {what}.")
    return f"{key[:2]}/{key}"


def keys_below(root: Path) -> Iterator[str]:
    """The keys of all that is kept below `root`."""
    return (path.stem for path in kept_below(root))


def older_than(root: Path, seconds: float) -> Iterator[str]:
    """The keys of what was put below `root` more than so many seconds ago."""
    until = time.time() - seconds
    return (path.stem for path in kept_below(root) if path.stat().st_mtime < until)


def kept_below(root: Path) -> Iterator[Path]:
    """Where all that is kept below `root` lies."""
    return (path for path in root.glob("[0-9a-f][0-9a-f]/*") if _KEY.fullmatch(path.stem))
