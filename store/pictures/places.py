"""Where something kept once by content lies: under its key, in a folder of the key's first two letters."""

from __future__ import annotations

import re
from pathlib import Path

from store.errors import CaseError

_KEY = re.compile("[0-9a-f]{64}")


def place_of(root: Path, key: str, *, what: str) -> Path:
    """The place of `key` below `root`, whether or not anything is there.

    Args:
        root: the folder.
        key: SHA-256 in hex.
        what: what is kept, named in the error.

    Raises:
        CaseError: `key` is no key; nothing else ever becomes a path.
    """
    if not _KEY.fullmatch(key):
        raise CaseError(f"{key[:20]!r} is not the key of a kept {what}.")
    return root / key[:2] / key
