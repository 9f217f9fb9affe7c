"""Casebook's own log: a small file in its folder. Other libraries' messages stay out of it."""

from __future__ import annotations

import logging
import logging.handlers
from pathlib import Path

# Ours: two files of this size hold far more references than anybody looks up.
_BYTES = 1_000_000


def keep_log(home: Path) -> None:
    """Append what goes wrong to ``casebook.log`` in `home`; calling it again changes nothing.

    Args:
        home: the Casebook folder; it exists and is closed to other users.
    """
    log = logging.getLogger("casebook")
    path = str((home / "casebook.log").absolute())
    if any(getattr(handler, "baseFilename", None) == path for handler in log.handlers):
        return
    handler = logging.handlers.RotatingFileHandler(
        path, maxBytes=_BYTES, backupCount=1, encoding="utf-8", delay=True
    )
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(message)s"))
    log.addHandler(handler)
